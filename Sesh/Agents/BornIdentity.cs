using Sesh.Processes;

namespace Sesh.Agents;

/// <summary>
/// The id an agent was started with, in its environment: <c>SESH_AGENT_ID=agent:id</c>. For pi there is no other outside sign of which session it holds. It is inherited by
/// whatever the agent starts, so it counts only for the agent it was set for: the first process of that kind on the way up.
/// </summary>
internal static class BornIdentity
{
    public const string Variable = "SESH_AGENT_ID";

    /// <summary>The same, for an agent that was started for one turn without a terminal, and lives as long as that.</summary>
    public const string OneTurnVariable = "SESH_ONE_TURN";

    public static string Value(string agent, string id) => $"{agent}:{id}";

    /// <summary>Null where there is none, or another process was meant.</summary>
    public static string? Of(string agent, ProcessRow process, IProcesses processes, string variable = Variable)
    {
        if (processes.Variable(process.Pid, variable) is not { } value || !value.StartsWith(agent, StringComparison.Ordinal) || value.AsSpan(agent.Length) is not [':', .. var id])
        {
            return null;
        }

        var parent = process;
        for (var up = 0; up < 8 && parent.ParentPid > 1 && processes.Find(parent.ParentPid) is { } next; up++)
        {
            parent = next;
            if (parent.Name == process.Name && processes.Variable(parent.Pid, variable) == value)
            {
                return null;
            }
        }

        return id.ToString();
    }
}
