using Sesh.Agents;
using Sesh.Sync;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary>Waits for the end of the turn that a message began, in a pane.</summary>
internal sealed class TurnWatch(DrivenPane pane, string message, TranscriptTail tail, ITurnReader turn, TimeProvider time)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    /// <summary>After the first seconds nobody notices a tenth of one.</summary>
    private static readonly TimeSpan s_laterPoll = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_early = TimeSpan.FromSeconds(20);

    /// <summary>What an agent says it has finished is on disk before this; idle for longer with nothing there, it was interrupted before it said anything.</summary>
    private static readonly TimeSpan s_writing = TimeSpan.FromSeconds(2);

    /// <summary>The same where it has not been seen at work: on a loaded machine it may not have begun.</summary>
    private static readonly TimeSpan s_beginning = TimeSpan.FromSeconds(12);

    /// <summary>A command of the agent's own need not begin any work.</summary>
    private static readonly TimeSpan s_command = TimeSpan.FromSeconds(3);

    /// <summary>After an error an agent may be about to try again.</summary>
    private static readonly TimeSpan s_retrying = TimeSpan.FromMilliseconds(700);

    /// <summary>An agent at work shows it within half a second.</summary>
    private static readonly TimeSpan s_showing = TimeSpan.FromSeconds(4);

    private const int LooksThatCount = 3;

    /// <exception cref="SeshException"><c>turn-failed</c>, <c>interrupted</c>, <c>agent-ended</c>.</exception>
    public Outcome Wait(CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        long idleSince = 0;
        var (asked, worked) = (0, false);
        while (true)
        {
            var now = pane.Look();
            // Read after the look: what was idle then has been written by now.
            if (tail.Read(turn) || now.Status is TurnStatus.Busy or TurnStatus.Blocked)
                idleSince = 0;
            else if (idleSince == 0)
                idleSince = time.GetTimestamp();
            if (turn.IsSettled)
                return Finish(cancel);
            if (now.Live is null)
                return turn.End != TurnEnd.Open ? Finish(cancel) : throw pane.Ended("during the turn");
            worked |= now.Status == TurnStatus.Busy;
            asked = now.Status == TurnStatus.Blocked ? asked + 1 : 0;
            if (asked >= LooksThatCount)
                return new Outcome(TurnResult.Blocked, Questions.Of(now));
            if (idleSince != 0 && IsOver(now, time.GetElapsedTime(idleSince), worked))
                return Finish(cancel);
            Pause.For(time.GetElapsedTime(begun) < s_early ? s_poll : s_laterPoll, cancel);
        }
    }

    /// <summary>Until it shows that it works, or has ended already: so that whoever asks next does not take it for idle.</summary>
    public void WaitForWork(CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < s_showing)
        {
            tail.Read(turn);
            if (turn.End != TurnEnd.Open || pane.Look() is { Live: null } or { Status: TurnStatus.Busy or TurnStatus.Blocked })
                return;
            Pause.For(s_poll, cancel);
        }
    }

    private bool IsOver(PaneState now, TimeSpan idle, bool worked) => turn.End switch
    {
        TurnEnd.Open => now.Status == TurnStatus.Idle && idle > (worked ? s_writing : message.StartsWith('/') ? s_command : s_beginning),
        TurnEnd.Failed => idle > s_retrying,
        _ => now.Status == TurnStatus.Idle || idle > s_writing,
    };

    private Outcome Finish(CancellationToken cancel)
    {
        switch (turn.End)
        {
            case TurnEnd.Ended:
                return new Outcome(TurnResult.Answered, turn.Reply, turn.IsCut);
            case TurnEnd.Failed:
                throw new SeshException("turn-failed", $"the turn failed: {FailureText.Of(turn.Failure)}");
        }

        if (turn.End == TurnEnd.Open && message.StartsWith('/'))
            return new Outcome(TurnResult.NoTurn, "");
        if (!turn.IsTaken)
        {
            throw new SeshException(
                "no-evidence", $"{pane.Agent.Name} worked and is idle again, and the turn is not in the session's transcript", $"has /new been typed there? look with \"sesh pane-capture {pane.Session}\"");
        }

        TakeBack(cancel);
        throw new SeshException("interrupted", "the turn was interrupted", $"see \"sesh transcript {pane.Session}\" for what was said until then");
    }

    /// <summary>Claude puts a prompt that Esc interrupted before any answer back into its input box, where the next message would be typed behind it.</summary>
    private void TakeBack(CancellationToken cancel)
    {
        // A long one stands there as "[Pasted text #1 +99 lines]".
        if (pane.Look() is { Draft: { Length: > 0 } draft } && (new SentText(message).Is(draft) || draft.StartsWith("[Pasted", StringComparison.Ordinal)))
            pane.Clear(cancel);
    }
}
