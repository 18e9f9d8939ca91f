using Sesh.Output;
using Sesh.Sessions.Doctor;

namespace Sesh.Commands;

internal static class DoctorView
{
    public static void Print(Printer output, IReadOnlyList<Finding> findings, IReadOnlyList<PeerFindings> away)
    {
        if (output.Json)
        {
            output.WriteJson(json => PartialJson.Write(json, [.. away.Select(p => new Unreachable(p.Peer.Name.Text, p.Unreachable!.Code, p.Unreachable.Message, p.Unreachable.Hint))], () =>
            {
                json.StartArray();
                foreach (var finding in findings)
                {
                    json.StartObject();
                    json.Property("health"u8, Word(finding.Health));
                    json.Property("subject"u8, finding.Subject);
                    json.Property("message"u8, finding.Message);
                    json.Property("remedy"u8, finding.Remedy);
                    json.Property("repair"u8, finding.Repair?.What);
                    json.EndObject();
                }

                json.EndArray();
            }));
            return;
        }

        var width = findings.Count == 0 ? 0 : findings.Max(f => f.Subject.Length);
        foreach (var finding in findings)
        {
            output.Line(
                new Cell(Word(finding.Health).PadRight(6), Colour(finding.Health)),
                new Cell(finding.Subject.PadRight(width + 2), Style.Bold),
                finding.Message,
                new Cell(finding.Remedy is { } remedy ? $"; {remedy}" : "", Style.Dim));
        }
    }

    private static string Word(Health health) => health switch
    {
        Health.Ok => "ok",
        Health.Warn => "warn",
        _ => "fail",
    };

    private static Style Colour(Health health) => health switch
    {
        Health.Ok => Style.Green,
        Health.Warn => Style.Yellow,
        _ => Style.Red,
    };
}
