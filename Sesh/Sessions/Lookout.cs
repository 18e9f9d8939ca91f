using Sesh.Agents;
using Sesh.Agents.Reports;
using Sesh.Processes;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>What is alive on this machine: one list-panes a server, one process table, and the agents' own announcements.</summary>
/// <param name="reports">What agents' hooks told; null: nothing is asked of it.</param>
internal sealed class Lookout(IReadOnlyList<IAgent> agents, TmuxSurroundings surroundings, Func<IProcesses> openProcesses, Reports? reports = null)
{
    /// <summary>A wrapper, a shim and a shell may stand between a pane and its agent.</summary>
    private const int Depth = 4;

    /// <summary>Of a process; a table read while processes come and go may have a ring in it.</summary>
    private const int MostAncestors = 64;

    private PaneListing? _listing;
    private IReadOnlyList<string> _unreachable = [];

    public IProcesses Processes() => openProcesses();

    /// <summary>Asks tmux ahead of <see cref="Look"/>, for whoever has something to do meanwhile.</summary>
    public void Begin()
    {
        if (_listing is not null)
            return;
        var sockets = TmuxSockets.Alive(surroundings);
        _unreachable = surroundings.Program is null ? sockets : [];
        _listing = PaneListing.Begin(surroundings.Program is { } program ? [.. sockets.Select(s => new TmuxServer(program, s))] : []);
    }

    public Scene Look()
    {
        Begin();
        var listing = _listing!;
        _listing = null;
        var processes = openProcesses();
        reports?.Renew();
        reports?.CleanUp(processes);
        var identities = new Identities(agents, processes, reports);
        identities.AskAll();
        var panes = listing.End();

        var sightings = new List<Sighting>();
        var claimed = new HashSet<int>();
        foreach (var pane in panes)
        {
            if (!pane.Dead && InPane(pane, processes, identities) is { } sighting)
            {
                sightings.Add(sighting);
                claimed.Add(sighting.Agent.Pid);
            }
        }

        AddAnnounced(sightings, claimed, processes);
        AddRest(sightings, claimed, processes, identities);
        return _unreachable.Count == 0
            ? new Scene(panes, sightings, processes, listing.Blind, listing.Notices)
            : new Scene(panes, sightings, processes, _unreachable, [new Notice("tmux-missing", "tmux servers run, but tmux is not on PATH: panes are not looked at", "install tmux, or mend PATH")]);
    }

    /// <summary>The agent in one pane; null where none is.</summary>
    public Sighting? InPane(TmuxPane pane, IProcesses processes)
    {
        reports?.Renew();
        return InPane(pane, processes, new Identities(agents, processes, reports));
    }

    private static Sighting? InPane(TmuxPane pane, IProcesses processes, Identities identities)
    {
        if (processes.Find(pane.Pid) is not { } first)
            return null;
        var queue = new Queue<(ProcessRow Process, int[] Line)>();
        queue.Enqueue((first, [first.Pid]));
        while (queue.TryDequeue(out var next))
        {
            if (identities.Of(next.Process) is { } agent)
                return new Sighting(agent, pane, next.Line);
            if (next.Line.Length > Depth)
                continue;
            foreach (var child in processes.Children(next.Process.Pid))
                queue.Enqueue((child, [.. next.Line, child.Pid]));
        }

        return null;
    }

    /// <summary>What agents say of themselves, beyond the panes, whose processes need not be looked at a second time. One process may hold a second session beside the one its pane shows (codex, after /new).</summary>
    private void AddAnnounced(List<Sighting> sightings, HashSet<int> claimed, IProcesses processes)
    {
        var others = new RestOfProcesses(processes, [.. claimed]);
        foreach (var agent in agents)
        {
            foreach (var announced in agent.Announced(others))
            {
                var live = reports?.On(announced) ?? announced;
                if (!processes.IsOwn(live.Pid) || sightings.Exists(s => s.Agent.Pid == live.Pid && s.Agent.AgentId == live.AgentId && s.Agent.Agent == live.Agent))
                    continue;
                sightings.Add(new Sighting(live, null, [live.Pid]));
                claimed.Add(live.Pid);
            }
        }
    }

    /// <summary>
    /// Agents in plain terminals and IDEs. One that another agent runs inside its own process tree is its tool, found here all the same where it holds a session; where it
    /// shows none it is a part of the agent that does, and no reason to doubt of any other session.
    /// </summary>
    private void AddRest(List<Sighting> sightings, HashSet<int> claimed, IProcesses processes, Identities identities)
    {
        foreach (var process in processes.All)
        {
            // One without a command line is about to be gone: it shows neither home nor folder any more, and holds nothing.
            if (!claimed.Contains(process.Pid) && identities.Of(process) is { } live && processes.IsOwn(live.Pid) && processes.Arguments(live.Pid).Count > 0
                && agents.First(agent => agent.Name == live.Agent).IsOfThisHome(live.Pid, processes)
                && !(live.AgentId.Length == 0 && IsPartOfHolder(process, live.Agent, processes, identities)) && claimed.Add(live.Pid))
            {
                sightings.Add(new Sighting(live, null, [live.Pid]));
            }
        }
    }

    /// <summary>An agent of the same kind stands above it and shows which session it holds.</summary>
    private static bool IsPartOfHolder(ProcessRow process, string agent, IProcesses processes, Identities identities)
    {
        var up = process;
        for (var steps = 0; steps < MostAncestors && up.ParentPid > 1 && processes.Find(up.ParentPid) is { } parent; steps++)
        {
            if (identities.Of(parent) is { AgentId.Length: > 0 } above && above.Agent == agent)
                return true;
            up = parent;
        }

        return false;
    }
}

/// <summary>One look's raw findings.</summary>
/// <param name="Blind">Sockets of servers that could not be asked.</param>
internal sealed record Scene(
    IReadOnlyList<TmuxPane> Panes,
    IReadOnlyList<Sighting> Sightings,
    IProcesses Processes,
    IReadOnlyList<string> Blind,
    IReadOnlyList<Notice> Notices);
