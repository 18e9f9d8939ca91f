using System.Globalization;
using Sesh.Processes;
using Sesh.Sessions.Driving;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>
/// Sessions whose turn a runner of ours is at, in one process table. From a runner's first moment on its session is at work, while its agent is not up yet or has written nothing
/// that says so; the turn's file says when it is over, and the runner lives on for a moment.
/// </summary>
internal sealed class RunnersAtWork
{
    private readonly Dictionary<SessionId, int> _pids = [];

    private RunnersAtWork()
    {
    }

    /// <param name="home">Null: there are none.</param>
    public static RunnersAtWork In(IProcesses processes, string? home)
    {
        var found = new RunnersAtWork();
        if (home is null)
            return found;
        var own = processes.Find(Environment.ProcessId)?.Name;
        foreach (var process in processes.All)
        {
            if ((process.Name != own && !process.Name.StartsWith("sesh", StringComparison.Ordinal)) || SessionOf(processes.Arguments(process.Pid)) is not { } session)
                continue;
            if (TurnFile.Read(TurnFile.PathOf(home, session)) is { } file && file.Pid == process.Pid && file.IsRunning(processes))
                found._pids[session] = process.Pid;
        }

        return found;
    }

    public bool Any => _pids.Count > 0;

    /// <summary>Null where no runner is at its turn.</summary>
    public Evidence? Of(SessionId session, long now) => _pids.TryGetValue(session, out var pid)
        ? new Evidence("turnStatus", "busy", "process", string.Create(CultureInfo.InvariantCulture, $"pid {pid} of sesh runs a turn of it without a terminal"), now)
        : null;

    private static SessionId? SessionOf(IReadOnlyList<string> arguments)
    {
        for (var i = 1; i + 1 < arguments.Count; i++)
        {
            if (arguments[i] == TurnOrder.Verb)
                return SessionId.TryParse(arguments[i + 1], out var session) ? session : null;
        }

        return null;
    }
}
