using Sesh.Agents;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <param name="Tmux">Null where nothing was launched.</param>
internal sealed record StartedSession(SessionId Uuid, string AgentSessionId, TmuxPlace? Tmux);

/// <summary><c>new</c>: an agent in a new window, recorded from birth. What fails leaves no record and no window.</summary>
internal sealed class Starting(
    SessionStore store, LiveStore live, MachineName machine, Walk walk, Launcher launcher, Tmux.TmuxSurroundings surroundings, Func<string, bool> isPrivate, TimeProvider time)
{
    /// <summary>Checks everything that can be checked beforehand; writes nothing.</summary>
    /// <param name="current">The current folder.</param>
    public NewSessionPlan Plan(NewSession wanted, string current)
    {
        var cwd = WorkingFolder.Resolve(wanted.Cwd, current);
        var uuid = wanted.SessionId is { } given ? Unused(given, wanted.Agent, cwd) : SessionId.New();
        var agentId = wanted.Agent.ChoosesId ? uuid.ToString() : "";
        var birth = new Birth(uuid, wanted.Agent.Name, machine.Text)
        {
            AgentSessionId = agentId,
            Cwd = cwd,
            Name = wanted.Name,
            NameIsGiven = true,
            Tags = wanted.Tags,
            CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        var hidden = wanted.Private || isPrivate(cwd);
        return wanted.Launch
            ? new NewSessionPlan(
                birth,
                wanted.Agent,
                hidden,
                TmuxTarget.Parse(wanted.Target, surroundings),
                wanted.Agent.New(new LaunchRequest(wanted.Binary, agentId, cwd, wanted.Model, wanted.Name, null, wanted.Arguments)),
                wanted.Options)
            : new NewSessionPlan(birth, wanted.Agent, hidden, null, null, wanted.Options);
    }

    public StartedSession Run(NewSessionPlan plan, CancellationToken cancel)
    {
        if (plan is not { Plan: { } launch, Target: { } target })
        {
            Record(plan);
            return new StartedSession(plan.Uuid, plan.Birth.AgentSessionId, null);
        }

        var pane = launcher.Open(target, plan.Window, launch.Cwd);
        OperationId recorded;
        try
        {
            recorded = Record(plan);
        }
        catch
        {
            pane.Server.KillPane(pane.Id);
            throw;
        }

        try
        {
            launcher.Start(pane, plan.Uuid, plan.Agent, launch, cancel);
        }
        catch
        {
            // Never alive, so never recorded; somebody who labelled it meanwhile keeps that.
            store.Undo(recorded.ToString(), force: false);
            throw;
        }

        var row = FirstLook.Run(store, live, walk, plan.Uuid);
        return new StartedSession(plan.Uuid, store.Read().Find(plan.Uuid)?.AgentSessionId ?? "", row?.Tmux);
    }

    private OperationId Record(NewSessionPlan plan)
    {
        var written = store.Write(snapshot => snapshot.Find(plan.Uuid) is { } taken && !KnownSessions.IsVoid(taken)
            ? throw InUse(plan.Uuid.ToString())
            : new Draft("new", plan.Options, [.. plan.Birth.Changes()], plan.Private));
        return written!.Operation;
    }

    private SessionId Unused(string given, IAgent agent, string cwd)
    {
        if (!SessionId.TryParse(given, out var uuid))
            throw new SeshException("bad-session-id", $"not a UUID: {given}", "give 36 characters such as 0191e2c6-8d35-7a10-9d0a-2f6d3c1b7e55", exitCode: 2);
        var id = uuid.ToString();
        if (store.Read().Match(id).Any(r => !KnownSessions.IsVoid(r)) || agent.Locate(id, cwd) is not null)
            throw InUse(id);
        return uuid;
    }

    private static SeshException InUse(string id) => new("in-use", $"session id {id} is in use", $"see \"sesh info {id}\", or leave --session-id out");
}
