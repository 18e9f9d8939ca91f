using System.Globalization;
using Sesh.Output;
using Sesh.Sessions;

namespace Sesh.Commands;

internal static class AdoptView
{
    /// <summary>What was adopted is the result; what was left, and why, are notes.</summary>
    public static void Print(Printer output, AdoptReport report, bool dryRun, TimeProvider time)
    {
        if (output.Json)
        {
            Json(output, report, dryRun);
        }
        else
        {
            var table = new Table(new TableColumn("UUID"), new TableColumn("AGENT"), new TableColumn("NAME", 20), new TableColumn("CWD", 16), new TableColumn("CREATED"));
            foreach (var row in report.Rows.Where(r => r.Outcome == Adoption.Adopted))
                table.Add(row.Uuid!.Value.ToString(), row.Agent, row.Name, row.Cwd, row.CreatedAt > 0 ? OperationsView.When(output, row.CreatedAt, time) : "");
            output.Table(table);
        }

        foreach (var row in report.Rows)
        {
            if (row.Outcome == Adoption.Unresolvable)
                output.Note($"{row.Agent} ({row.Detail}) is live in {(row.Cwd.Length > 0 ? row.Cwd : "an unknown folder")} and nothing tells its session: give it a turn, then adopt again");
            else if (row.Outcome == Adoption.Unreadable)
                output.Warning($"{row.Path} cannot be read: {row.Detail}");
            else if (row is { Outcome: Adoption.Adopted, Detail.Length: > 0 })
                output.Warning($"{row.Uuid} is private from now on: {row.Detail}");
        }

        output.Note(Summary(report, dryRun));
    }

    private static string Summary(AdoptReport report, bool dryRun)
    {
        var parts = new List<string> { Count(report, Adoption.Adopted, dryRun ? "to adopt" : "adopted") };
        foreach (var (outcome, word) in (ReadOnlySpan<(Adoption, string)>)
            [
                (Adoption.Known, "known"), (Adoption.Deleted, "deleted earlier"), (Adoption.OwnedElsewhere, "owned by other machines"), (Adoption.Worker, "of workers"),
                (Adoption.Empty, "empty"), (Adoption.Unreadable, "unreadable"), (Adoption.Unresolvable, "live and unresolvable"),
            ])
        {
            if (report.Count(outcome) > 0)
                parts.Add(Count(report, outcome, word));
        }

        return string.Join(", ", parts);
    }

    private static string Count(AdoptReport report, Adoption outcome, string word) => string.Create(CultureInfo.InvariantCulture, $"{report.Count(outcome)} {word}");

    private static void Json(Printer output, AdoptReport report, bool dryRun) => output.WriteJson(json =>
    {
        json.StartObject();
        json.Property("dryRun"u8, dryRun);
        json.Name("operations"u8);
        json.StartArray();
        foreach (var operation in report.Operations)
            json.Value(operation.ToString());
        json.EndArray();
        json.Name("sessions"u8);
        json.StartArray();
        foreach (var row in report.Rows)
        {
            json.StartObject();
            json.Property("outcome"u8, Word(row.Outcome));
            json.Property("uuid"u8, row.Uuid?.ToString());
            json.Property("agent"u8, row.Agent);
            json.Property("agentSessionId"u8, row.AgentId);
            json.Property("name"u8, row.Name);
            json.Property("cwd"u8, row.Cwd);
            json.Property("filePath"u8, row.Path);
            json.TimeProperty("createdAt"u8, row.CreatedAt);
            json.Property("live"u8, row.Live);
            json.Property("detail"u8, row.Detail);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    });

    private static string Word(Adoption outcome) => outcome switch
    {
        Adoption.Adopted => "adopted",
        Adoption.Known => "known",
        Adoption.Deleted => "deleted",
        Adoption.OwnedElsewhere => "owned-elsewhere",
        Adoption.Worker => "worker",
        Adoption.Empty => "empty",
        Adoption.Unreadable => "unreadable",
        _ => "unresolvable",
    };
}
