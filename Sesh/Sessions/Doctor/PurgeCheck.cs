using System.Globalization;
using System.Text.Json;
using Sesh.Agents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Doctor;

/// <summary>Transcripts that Claude will delete within days: it keeps them for <c>cleanupPeriodDays</c> (settings.json; 30 unless set).</summary>
internal static class PurgeCheck
{
    private const double Default = 30;
    private const double Warned = 5;

    /// <param name="settings">Claude's settings.json.</param>
    public static IEnumerable<Finding> Look(IAgent claude, string settings, Snapshot snapshot, string machine, DateTimeOffset now)
    {
        var days = Period(settings, out var strange);
        if (strange is not null)
            yield return Finding.Warn("transcripts", strange);
        var known = KnownSessions.Of(snapshot);
        var oldest = now.AddDays(-(days - Warned)).ToUnixTimeMilliseconds();
        var going = claude.Transcripts()
            .Where(t => t.ModifiedAt < oldest && known.Find(machine, claude.Name, t.AgentId) is [{ Deleted: false, Kept: false }, ..])
            .OrderBy(t => t.ModifiedAt)
            .ToList();
        if (going.Count == 0)
        {
            yield return Finding.Ok("transcripts", string.Create(CultureInfo.InvariantCulture, $"Claude deletes them after {days:0.#} days; none is due within {Warned} days"));
            yield break;
        }

        var left = days - (now - DateTimeOffset.FromUnixTimeMilliseconds(going[0].ModifiedAt)).TotalDays;
        yield return Finding.Warn("transcripts", string.Create(CultureInfo.InvariantCulture,
            $"Claude deletes {going.Count} of them within {Warned} days ({(left <= 0 ? "at its next start" : $"the first in {left:0.#} days")}): {string.Join(", ", going.Take(3).Select(t => t.AgentId[..Math.Min(8, t.AgentId.Length)]))}{(going.Count > 3 ? ", …" : "")}"),
            $"raise cleanupPeriodDays in {settings}, or resume what you want to keep");
    }

    private static double Period(string settings, out string? strange)
    {
        strange = null;
        try
        {
            if (!File.Exists(settings))
                return Default;
            using var document = JsonDocument.Parse(File.ReadAllBytes(settings), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("cleanupPeriodDays", out var value))
            {
                if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var days) && days is >= 0 and < 1e6)
                    return days;
                strange = $"cleanupPeriodDays in {settings} is no number of days";
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            strange = $"{settings} cannot be read: {e.Message.ReplaceLineEndings(" ")}";
        }

        return Default;
    }
}
