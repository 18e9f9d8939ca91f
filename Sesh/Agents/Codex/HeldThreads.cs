using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Agents.Codex;

/// <summary>A thread that a process holds.</summary>
/// <param name="Rollout">Empty before the first message.</param>
/// <param name="Lock">Empty where only the rollout is open (versions without locks).</param>
internal sealed record HeldThread(string Id, string Rollout, string Lock)
{
    /// <summary>When it was begun or last written, in milliseconds since 1970 UTC.</summary>
    public long LastSign { get; } = Math.Max(
        CodexFolders.BornAt(Id),
        Rollout.Length > 0 && File.Exists(Rollout) ? new DateTimeOffset(File.GetLastWriteTimeUtc(Rollout)).ToUnixTimeMilliseconds() : 0);

    public Evidence Evidence() => Lock.Length > 0
        ? new Evidence("agentSessionId", Id, "lock", Lock, LastSign)
        : new Evidence("agentSessionId", Id, "open file", Rollout, LastSign);

    /// <summary>A sub-agent's thread, which the same process holds beside the user's: told by the rollout's first line.</summary>
    public bool IsWorker()
    {
        if (Rollout.Length == 0)
        {
            return false;
        }

        try
        {
            using var stream = TranscriptStream.Open(Rollout);
            var parser = new CodexParser();
            if (new TranscriptLines(stream).Next(out var line, out _))
            {
                parser.Feed(line, whole: true);
            }

            return parser.Facts().Hidden;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What cannot be read is taken for the user's own.
            return false;
        }
    }
}

/// <summary>The threads one process holds, by the files it has open.</summary>
internal static class HeldThreads
{
    public static IReadOnlyList<HeldThread> Of(int pid, IProcesses processes)
    {
        var locks = new Dictionary<string, string>(StringComparer.Ordinal);
        var rollouts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in processes.OpenFiles(pid))
        {
            if (CodexFolders.IdOfLock(path) is { } locked)
            {
                // Open is not locked: another process may hold it, and this one only look. Where nobody can tell, open counts.
                if (processes.LockHolder(path) is not { } holder || holder == pid)
                {
                    locks[locked] = path;
                }
            }
            else if (CodexFolders.IdOfRollout(Path.GetFileName(path.AsSpan())) is { } written)
            {
                rollouts[written] = path;
            }
        }

        // With locks, a rollout that is open without one is only being read (a second terminal's read-only view).
        var ids = locks.Count > 0 ? locks.Keys : (IEnumerable<string>)rollouts.Keys;
        return [.. ids.Select(id => new HeldThread(id, rollouts.GetValueOrDefault(id, ""), locks.GetValueOrDefault(id, "")))];
    }
}
