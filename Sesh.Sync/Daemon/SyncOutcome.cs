using System.Text.Json;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Daemon;

/// <summary>What became of one exchange with one peer.</summary>
/// <param name="Sent">Parcels it took.</param>
/// <param name="Received">Parcels taken from it.</param>
/// <param name="BytesSent">All bytes of the link while it lasted.</param>
/// <param name="Milliseconds">Connecting included.</param>
/// <param name="Refused">Why parcels were refused, on either side.</param>
/// <param name="Failure">Null where it succeeded.</param>
public sealed record SyncOutcome(
    MachineName Peer, int Sent, int Received, long BytesSent, long BytesReceived, long Milliseconds, IReadOnlyList<string> Refused, SyncFailure? Failure)
{
    public static SyncOutcome Failed(MachineName peer, SeshException why, TimeSpan took) =>
        new(peer, 0, 0, 0, 0, (long)took.TotalMilliseconds, [], new SyncFailure(why.Code, why.Message, why.Hint));

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("peer", Peer.Text);
        json.WriteNumber("sent", Sent);
        json.WriteNumber("received", Received);
        json.WriteNumber("bytesSent", BytesSent);
        json.WriteNumber("bytesReceived", BytesReceived);
        json.WriteNumber("ms", Milliseconds);
        json.WriteStartArray("refused");
        foreach (var reason in Refused)
            json.WriteStringValue(reason);
        json.WriteEndArray();
        if (Failure is { } failure)
        {
            json.WriteStartObject("failure");
            json.WriteString("code", failure.Code);
            json.WriteString("message", failure.Message);
            json.WriteString("hint", failure.Hint);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>What <see cref="Write"/> wrote, in a daemon of this version.</summary>
    internal static SyncOutcome Read(JsonElement json) => new(
        MachineName.Parse(json.GetProperty("peer").GetString()!),
        json.GetProperty("sent").GetInt32(),
        json.GetProperty("received").GetInt32(),
        json.GetProperty("bytesSent").GetInt64(),
        json.GetProperty("bytesReceived").GetInt64(),
        json.GetProperty("ms").GetInt64(),
        [.. json.GetProperty("refused").EnumerateArray().Select(r => r.GetString()!)],
        json.TryGetProperty("failure", out var failure)
            ? new SyncFailure(failure.GetProperty("code").GetString()!, failure.GetProperty("message").GetString()!, failure.GetProperty("hint").GetString())
            : null);
}

/// <summary>As a <see cref="SeshException"/> has it.</summary>
public sealed record SyncFailure(string Code, string Message, string? Hint);
