using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>Everything that looks at this machine's agents or acts on them, put together; each part is made when asked for.</summary>
/// <param name="variable">The environment.</param>
/// <param name="live">Where what is seen is kept.</param>
/// <param name="isTerminal">There is a screen to go to a session on.</param>
internal sealed class ThisMachine(
    Func<string, string?> variable, AgentEnvironment environment, TmuxSurroundings tmux, SessionStore store, LiveStore live, MachineName? machine, TimeProvider time, Func<bool> isTerminal)
{
    /// <summary>What was seen this long ago, in milliseconds, need not be looked at again.</summary>
    public const long Fresh = 1000;

    public IReadOnlyList<IAgent> Agents => field ??= KnownAgents.In(environment);

    public TranscriptCache Cache => field ??= new TranscriptCache(Path.Join(store.Options.Home, "cache"));

    public Lookout Lookout => field ??= new Lookout(Agents, tmux, ProcessTable.Open);

    public Walk Walk => field ??= new Walk(Agents, Lookout, Facts, tmux, machine, time);

    public Launcher Launcher => field ??= new Launcher(Lookout, tmux, variable, time);

    public Going Going => field ??= new Going(tmux, isTerminal);

    public PaneOwner PaneOwner => field ??= new PaneOwner(live, tmux, ProcessTable.Open);

    public PaneResolving PaneResolving => field ??= new PaneResolving(Walk, tmux, machine);

    public PaneDriving PaneDriving => field ??= new PaneDriving(Walk, live, tmux, machine);

    public Starting Starting(MachineName own, Func<string, bool> isPrivate) => new(store, live, own, Walk, Launcher, tmux, isPrivate, time);

    public Resuming Resuming(MachineName own) => new(store, live, own, Agents, Walk, Launcher, Going, tmux, time);

    /// <summary>
    /// Looks at everything, unless somebody did within the last second, and writes down what was seen: rows, and ids that drifted.
    /// </summary>
    /// <param name="records">All of the snapshot's, which the caller has decoded anyway.</param>
    /// <returns>Null where the last look is fresh enough. Where it has drifts, <paramref name="snapshot"/> no longer shows the ids as they are.</returns>
    public WalkResult? Refresh(Snapshot snapshot, IReadOnlyCollection<SessionRecord> records)
    {
        if (machine is null || Now - live.LastWalk is >= 0 and < Fresh)
            return null;
        var lastWalk = live.LastWalk;
        var result = Walk.Look(snapshot, records, Held(), lastWalk);
        Keep(result, result.Complete);
        return result;
    }

    /// <summary>The look, whenever the last one was: for what must know (<c>adopt</c>, <c>doctor</c>).</summary>
    public WalkResult LookNow(Snapshot snapshot, IReadOnlyCollection<SessionRecord> records)
    {
        var result = Walk.Look(snapshot, records, Held(), live.LastWalk);
        Keep(result, result.Complete);
        return result;
    }

    /// <summary>One session of this machine, looked at anew where its row is older than a second.</summary>
    public WalkResult? Refresh(Snapshot snapshot, SessionRecord record)
    {
        if (machine is null || record.Machine != machine.Text)
            return null;
        var held = live.Find(record.Uuid, record.Machine);
        if (held is { AgeMs: < Fresh })
            return null;
        var result = Walk.Observe(snapshot, record, held?.Row).Result;
        Keep(result, complete: false);
        return result;
    }

    /// <summary>This machine's rows as last seen.</summary>
    public IReadOnlyCollection<LiveRow> Held() => [.. live.All().Values.Where(h => h.Ours).Select(h => h.Row)];

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Keep(WalkResult result, bool complete)
    {
        live.Merge(result.Rows, complete, result.Began);
        IdentityChange.Write(store, result.Drifts);
        Cache.Save();
    }

    private TranscriptFacts? Facts(IAgent agent, TranscriptFile file, bool mayRead) => mayRead ? Cache.Facts(agent, file) : Cache.Held(agent, file);
}
