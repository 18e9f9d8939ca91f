using Sesh.Agents;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>An agent seen alive.</summary>
/// <param name="Pane">Where; null without a pane.</param>
/// <param name="Line">The pids from the pane's own process down to the agent's, both included; the agent's alone without a pane.</param>
internal sealed record Sighting(LiveAgent Agent, TmuxPane? Pane, IReadOnlyList<int> Line)
{
    /// <summary>Sources that name the id a process was started with, or only hint; all others name the one it holds now.</summary>
    private static readonly string[] s_weak = ["argv", "stamp", "title", "screen"];

    /// <summary>Something better than its arguments says which session it holds.</summary>
    public bool IdIsPositive
    {
        get
        {
            if (Agent.AgentId.Length == 0)
                return false;
            foreach (var evidence in Agent.Evidence)
            {
                if (evidence.Fact == "agentSessionId" && evidence.Value == Agent.AgentId && Array.IndexOf(s_weak, evidence.Source) < 0)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Of two sightings of one session: in a pane before without, by good evidence before argv, the younger process before the older.</summary>
    public static int CompareByWorth(Sighting a, Sighting b)
    {
        var order = (a.Pane is not null).CompareTo(b.Pane is not null);
        if (order == 0)
            order = a.IdIsPositive.CompareTo(b.IdIsPositive);
        if (order == 0)
            order = a.Agent.Start.CompareTo(b.Agent.Start);
        return order == 0 ? a.Agent.Pid.CompareTo(b.Agent.Pid) : order;
    }

    /// <summary>For messages: <c>pane %3 of /tmp/tmux-0/default (pid 12)</c>.</summary>
    public string Where => Pane is null ? $"pid {Agent.Pid}, without a pane" : $"pane {Pane.Id} of {Pane.Socket} (pid {Agent.Pid})";
}
