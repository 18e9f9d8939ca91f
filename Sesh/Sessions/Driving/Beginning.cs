using Sesh.Agents;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary>What a session that begins with a turn without a terminal is to be.</summary>
/// <param name="Cwd">Resolved, and there.</param>
/// <param name="SessionId">Its uuid; checked.</param>
/// <param name="Verb">For the operation log, with the names of its options.</param>
internal sealed record HeadlessBirth(
    IAgent Agent, string Binary, SessionId SessionId, string Cwd, string Name, IReadOnlyList<string> Tags, string? Model, bool Private, bool ReadOnly, SessionId? Parent,
    IReadOnlyList<string> Arguments, string Verb, IReadOnlyList<string> Options);

/// <summary>Begins a session by its first turn, without a terminal: recorded from birth, and of a turn that fails nothing is recorded.</summary>
internal sealed class Beginning(SessionStore store, MachineName machine, RunnerProcess runner, Func<string, bool> isPrivate, TimeProvider time)
{
    /// <summary>How its agent would be run.</summary>
    public LaunchPlan Plan(HeadlessBirth wanted) => wanted.Agent.Driving!.Headless(
        new HeadlessRequest(wanted.Binary, Identity(wanted), null, wanted.Cwd, wanted.Model, wanted.Name, wanted.ReadOnly, Ephemeral: false, wanted.Arguments));

    /// <param name="born">Called once the session is there to stay: its turn has not failed, or goes on while nobody waits.</param>
    public Outcome Run(HeadlessBirth wanted, string message, bool forReply, Action born, CancellationToken cancel)
    {
        Sending.Check(wanted.Agent, message);
        using var turn = TurnLock.TryTake(store.Options.Home, wanted.SessionId) ?? throw InUse(wanted.SessionId);
        var birth = new Birth(wanted.SessionId, wanted.Agent.Name, machine.Text)
        {
            AgentSessionId = Identity(wanted),
            Cwd = wanted.Cwd,
            Name = wanted.Name,
            NameIsGiven = true,
            Tags = wanted.Tags,
            Parent = wanted.Parent,
            CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        var recorded = store.Write(snapshot => snapshot.Find(wanted.SessionId) is { } taken && !KnownSessions.IsVoid(taken)
            ? throw InUse(wanted.SessionId)
            : new Draft(wanted.Verb, wanted.Options, [.. birth.Changes()], wanted.Private || isPrivate(wanted.Cwd)))!.Operation;
        var order = new TurnOrder(wanted.SessionId, wanted.Binary, wanted.Model, wanted.ReadOnly, recorded.ToString(), wanted.Arguments);
        RunningTurn running;
        try
        {
            running = runner.Start(order, turn, message);
        }
        catch
        {
            // Never begun, so never recorded.
            store.Undo(recorded.ToString(), force: false);
            throw;
        }

        using (running)
        {
            try
            {
                var outcome = running.Wait(forReply, cancel);
                born();
                return outcome;
            }
            catch (OperationCanceledException)
            {
                born();
                throw;
            }
            catch (SeshException e) when (e.Code == RunnerProcess.Died)
            {
                // It could not do so itself.
                store.Undo(recorded.ToString(), force: false);
                throw;
            }
        }
    }

    private static string Identity(HeadlessBirth wanted) => wanted.Agent.ChoosesId ? wanted.SessionId.ToString() : "";

    private static SeshException InUse(SessionId session) => new("in-use", $"session id {session} is in use");
}
