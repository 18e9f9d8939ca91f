using Sesh.Processes;

namespace Sesh.Agents.Reports;

/// <summary>Takes what a hook was told, finds the agent that runs the hook, and notes it.</summary>
internal sealed class Reporting(ReportFolder folder, AgentEnvironment environment, IProcesses processes)
{
    /// <summary>Between an agent and its hook stand a shell or two, and wrappers of the user's.</summary>
    private const int Levels = 8;

    /// <param name="from">The process that asked for this one.</param>
    public void Note(string agent, ReadOnlySpan<byte> json, int from)
    {
        var told = HookEvent.Parse(json);
        var now = environment.Now;
        var rules = KnownAgents.In(environment).FirstOrDefault(a => a.Name == agent);
        if (rules is null || told.Name.Length == 0 || !Report.IsId(told.SessionId))
            return;
        var live = Find(rules, from);
        if (agent == "codex")
            folder.Tell(agent, told.SessionId, last => HookRules.Codex(last, told, live?.Pid ?? 0, live?.Start ?? 0, now));
        else if (agent == "claude" && live is { Background: false })
            folder.Tell(agent, live.Pid, last => HookRules.Claude(last?.Start == live.Start ? last : null, told, live.Pid, live.Start, now));
    }

    private LiveAgent? Find(IAgent agent, int from)
    {
        var pid = from;
        for (var level = 0; level < Levels && pid > 1 && processes.Find(pid) is { } process; level++)
        {
            if (agent.Identify(process, processes) is { } live)
                return live;
            pid = process.ParentPid;
        }

        return null;
    }
}
