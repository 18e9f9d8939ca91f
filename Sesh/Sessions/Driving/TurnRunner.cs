using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary>
/// The process that runs a detached session's turn. It is handed the turn's lock, so that no moment is between its parent's look and its end; it outlives whoever waits, and
/// leaves the record, the live row and the turn's file as they are then.
/// </summary>
/// <param name="tell">Gets a line for whoever started it, who may be gone.</param>
internal sealed class TurnRunner(SessionStore store, LiveStore live, IReadOnlyList<IAgent> agents, Walk walk, Func<IProcesses> openProcesses, Action<ReadOnlyMemory<byte>> tell)
{
    public void Run(TurnOrder order, int input, CancellationToken stop)
    {
        var turn = TurnLock.Inherit(ChildSetting.HandedOnAs);
        ChildSetting.KeepHandedOn();
        var path = TurnFile.PathOf(store.Options.Home, order.Session);
        var file = new TurnFile(Environment.ProcessId, openProcesses().Find(Environment.ProcessId)?.Start ?? 0, TurnStage.Starting, "", "", "");
        file.Write(path);
        try
        {
            var record = store.Read().Find(order.Session) ?? throw new SeshException("not-found", $"session {order.Session} is gone");
            var (reply, isCut) = Turn(order, record, input, () => Tell(file with { Stage = TurnStage.Taken }, path), stop);
            file = file with { Stage = TurnStage.Over, Text = reply, IsCut = isCut };
        }
        catch (Exception e)
        {
            // Whoever waits must learn of it, whatever it was: this process has no screen.
            file = Failed(file, e);
            if (order.Birth.Length > 0)
                store.Undo(order.Birth, force: false);
        }

        file.Write(path);
        if (order.Birth.Length == 0 || file.Code.Length == 0)
            FirstLook.Run(store, live, walk, order.Session);
        // Then the turn is free, and last of all it is told: nobody who does not listen keeps the next one waiting.
        turn.Dispose();
        tell(file.Bytes());
    }

    private void Tell(TurnFile file, string path)
    {
        file.Write(path);
        tell(file.Bytes());
    }

    private static TurnFile Failed(TurnFile file, Exception e) => e is SeshException known
        ? file with { Stage = TurnStage.Over, Code = known.Code, Text = known.Message, Hint = known.Hint ?? "" }
        : file with { Stage = TurnStage.Over, Code = "internal", Text = $"internal error: {e.GetType().Name}: {e.Message}" };

    private (string Reply, bool IsCut) Turn(TurnOrder order, SessionRecord record, int input, Action taken, CancellationToken stop)
    {
        var agent = RowMaker.AgentOf(agents, record.Agent) ?? throw new SeshException("unknown-agent", $"this sesh does not know the agent {record.Agent}", "upgrade sesh");
        var file = record.AgentSessionId.Length == 0 ? null : TranscriptPlace.Of(agent, record, null, live.Find(record.Uuid, record.Machine)?.Row);
        var request = new HeadlessRequest(order.Binary, record.AgentSessionId, file?.Path, record.Cwd, order.Model, record.Name, order.ReadOnly, Ephemeral: false, order.ExtraArguments);
        return new HeadlessTurn(agent, ProcessEnvironment.Own).Run(
            request, input, record.Uuid.ToString(),
            id =>
            {
                // Before it is told that the turn has begun, so that whoever looks then finds the session live.
                if (id != record.AgentSessionId)
                    IdentityChange.Write(store, [new IdentityChange(record.Uuid, record.AgentSessionId, id, [])]);
                FirstLook.Run(store, live, walk, record.Uuid);
                taken();
            },
            stop);
    }
}
