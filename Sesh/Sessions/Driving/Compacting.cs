using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary><c>compact</c>: types the agent's own command into its pane, and waits for the transcript to tell of it.</summary>
internal sealed class Compacting(SessionStore store, Holding holding, TimeProvider time)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(150);

    /// <summary>Idle for so long without a word of it in the transcript: it had nothing to compact.</summary>
    private static readonly TimeSpan s_unheeded = TimeSpan.FromSeconds(6);

    /// <param name="force">Also where it is live twice: then in the first.</param>
    /// <exception cref="SeshException"><c>no-pane</c>, <c>live-twice</c>, <c>not-compacted</c>, and what <see cref="Readiness"/> throws.</exception>
    public void Run(SessionRecord record, bool force, Action<string> note, CancellationToken cancel)
    {
        var agent = holding.AgentOf(record);
        using var turn = TurnLock.Take(store.Options.Home, record.Uuid, cancel);
        var before = holding.Last(record);
        var (row, seen) = holding.Look(record);
        (row, seen) = holding.AwaitEnd(record, before, row, seen, TimeSpan.Zero, time, note, cancel);
        if (!force)
            (row, seen) = holding.OneHolder(record, row, seen, time, cancel);
        if (holding.Pane(record, agent, row, seen) is not { } pane)
        {
            throw new SeshException(
                "no-pane", row.Live ? $"session {record.Uuid} is live without a tmux pane: pid {row.Pid}" : $"session {record.Uuid} is not live: only a live agent compacts",
                row.Live ? $"type {agent.Driving!.CompactCommand} in its own terminal" : $"\"sesh resume {record.Uuid}\" first");
        }

        new Readiness(pane, force: false, note, time).Wait(cancel);
        var tail = new TranscriptTail(pane.Transcript);
        tail.Mark();
        // Without what keeps a message from being a command.
        if (!pane.Paste(pane.Driving.CompactCommand))
            throw pane.Ended("before it could be told");
        Wait(pane, tail, cancel);
    }

    private void Wait(DrivenPane pane, TranscriptTail tail, CancellationToken cancel)
    {
        var isDone = false;
        var idleSince = time.GetTimestamp();
        while (true)
        {
            tail.Read(line => isDone |= pane.Driving.TellsOfCompaction(line));
            var now = pane.Look();
            if (now.Live is null)
                throw pane.Ended("while it compacted");
            if (isDone && now.IsReady)
                return;
            if (now.Status != TurnStatus.Idle)
                idleSince = time.GetTimestamp();
            else if (!isDone && time.GetElapsedTime(idleSince) > s_unheeded)
                throw NotDone(pane, now);
            Pause.For(s_poll, cancel);
        }
    }

    private static SeshException NotDone(DrivenPane pane, PaneState now)
    {
        var said = now.Screen.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.Contains("ompact", StringComparison.Ordinal) && !l.EndsWith(pane.Driving.CompactCommand, StringComparison.Ordinal));
        return new SeshException("not-compacted", $"{pane.Agent.Name} did not compact{(said is null ? "" : $": {said}")}", $"look with \"sesh pane-capture {pane.Session}\"");
    }
}
