using System.Text.Json;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Daemon;

/// <summary>What a daemon says of itself.</summary>
/// <param name="StartedAt">In milliseconds since 1970 UTC.</param>
/// <param name="UptimeMs">By the clock that does not jump; while the machine slept it stood still.</param>
/// <param name="Sessions">Sessions known to this home that are not deleted.</param>
/// <param name="SchemaVersion">Of the documents that it writes.</param>
/// <param name="Protocol">The newest that it speaks.</param>
/// <param name="Version">Of its program.</param>
public sealed record DaemonStatus(
    MachineName Machine, int Process, long StartedAt, long UptimeMs, int Sessions, int SchemaVersion, int Protocol, string Version, IReadOnlyList<LinkStatus> Peers)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("machine", Machine.Text);
        json.WriteNumber("process", Process);
        json.WriteNumber("startedAt", StartedAt);
        json.WriteNumber("uptimeMs", UptimeMs);
        json.WriteNumber("sessions", Sessions);
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteNumber("protocol", Protocol);
        json.WriteString("version", Version);
        json.WriteStartArray("peers");
        foreach (var peer in Peers)
            peer.Write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static DaemonStatus Read(JsonElement json) => new(
        MachineName.Parse(json.GetProperty("machine").GetString()!),
        json.GetProperty("process").GetInt32(),
        json.GetProperty("startedAt").GetInt64(),
        json.GetProperty("uptimeMs").GetInt64(),
        json.GetProperty("sessions").GetInt32(),
        json.GetProperty("schemaVersion").GetInt32(),
        json.GetProperty("protocol").GetInt32(),
        json.GetProperty("version").GetString()!,
        [.. json.GetProperty("peers").EnumerateArray().Select(LinkStatus.Read)]);
}
