using Sesh.Processes;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

internal enum PaneFinding : byte
{
    /// <summary>No pane, or no agent in it.</summary>
    NoAgent,

    /// <summary>An agent, and nothing tells which session it holds.</summary>
    Unresolvable,
    Resolved,
}

/// <param name="Uuid">The record's, or the one it would get; null unless resolved.</param>
internal sealed record ResolvedPane(PaneFinding Finding, string Agent, SessionId? Uuid, string AgentSessionId, string Cwd, TmuxPlace? Place);

/// <summary><c>pane-resolve</c>: the agent live in a pane, recorded or not.</summary>
internal sealed class PaneResolving(Walk walk, TmuxSurroundings surroundings, MachineName? machine)
{
    private static readonly ResolvedPane s_none = new(PaneFinding.NoAgent, "", null, "", "", null);

    public ResolvedPane Resolve(Snapshot snapshot, string pane, string socket, IReadOnlyCollection<LiveRow> held)
    {
        if (!TmuxSockets.Answers(socket) || TmuxServer.Open(surroundings, socket).Pane(pane) is not { Dead: false } now || walk.InPane(snapshot, now, held) is not { } owned)
            return s_none;
        var agent = owned.Sighting.Agent;
        var cwd = agent.Cwd.Length > 0 ? agent.Cwd : owned.Record?.Cwd is { Length: > 0 } recorded ? recorded : ProcessTable.Open().WorkingDirectory(now.Pid) ?? "";
        SessionId? uuid = owned.Record?.Uuid
            ?? (agent.AgentId.Length == 0 ? null
                : SessionId.TryParse(agent.AgentId, out var own) ? own
                : machine is null ? null
                : SessionUuid.Of(machine.Text, agent.Agent, agent.AgentId));
        return new ResolvedPane(uuid is null ? PaneFinding.Unresolvable : PaneFinding.Resolved, agent.Agent, uuid, agent.AgentId, cwd, now.Place);
    }
}
