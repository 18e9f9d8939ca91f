using Sesh.Processes;
using Sesh.Sessions.Driving;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary><c>pane-capture</c> and <c>pane-keys</c>: what needs a session's own pane, so on its own machine only.</summary>
internal sealed class PaneDriving(Walk walk, LiveStore live, TmuxSurroundings surroundings, MachineName? machine, string home)
{
    /// <summary>The last lines that its pane shows.</summary>
    public string Capture(Snapshot snapshot, SessionRecord record, int lines)
    {
        if (lines < 1)
            throw new SeshException("bad-count", $"not a number of lines: {lines}", "give 1 or more", exitCode: 2);
        var (server, pane) = Pane(snapshot, record);
        return server.Capture(pane, lines);
    }

    /// <summary>Presses keys, by tmux's names.</summary>
    public void Press(Snapshot snapshot, SessionRecord record, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
            KeyName.Check(key);
        var (server, pane) = Pane(snapshot, record);
        server.SendKeys(pane, keys);
    }

    private (TmuxServer Server, string Pane) Pane(Snapshot snapshot, SessionRecord record)
    {
        if (machine is null || record.Machine != machine.Text)
            throw new SeshException("not-owner", $"session {record.Uuid} is owned by {record.Machine}", $"run on {record.Machine}");
        var (row, _, result) = walk.Observe(snapshot, record, live.Find(record.Uuid, record.Machine)?.Row);
        live.Merge([row], complete: false);
        if (row is { Live: true, Tmux: { } place })
            return (TmuxServer.Open(surroundings, place.Socket), place.Pane);
        if (row.Live && TurnFile.IsAtTurn(home, record.Uuid, ProcessTable.Open()))
            throw new SeshException("no-pane", $"session {record.Uuid} has no pane: it is at a headless turn", $"wait for it with \"sesh await {record.Uuid}\"");
        var why = result.Notices.FirstOrDefault(n => n.Code is "tmux-hung" or "tmux-failed" or "tmux-missing");
        throw new SeshException(
            "no-pane",
            row.Live ? $"session {record.Uuid} is live without a tmux pane: pid {row.Pid}" : $"session {record.Uuid} has no pane: it is not live",
            why?.Message ?? (row.Live ? "go to its own terminal" : $"start it with \"sesh resume {record.Uuid}\""));
    }
}
