using Sesh.Agents;
using Sesh.Agents.Reports;
using Sesh.Processes;

namespace Sesh.Sessions;

/// <summary>Which processes are agents, each asked once a look.</summary>
internal sealed class Identities(IReadOnlyList<IAgent> agents, IProcesses processes, Reports? reports)
{
    private readonly Dictionary<int, LiveAgent?> _known = [];

    public LiveAgent? Of(ProcessRow process)
    {
        if (_known.TryGetValue(process.Pid, out var known))
            return known;
        LiveAgent? live = null;
        for (var i = 0; live is null && i < agents.Count; i++)
            live = agents[i].Identify(process, processes);
        return _known[process.Pid] = live is null || reports is null ? live : reports.On(live);
    }

    /// <summary>Asks all of them, while tmux makes up its answer.</summary>
    public void AskAll()
    {
        foreach (var process in processes.All)
            Of(process);
    }
}
