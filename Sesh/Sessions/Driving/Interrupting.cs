using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary><c>abort</c>: ends the turn that runs, in a pane by Escape, in a runner of ours by its end. Takes no turn: it is for the turn of somebody else.</summary>
internal sealed class Interrupting(SessionStore store, Holding holding, Func<IProcesses> openProcesses, TimeProvider time)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    /// <summary>A second Escape in an idle agent means something else to it: only one that is still at work gets it.</summary>
    private static readonly TimeSpan s_pressAgain = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(15);

    /// <summary>Time in which an interrupted prompt comes back into the box.</summary>
    private static readonly TimeSpan s_takingBack = TimeSpan.FromMilliseconds(600);

    /// <param name="force">Also where it is live twice: then in the first.</param>
    /// <returns>False: there was no turn.</returns>
    /// <exception cref="SeshException"><c>dialog</c>, <c>no-pane</c>, <c>still-busy</c>.</exception>
    public bool Run(SessionRecord record, bool force, Action<string> note, CancellationToken cancel)
    {
        var agent = holding.AgentOf(record);
        var before = holding.Last(record);
        var (row, seen) = holding.Look(record);
        if (StopRunner(record, cancel))
            return true;
        (row, seen) = holding.AwaitEnd(record, before, row, seen, TimeSpan.Zero, time, note, cancel);
        if (!row.Live)
        {
            return row.TurnStatus != TurnStatus.Unknown ? false : throw new SeshException(
                "maybe-live", row.Evidence.LastOrDefault(e => e.Value == "unknown")?.Detail ?? "it cannot be told whether the session is live", $"see \"sesh explain {record.Uuid}\"");
        }

        if (!force)
            (row, seen) = holding.OneHolder(record, row, seen, time, cancel);
        if (holding.Pane(record, agent, row, seen) is { } pane)
        {
            var was = InPane(pane, cancel);
            holding.Look(record);
            return was;
        }

        throw new SeshException(
            "no-pane", $"session {record.Uuid} is live without a tmux pane: {agent.Name} runs as pid {row.Pid}",
            seen?.Sighting.Agent.Background == true ? $"stop it by {agent.Name}'s own means" : "press Escape in its own terminal");
    }

    private bool InPane(DrivenPane pane, CancellationToken cancel)
    {
        var first = pane.Look();
        if (first.Dialog is { } dialog)
            throw new SeshException("dialog", $"{pane.Agent.Name} {dialog}: there is no turn to end", Questions.Answer(pane), Questions.ExitCode);
        if (first.Status == TurnStatus.Unknown && first.Live is not null)
        {
            throw new SeshException(
                "unknown-turn", $"it cannot be told whether {pane.Agent.Name} is at a turn", $"look with \"sesh pane-capture {pane.Session}\", press with \"sesh pane-keys {pane.Session} Escape\"");
        }

        if (first.Status is not (TurnStatus.Busy or TurnStatus.Blocked))
            return false;
        var begun = time.GetTimestamp();
        pane.Press("Escape");
        var pressed = begun;
        while (true)
        {
            Pause.For(s_poll, cancel);
            var now = pane.Look();
            if (now.Live is null)
                return true;
            if (now.Status == TurnStatus.Idle)
                break;
            if (time.GetElapsedTime(begun) > s_budget)
                throw new SeshException("still-busy", $"{pane.Agent.Name} does not heed Escape", $"look with \"sesh pane-capture {pane.Session}\"");
            if (time.GetElapsedTime(pressed) > s_pressAgain)
            {
                pane.Press("Escape");
                pressed = time.GetTimestamp();
            }
        }

        if (first.Draft is "" or null)
            TakeBack(pane, cancel);
        return true;
    }

    /// <summary>The box was empty: what is in it now is the prompt whose turn was ended before it was answered.</summary>
    private void TakeBack(DrivenPane pane, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < s_takingBack)
        {
            if (pane.Look() is { Draft.Length: > 0 })
            {
                pane.Clear(cancel);
                return;
            }

            Pause.For(s_poll, cancel);
        }
    }

    private bool StopRunner(SessionRecord record, CancellationToken cancel)
    {
        var path = TurnFile.PathOf(store.Options.Home, record.Uuid);
        if (TurnFile.Read(path) is not { } file || !file.IsRunning(openProcesses()))
            return false;
        _ = Libc.Kill(file.Pid, Libc.SigTerm);
        var begun = time.GetTimestamp();
        while (TurnFile.Read(path) is { } now && now.Pid == file.Pid && now.IsRunning(openProcesses()))
        {
            if (time.GetElapsedTime(begun) > s_budget)
                throw new SeshException("still-busy", $"the turn of {record.Uuid} does not end", $"see \"sesh explain {record.Uuid}\"");
            Pause.For(s_poll, cancel);
        }

        return true;
    }
}
