using System.Text.Json;
using Sesh.Processes;

namespace Sesh.Agents.Pi;

/// <summary>
/// <c>live/PID.json</c> in pi's folder: what an extension (sesh's, or one like it) publishes for each live pi. pi itself publishes nothing.
/// </summary>
/// <param name="IsOurs">Written by sesh's own extension.</param>
internal sealed record PiStatus(string Path, string SessionId, string Cwd, string Status, long UpdatedAt, long? Tokens, long? Window, bool IsOurs)
{
    private const int Longest = 256 << 10;

    /// <summary>Null without a file, and where it is older than the process: left behind by another one of the same pid.</summary>
    public static PiStatus? Read(string agentFolder, ProcessRow process)
    {
        var path = System.IO.Path.Join(agentFolder, "live", $"{process.Pid}.json");
        var bytes = SmallFile.Read(path, Longest);
        if (bytes.Length == 0)
        {
            return null; // no extension
        }

        try
        {
            using var json = JsonDocument.Parse(bytes);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Number(root, "pid") != process.Pid)
            {
                return null;
            }

            var updated = Number(root, "updatedAt") ?? 0;
            var usage = root.TryGetProperty("contextUsage", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
            return updated + 2000 < ProcessTimes.StartedAt(process)
                ? null
                : new PiStatus(path, Text(root, "sessionId"), Text(root, "cwd"), Text(root, "status"), updated, Number(usage, "tokens"), Number(usage, "contextWindow"), Text(root, "reporter") == "sesh");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // A file of another format: this evidence is missing.
            return null;
        }
    }

    private static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long? Number(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
