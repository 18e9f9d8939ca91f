using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary><c>pane</c>: which recorded session a pane belongs to, from what is written down. For status lines: no walk, and quiet.</summary>
internal sealed class PaneOwner(LiveStore live, TmuxSurroundings surroundings, Func<IProcesses> openProcesses)
{
    /// <summary>
    /// Null where the pane is nobody's. First the live files, as long as the process they name still lives; else the pane's stamp, which counts while the process
    /// it was set for lives.
    /// </summary>
    /// <param name="find">Reads one record.</param>
    public SessionRecord? Of(string pane, string socket, Func<SessionId, SessionRecord?> find)
    {
        var processes = openProcesses();
        foreach (var row in live.InPane(socket, pane))
        {
            if (row.Pid > 0 && processes.Find(row.Pid)?.Start == row.PidStart && find(row.Uuid) is { } record && Stands(record))
                return record;
        }

        return surroundings.Program is { } program && TmuxSockets.Answers(socket)
            && new TmuxServer(program, socket).Pane(pane) is { Dead: false } now
            && SessionId.TryParse(now.Stamp, out var stamped)
            && Lives(now.StampedProcess, processes)
            && find(stamped) is { } owner && Stands(owner)
            ? owner
            : null;
    }

    /// <summary>Its recording was not undone meanwhile, and nobody has deleted it.</summary>
    private static bool Stands(SessionRecord record) => !record.Deleted && !KnownSessions.IsVoid(record);

    private static bool Lives(string stamp, IProcesses processes)
    {
        var gap = stamp.IndexOf(' ', StringComparison.Ordinal);
        // Without a process the stamp is that of a launch going on.
        return gap < 0
            ? stamp.Length == 0
            : int.TryParse(stamp.AsSpan(0, gap), out var pid) && long.TryParse(stamp.AsSpan(gap + 1), out var start) && processes.Find(pid)?.Start == start;
    }
}

/// <summary>Which pane is meant: the one named, else the caller's own.</summary>
internal static class PaneChoice
{
    /// <param name="pane"><c>%N</c> or null.</param>
    /// <param name="socket">A path, a name, or null.</param>
    /// <returns>Null where neither a pane is named nor the caller runs in one.</returns>
    public static (string Pane, string Socket)? Of(string? pane, string? socket, TmuxSurroundings surroundings)
    {
        if (pane is not null && !IsPaneId(pane))
            throw new SeshException("bad-pane", $"not a tmux pane: {pane}", "give its id, such as %3", exitCode: 2);
        if (socket is { Length: 0 })
            throw new SeshException("bad-socket", "the socket path is empty", "give the path of tmux's socket, or leave it out", exitCode: 2);
        var path = socket is null ? surroundings.OwnSocket : surroundings.SocketPath(socket);
        // Another server's pane of the same number would be somebody else's.
        var chosen = pane ?? (path == surroundings.OwnSocket ? surroundings.Pane : null);
        return string.IsNullOrEmpty(chosen) ? null : (chosen, path ?? surroundings.DefaultSocket);
    }

    private static bool IsPaneId(string text) => text is ['%', _, ..] && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
