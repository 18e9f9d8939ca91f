using System.ComponentModel;
using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync;

namespace Sesh.Sessions.Driving;

/// <summary>A message by the agent's own door to a session that is live without a pane; its turn is followed in the transcript alone.</summary>
internal sealed class QueuedTurn(Sync.Documents.SessionId session, IAgent agent, LiveAgent live, string cwd, Func<IReadOnlyCollection<string>> environment, Func<IProcesses> openProcesses, TimeProvider time)
{
    private static readonly TimeSpan s_commandPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);

    /// <summary>An idle codex looks for what is queued every ten seconds; one at work first ends its turn.</summary>
    private static readonly TimeSpan s_unseen = TimeSpan.FromSeconds(45);

    public Outcome Run(LaunchPlan queue, string message, bool forReply, Action<string> note, Action delivered, CancellationToken cancel)
    {
        var turn = agent.Driving!.NewTurnReader(message);
        var tail = new TranscriptTail(() => agent.Locate(live.AgentId, cwd));
        tail.Mark();
        Tell(queue);
        delivered();
        note($"queued for {agent.Name}, which takes it up when it is idle");
        var begun = time.GetTimestamp();
        while (true)
        {
            // Asked first: what it wrote before its end is then there.
            var lives = openProcesses().Find(live.Pid)?.Start == live.Start;
            if (tail.Read(turn))
                begun = time.GetTimestamp();
            if (turn.IsTaken && !forReply)
                return new Outcome(TurnResult.Taken, "");
            if (turn.IsSettled)
                return End(turn);
            if (!lives)
                throw new SeshException("agent-ended", $"{agent.Name} ended {(turn.IsTaken ? "during the turn" : "before it took the message up: the message stays queued")}");
            if (!turn.IsTaken && time.GetElapsedTime(begun) > s_unseen)
                throw new SeshException("not-taken", $"{agent.Name} has not taken the message up; it stays queued", $"\"sesh tail -f {session}\" shows when it does");
            Pause.For(s_poll, cancel);
        }
    }

    private static Outcome End(ITurnReader turn) => turn.End switch
    {
        TurnEnd.Ended => new Outcome(TurnResult.Answered, turn.Reply, turn.IsCut),
        TurnEnd.Failed => throw new SeshException("turn-failed", $"the turn failed: {FailureText.Of(turn.Failure)}"),
        _ => throw new SeshException("interrupted", "the turn was interrupted"),
    };

    private void Tell(LaunchPlan queue)
    {
        CommandResult result;
        try
        {
            result = ChildProcess.Run(
                queue.Arguments[0], [.. queue.Arguments.Skip(1)], s_commandPatience, ProcessEnvironment.Edited(environment(), queue.Set, queue.Unset), new ChildSetting { Folder = queue.Cwd });
        }
        catch (Win32Exception e)
        {
            throw new SeshException("agent-missing", $"cannot run {queue.Arguments[0]}: {e.Message}", inner: e);
        }

        if (!result.Succeeded)
            throw new SeshException("not-taken", $"{agent.Name} did not take the message: {(result.TimedOut ? "it does not answer" : result.Complaint)}");
    }
}
