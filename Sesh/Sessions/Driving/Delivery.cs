using Sesh.Agents;
using Sesh.Sync;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary>Types a message into an agent that is ready for it, and sees that it is taken up.</summary>
internal sealed class Delivery(DrivenPane pane, string message, TimeProvider time)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(60);

    /// <summary>
    /// An Enter that came too early, which only an agent in its first moments does not hear, is pressed again while the text still stands in the box and nothing moves. Not
    /// soon, and in no other agent: an Enter too many would answer whatever question comes next.
    /// </summary>
    private static readonly TimeSpan s_pressAgain = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_firstMoments = TimeSpan.FromSeconds(30);

    private const int MostPresses = 5;

    private static readonly TimeSpan s_commandBudget = TimeSpan.FromSeconds(3);

    private const int LooksThatCount = 3;

    /// <summary>Megabytes are read, drawn and sent before the transcript shows them.</summary>
    private TimeSpan Budget => TimeSpan.FromSeconds(30 + message.Length / 40_000);

    /// <returns>Null: a turn has begun. Else what came of a command of the agent's own, which need not begin one.</returns>
    /// <exception cref="SeshException">It was not: <c>not-taken</c>, <c>agent-ended</c>.</exception>
    public Outcome? Run(TranscriptTail tail, ITurnReader turn, CancellationToken cancel)
    {
        tail.Mark();
        if (!pane.Paste(pane.Driving.Typed(message)))
            throw pane.Ended("before the message could be typed");
        var typed = time.GetTimestamp();
        var (pressed, presses, worked) = (typed, 1, false);
        var mayPress = pane.Age(time) < s_firstMoments || pane.Transcript() is null;
        var before = PaneState.Gone;
        var (isCommand, asked, still) = (message.StartsWith('/'), 0, typed);
        while (true)
        {
            tail.Read(turn);
            if (turn.IsTaken)
                return null;
            var now = pane.Look();
            if (now.Live is null)
                throw pane.Ended("before it took the message up");
            worked |= now.Status is TurnStatus.Busy or TurnStatus.Blocked;
            // A first turn that is written when it is over: that it works is all there is to see.
            if (worked && pane.Driving.WritesFirstTurnLate && pane.Transcript() is null)
                return null;
            if (now.Screen != before.Screen)
                pressed = time.GetTimestamp();
            if (now.Screen != before.Screen || now.Status == TurnStatus.Busy)
                still = time.GetTimestamp();
            asked = now.Status == TurnStatus.Blocked || now.Dialog is not null ? asked + 1 : 0;
            if (isCommand && asked >= LooksThatCount)
                return new Outcome(TurnResult.Blocked, Questions.Of(now));
            before = now;
            if (mayPress && !worked && now is { Status: TurnStatus.Idle, Dialog: null, Draft.Length: > 0 } && presses < MostPresses && time.GetElapsedTime(pressed) > s_pressAgain)
            {
                pane.Press("Enter");
                (pressed, presses) = (time.GetTimestamp(), presses + 1);
            }

            var waited = time.GetElapsedTime(typed);
            if (isCommand && now.Status == TurnStatus.Idle && now.Draft is not { Length: > 0 } && time.GetElapsedTime(still) > s_commandBudget)
                return now.Draft is null ? new Outcome(TurnResult.Blocked, "the command shows something that waits for a key") : new Outcome(TurnResult.NoTurn, "");
            if (waited > Budget && !worked)
                throw NotTaken(now);
            Pause.For(s_poll, cancel);
        }
    }

    private SeshException NotTaken(PaneState now) => new(
        "not-taken",
        now.Draft is { Length: > 0 } ? $"{pane.Agent.Name} did not take the message up: it stands in its input box" : $"{pane.Agent.Name} was given the message and shows no sign of it",
        pane.Driving.WritesFirstTurnLate && now.Draft is not { Length: > 0 }
            ? $"has /new been typed there? without its extension nothing tells: \"sesh reporters install --agent {pane.Agent.Name}\"; look with \"sesh pane-capture {pane.Session}\""
            : $"look with \"sesh pane-capture {pane.Session}\"");
}
