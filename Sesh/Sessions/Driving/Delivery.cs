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

    private static readonly TimeSpan s_commandBudget = TimeSpan.FromSeconds(5);

    /// <summary>Megabytes are read, drawn and sent before the transcript shows them.</summary>
    private TimeSpan Budget => TimeSpan.FromSeconds(30 + message.Length / 40_000);

    /// <exception cref="SeshException">It was not: <c>not-taken</c>, <c>no-turn</c>, <c>agent-ended</c>.</exception>
    public void Run(TranscriptTail tail, ITurnReader turn, CancellationToken cancel)
    {
        tail.Mark();
        if (!pane.Paste(pane.Driving.Typed(message)))
            throw pane.Ended("before the message could be typed");
        var typed = time.GetTimestamp();
        var (pressed, presses, worked) = (typed, 1, false);
        var mayPress = pane.Age(time) < s_firstMoments || pane.Transcript() is null;
        var before = PaneState.Gone;
        while (true)
        {
            tail.Read(turn);
            if (turn.IsTaken)
                return;
            var now = pane.Look();
            if (now.Live is null)
                throw pane.Ended("before it took the message up");
            worked |= now.Status is TurnStatus.Busy or TurnStatus.Blocked;
            // A first turn that is written when it is over: that it works is all there is to see.
            if (worked && pane.Driving.WritesFirstTurnLate && pane.Transcript() is null)
                return;
            if (now.Screen != before.Screen)
                pressed = time.GetTimestamp();
            before = now;
            if (mayPress && !worked && now is { Status: TurnStatus.Idle, Dialog: null, Draft.Length: > 0 } && presses < MostPresses && time.GetElapsedTime(pressed) > s_pressAgain)
            {
                pane.Press("Enter");
                (pressed, presses) = (time.GetTimestamp(), presses + 1);
            }

            var waited = time.GetElapsedTime(typed);
            if (message.StartsWith('/') && now.IsReady && waited > s_commandBudget)
                throw NoTurn();
            if (waited > Budget && !worked)
                throw NotTaken(now);
            Pause.For(s_poll, cancel);
        }
    }

    private SeshException NotTaken(PaneState now) => new(
        "not-taken",
        now.Draft is { Length: > 0 } ? $"{pane.Agent.Name} did not take the message up: it stands in its input box" : $"{pane.Agent.Name} was given the message and shows no sign of it",
        $"look with \"sesh pane-capture {pane.Session}\"");

    private SeshException NoTurn() => new(
        "no-turn", $"{pane.Agent.Name} took the message for a command of its own, and no turn followed", "begin it with a blank to send it as text");
}
