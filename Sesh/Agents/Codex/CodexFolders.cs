using System.Globalization;

namespace Sesh.Agents.Codex;

/// <summary>Where Codex keeps things, by its own rules.</summary>
internal static class CodexFolders
{
    private const string Prefix = "rollout-";
    private const int StampLength = 19;

    public static string Home(AgentEnvironment environment) => environment.Folder("CODEX_HOME", ".codex");

    public static string Sessions(string home) => Path.Join(home, "sessions");

    /// <summary>Sessions that the user archived in Codex, flat; still resumable by id.</summary>
    public static string Archived(string home) => Path.Join(home, "archived_sessions");

    public static string Index(string home) => Path.Join(home, "session_index.jsonl");

    public static string DaemonPid(string home) => Path.Join(home, "app-server-daemon", "daemon.pid");

    /// <summary>The thread id in <c>rollout-YYYY-MM-DDTHH-MM-SS-ID.jsonl</c>, or in the same with <c>.zst</c>: Codex compresses what has long lain still. Null for other files.</summary>
    public static string? IdOfRollout(ReadOnlySpan<char> fileName)
    {
        var name = fileName.EndsWith(".zst", StringComparison.Ordinal) ? fileName[..^4] : fileName;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".jsonl", StringComparison.Ordinal) && name.Length == Prefix.Length + StampLength + 1 + 36 + 6
            && Guid.TryParseExact(name[^42..^6], "D", out _)
                ? name[^42..^6].ToString()
                : null;
    }

    /// <summary>The thread id in <c>…/thread-writer-locks/ID.lock</c>; null for other files.</summary>
    public static string? IdOfLock(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        return name.Length == 36 + 5 && name.EndsWith(".lock", StringComparison.Ordinal) && Guid.TryParseExact(name[..36], "D", out _)
            && Path.GetFileName(Path.GetDirectoryName(path.AsSpan())).SequenceEqual("thread-writer-locks")
                ? name[..36].ToString()
                : null;
    }

    /// <summary>When a thread was begun, in milliseconds since 1970 UTC, from its UUIDv7; 0 for another kind of UUID.</summary>
    public static long BornAt(string id) =>
        id.Length == 36 && id[14] == '7' && long.TryParse(string.Concat(id.AsSpan(0, 8), id.AsSpan(9, 4)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at) ? at : 0;

    /// <summary>The folders a thread's rollout can lie in, by the day it began in local time, whatever zone that was: three days.</summary>
    public static IEnumerable<string> DaysOf(string sessions, string id)
    {
        if (BornAt(id) is not (> 0 and < 253402300799999 and var at))
        {
            yield break;
        }

        var day = DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime.Date;
        foreach (var offset in (int[])[0, -1, 1])
        {
            if (day.Year is > 1970 and < 9999)
            {
                yield return Path.Join(sessions, day.AddDays(offset).ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture));
            }
        }
    }
}
