using Sesh.Processes;
using Sesh.Sync.Documents;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>Says in the pane of a live agent which session it holds, so that a status line knows it without a walk, and whoever runs in it which session it is in.</summary>
internal static class PaneStamp
{
    /// <summary>Nothing without a pane, or where the pane bears that stamp already.</summary>
    public static void Set(TmuxSurroundings surroundings, Sighting sighting, SessionId session)
    {
        var agent = sighting.Agent;
        if (sighting.Pane is { } pane && surroundings.Program is { } program
            && (pane.Stamp != session.ToString() || pane.StampedProcess != TmuxServer.StampText(agent.Pid, agent.Start)))
        {
            new TmuxServer(program, pane.Socket).Stamp(pane.Id, session, new ProcessRow(agent.Pid, 0, agent.Start, agent.Agent));
        }
    }
}
