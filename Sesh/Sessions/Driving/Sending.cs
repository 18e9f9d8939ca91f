using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <param name="ForReply">Wait for the turn's end; else for its being taken up.</param>
/// <param name="Force">Delete what stands in the input box; do it also where it cannot be told whether a detached session is live, and where it is live twice or on another machine.</param>
/// <param name="Binary">Looks the agent's program up, where something must be started.</param>
internal sealed record SendRequest(string Message, bool ForReply, bool Force, Func<IAgent, string> Binary);

/// <summary>
/// Says something to a session of this machine, and waits for what comes of it. One turn at a time: whoever sends holds the session's turn, others wait for it in order.
/// Live in a pane it is typed there; detached a runner takes the turn over; live without a pane it goes by the agent's own door, or not at all.
/// </summary>
internal sealed class Sending(
    SessionStore store, Holding holding, RunnerProcess runner, Func<IReadOnlyCollection<string>> environment, Func<IProcesses> openProcesses, TimeProvider time)
{
    /// <summary>What runs a single turn ends by itself.</summary>
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(3);

    /// <summary>The message has left our hands: should nobody wait any more, it is answered all the same.</summary>
    public bool IsDelivered { get; private set; }

    /// <exception cref="OperationCanceledException">Whoever asked waits no longer; see <see cref="IsDelivered"/>.</exception>
    public Outcome Run(SessionRecord record, SendRequest request, Action<string> note, CancellationToken cancel)
    {
        var agent = AgentOf(record, request.Message);
        if (!request.Force)
            holding.RefuseElsewhere(record);
        var turn = TurnLock.TryTake(store.Options.Home, record.Uuid);
        try
        {
            var before = holding.Last(record);
            var (row, seen) = holding.Look(record);
            RefuseOwn(seen);
            if (turn is null)
            {
                note("another message is on its way: waiting for its turn to end");
                turn = TurnLock.Take(store.Options.Home, record.Uuid, cancel);
                (row, seen) = holding.Look(record);
            }

            var hasDoor = row is { Live: true, Tmux: null } && agent.Driving!.Queue("", seen!.Sighting.Agent, openProcesses(), "") is not null;
            (row, seen) = holding.AwaitEnd(record, before, row, seen, hasDoor ? TimeSpan.Zero : s_ending, time, note, cancel);
            if (!request.Force)
                (row, seen) = holding.OneHolder(record, row, seen, time, cancel);
            record = store.Read().Find(record.Uuid) is { Deleted: false } now ? now : throw new SeshException("deleted", $"session {record.Uuid} was deleted meanwhile");
            if (!row.Live)
                return Detached(record, row, agent, request, turn, cancel);
            if (holding.Pane(record, agent, row, seen) is { } pane)
                return InPane(record, pane, request, note, cancel);
            return WithoutPane(record, seen!, agent, request, note, cancel);
        }
        finally
        {
            turn?.Dispose();
        }
    }

    private Outcome InPane(SessionRecord record, DrivenPane pane, SendRequest request, Action<string> note, CancellationToken cancel)
    {
        new Readiness(pane, request.Force, note, time).Wait(cancel);
        var turn = pane.Driving.NewTurnReader(request.Message);
        var tail = new TranscriptTail(pane.Transcript);
        IsDelivered = true;
        if (new Delivery(pane, request.Message, time).Run(tail, turn, cancel) is { } early)
        {
            holding.Look(record);
            return early;
        }

        var watch = new TurnWatch(pane, request.Message, tail, turn, time);
        var outcome = new Outcome(TurnResult.Taken, "");
        if (request.ForReply)
            outcome = watch.Wait(cancel);
        else
            watch.WaitForWork(cancel);
        // So that whoever asks next does not hear of what was before.
        holding.Look(record);
        return outcome;
    }

    /// <summary>Nothing holds it, by positive evidence: from here on nobody but us can.</summary>
    private Outcome Detached(SessionRecord record, LiveRow row, IAgent agent, SendRequest request, TurnLock turn, CancellationToken cancel)
    {
        if (row.TurnStatus == TurnStatus.Unknown && !request.Force)
        {
            throw new SeshException(
                "maybe-live",
                row.Evidence.LastOrDefault(e => e.Value == "unknown")?.Detail ?? "it cannot be told whether the session is live",
                "end that agent, or give --force if it holds another session");
        }

        CheckResumable(record, row, agent);
        using var running = runner.Start(new TurnOrder(record.Uuid, request.Binary(agent), null, ReadOnly: false, "", []), turn, request.Message);
        IsDelivered = true;
        return running.Wait(request.ForReply, cancel);
    }

    private static void CheckResumable(SessionRecord record, LiveRow row, IAgent agent)
    {
        if (record.Cwd.Length == 0 || !Directory.Exists(record.Cwd))
            throw new SeshException("cwd-gone", $"the session's folder is gone: {record.Cwd}", $"make it again, or resume it elsewhere with \"sesh resume {record.Uuid} --cwd DIR\"");
        if (record.AgentSessionId.Length > 0 && TranscriptPlace.Of(agent, record, null, row) is not null)
            return;
        // Recorded and never spoken to: its first turn.
        var isFresh = agent.ChoosesId ? record.AgentSessionId.Length > 0 && row.LastActivity == 0 && record.FormerIds.IsEmpty : record.AgentSessionId.Length == 0;
        if (!isFresh)
            throw new SeshException("transcript-gone", $"the transcript of session {record.Uuid} is gone: {record.Agent} cannot go on with it", $"\"sesh explain {record.Uuid}\" tells where it lay");
    }

    private Outcome WithoutPane(SessionRecord record, Owned seen, IAgent agent, SendRequest request, Action<string> note, CancellationToken cancel)
    {
        var held = seen.Sighting.Agent;
        if (agent.Driving!.Queue(request.Binary(agent), held, openProcesses(), request.Message) is { } queue)
            return new QueuedTurn(record.Uuid, agent, held, record.Cwd, environment, openProcesses, time).Run(queue, request.Message, request.ForReply, note, () => IsDelivered = true, cancel);
        throw new SeshException(
            "live-elsewhere",
            $"session {record.Uuid} is live without a tmux pane: {(held.Background ? $"{agent.Name}'s own background manager holds it" : $"{agent.Name} runs")} as pid {held.Pid}",
            held.Background ? $"reach it by {agent.Name}'s own means, or end it there"
                : openProcesses().HasLostTerminal(held.Pid) ? $"its terminal is gone and it does not end: end it with \"kill {held.Pid}\""
                : "type there, or end it there first; one that runs a single turn ends by itself");
    }

    private IAgent AgentOf(SessionRecord record, string message)
    {
        var agent = holding.AgentOf(record);
        Check(agent, message);
        return agent;
    }

    /// <summary>What cannot be said to this agent at all is refused before anybody waits.</summary>
    public static void Check(IAgent agent, string message)
    {
        var driving = agent.Driving!;
        if (message.Length > driving.LongestMessage)
            throw new SeshException("message-too-long", $"{agent.Name} takes no message of {message.Length} characters", $"{driving.LongestMessage} at most: put it into a file and name that", exitCode: 2);
        driving.Typed(message);
    }

    /// <summary>An agent that sends to itself, from within its turn, would wait for that turn's end.</summary>
    private void RefuseOwn(Owned? seen)
    {
        var processes = openProcesses();
        var up = processes.Find(Environment.ProcessId);
        for (var steps = 0; seen is not null && up is not null && steps < 64; steps++)
        {
            if (up.Pid == seen.Sighting.Agent.Pid)
                throw new SeshException("own-turn", "this runs in the session's own turn, whose end it would wait for", "let the agent answer instead");
            up = up.ParentPid > 1 ? processes.Find(up.ParentPid) : null;
        }
    }
}
