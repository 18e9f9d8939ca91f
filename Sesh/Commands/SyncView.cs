using System.Globalization;
using Sesh.Output;
using Sesh.Sync.Daemon;

namespace Sesh.Commands;

/// <summary>What exchanges did, for people, for awk and as JSON.</summary>
internal static class SyncView
{
    public static IReadOnlyList<string> Fields => ["peer", "sent", "received", "bytes", "bytesSent", "bytesReceived", "ms"];

    public static void Write(Printer output, IReadOnlyList<SyncOutcome> outcomes)
    {
        var done = outcomes.Where(o => o.Failure is null).ToList();
        if (output.Json)
            output.WriteJson(json => PartialJson.Write(json, [.. outcomes.Where(o => o.Failure is not null).Select(o => new Unreachable(o.Peer.Text, o.Failure!.Code, o.Failure.Message, o.Failure.Hint))], () => Json(json, done)));
        else if (output.IsTerminal)
            WriteTable(output, done);
        else
            WriteRows(output, done);
        output.Flush();
        foreach (var outcome in outcomes)
        {
            if (outcome.Failure is { } failure)
                output.Warning($"{outcome.Peer}: {failure.Message}", failure.Hint);
            foreach (var reason in outcome.Refused)
                output.Warning($"{outcome.Peer}: refused: {reason}");
        }
    }

    private static void WriteTable(Printer output, List<SyncOutcome> outcomes)
    {
        var table = new Table(
            new("PEER", 12), new("SENT", AlignRight: true), new("RECEIVED", AlignRight: true), new("BYTES", AlignRight: true), new("MS", AlignRight: true));
        foreach (var o in outcomes)
            table.Add(new(o.Peer.Text, Style.Cyan), Text(o.Sent), Text(o.Received), Text(o.BytesSent + o.BytesReceived), Text(o.Milliseconds));
        output.Table(table);
    }

    private static void WriteRows(Printer output, List<SyncOutcome> outcomes)
    {
        foreach (var o in outcomes)
            output.Tsv(o.Peer.Text, Text(o.Sent), Text(o.Received), Text(o.BytesSent + o.BytesReceived), Text(o.Milliseconds));
    }

    private static void Json(JsonWriter json, List<SyncOutcome> outcomes)
    {
        json.StartArray();
        foreach (var o in outcomes)
        {
            json.StartObject();
            json.Property("peer"u8, o.Peer.Text);
            json.Property("sent"u8, o.Sent);
            json.Property("received"u8, o.Received);
            json.Property("bytes"u8, o.BytesSent + o.BytesReceived);
            json.Property("bytesSent"u8, o.BytesSent);
            json.Property("bytesReceived"u8, o.BytesReceived);
            json.Property("ms"u8, o.Milliseconds);
            json.EndObject();
        }

        json.EndArray();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
