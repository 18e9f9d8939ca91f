using Sesh.Agents;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>What a transcript says: from the cache, or read where <paramref name="mayRead"/>. Null: neither.</summary>
internal delegate TranscriptFacts? FactsReader(IAgent agent, TranscriptFile file, bool mayRead);

/// <summary>What a look found.</summary>
/// <param name="Rows">Of this machine's sessions, for the live file; sessions of which nothing changed have none.</param>
/// <param name="All">Every live agent with its record, if it has one.</param>
/// <param name="Drifts">To be written by the caller: <see cref="IdentityChange.Write"/>.</param>
/// <param name="Complete">Every server answered.</param>
/// <param name="Began">Milliseconds since 1970 UTC.</param>
internal sealed record WalkResult(
    IReadOnlyList<LiveRow> Rows,
    IReadOnlyList<Owned> All,
    IReadOnlyList<IdentityChange> Drifts,
    IReadOnlyList<Notice> Notices,
    bool Complete,
    long Began)
{
    /// <summary>
    /// Of other machines' sessions that are live here, as in a copied home: for the live file, where their owner finds them and does not give the conversation a second life.
    /// What they say of a session counts for nothing else.
    /// </summary>
    public IReadOnlyList<LiveRow> Guests { get; init; } = [];

    /// <summary>Live, and in no record that stands.</summary>
    public IEnumerable<Owned> Unregistered => All.Where(o => o.Record is null or { Deleted: true } && o.Sighting.Agent.AgentId.Length > 0);

    /// <summary>Live, and nothing outside tells which session it is.</summary>
    public IEnumerable<Owned> Unresolvable => All.Where(o => o.Record is null && o.Sighting.Agent.AgentId.Length == 0);
}

/// <summary>
/// Looks at everything alive on this machine and says what it means for the sessions recorded here. Writes nothing.
/// </summary>
internal sealed class Walk(IReadOnlyList<IAgent> agents, Lookout lookout, FactsReader facts, TmuxSurroundings surroundings, MachineName? machine, TimeProvider time)
{
    /// <summary>Where runners of ours leave what their turns have come to; null: nobody asks.</summary>
    public string? Home { get; init; }

    /// <summary>Asks tmux ahead of a look that is sure to come.</summary>
    public void Begin() => lookout.Begin();

    /// <summary>The whole look, for <c>list</c>.</summary>
    /// <param name="records">Every one of this machine's that is not deleted, at the least.</param>
    /// <param name="held">This machine's rows as last seen.</param>
    /// <param name="lastWalk">When that was, in milliseconds since 1970 UTC.</param>
    /// <param name="areAll">The records are all that there are: ids seen alive are looked for among them first.</param>
    public WalkResult Look(Snapshot snapshot, IEnumerable<SessionRecord> records, IReadOnlyCollection<LiveRow> held, long lastWalk, bool areAll = true)
    {
        var began = Now();
        var (scene, owned, now) = Sight(snapshot, held, null, areAll ? records : null);
        var runners = RunnersAtWork.In(scene.Processes, Home);
        var rows = new RowMaker(agents, facts, surroundings, scene, runners, now);
        var winners = Winners(owned, scene, out var notices);
        var before = held.ToDictionary(r => r.Uuid);
        rows.AddLive(winners.Values, before);

        var detached = new DetachedLook(agents, facts, scene, runners, owned, time, now);
        foreach (var record in records)
        {
            if (!record.Deleted && machine is not null && record.Machine == machine.Text && !winners.ContainsKey(record.Uuid))
                detached.Consider(record, before.GetValueOrDefault(record.Uuid), lastWalk);
        }

        return new WalkResult([.. rows.Rows, .. detached.Rows()], owned, Drifts(winners.Values), notices, scene.Blind.Count == 0, began) { Guests = Guests(owned, scene, now, before) };
    }

    /// <summary>One fresh look for one session of this machine. The result tells of it alone.</summary>
    public (LiveRow Row, Owned? Live, WalkResult Result) Observe(Snapshot snapshot, SessionRecord record, LiveRow? last)
    {
        var began = Now();
        var held = last is null ? Array.Empty<LiveRow>() : [last];
        var (scene, owned, now) = Sight(snapshot, held, record, null);
        var runners = RunnersAtWork.In(scene.Processes, Home);
        var winners = Winners(owned, scene, out var notices);
        var before = held.ToDictionary(r => r.Uuid);
        LiveRow row;
        if (winners.TryGetValue(record.Uuid, out var live))
        {
            var rows = new RowMaker(agents, facts, surroundings, scene, runners, now);
            rows.AddLive([live], before);
            row = rows.Rows[0];
        }
        else
        {
            row = new DetachedLook(agents, facts, scene, runners, owned, time, now).Look(record, last);
        }

        var drifts = live is null ? [] : Drifts([live]);
        return (row, live, new WalkResult([row], owned, drifts, notices, scene.Blind.Count == 0, began));
    }

    /// <summary>The agent live in one pane; null where none is.</summary>
    public Owned? InPane(Snapshot snapshot, TmuxPane pane, IReadOnlyCollection<LiveRow> held)
    {
        var processes = lookout.Processes();
        return lookout.InPane(pane, processes) is { } sighting
            ? new Ownership(snapshot, snapshot.Match, machine, processes, held, Now()).Of(sighting)
            : null;
    }

    private (Scene Scene, List<Owned> Owned, long Now) Sight(
        Snapshot snapshot, IReadOnlyCollection<LiveRow> held, SessionRecord? only, IEnumerable<SessionRecord>? records)
    {
        var scene = lookout.Look();
        var now = Now();
        Func<string, IReadOnlyList<SessionRecord>> match = records is null ? snapshot.Match : AmongFirst(records);
        var ownership = new Ownership(snapshot, match, machine, scene.Processes, held, now, only);
        var owned = new List<Owned>(scene.Sightings.Count);
        foreach (var sighting in scene.Sightings)
            owned.Add(ownership.Of(sighting));
        return (scene, owned, now);

        Func<string, IReadOnlyList<SessionRecord>> AmongFirst(IEnumerable<SessionRecord> decoded)
        {
            // What is decoded already need not be searched for once more; the few that are not there may be another machine's.
            var sighted = new SightedIds(scene.Sightings, decoded);
            return id => sighted.Of(id) is { Count: > 0 } found ? found : snapshot.Match(id);
        }
    }

    private IReadOnlyList<LiveRow> Guests(List<Owned> owned, Scene scene, long now, Dictionary<SessionId, LiveRow> before)
    {
        var guests = owned.Where(o => o.Record is { Deleted: false } record && record.Machine != machine?.Text).DistinctBy(o => o.Record!.Uuid).ToList();
        if (guests.Count == 0)
            return [];
        var rows = new RowMaker(agents, facts, surroundings, scene, RunnersAtWork.In(scene.Processes, null), now);
        rows.AddLive(guests, before);
        return rows.Rows;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>For each session of ours the sighting that counts. One seen twice is told: both places are named.</summary>
    private Dictionary<SessionId, Owned> Winners(List<Owned> owned, Scene scene, out List<Notice> notices)
    {
        notices = [.. scene.Notices];
        var winners = new Dictionary<SessionId, Owned>();
        foreach (var candidate in owned)
        {
            if (candidate.Record is not { Deleted: false } record || machine is null || record.Machine != machine.Text)
                continue;
            if (!winners.TryGetValue(record.Uuid, out var other))
            {
                winners[record.Uuid] = candidate;
                continue;
            }

            var (better, worse) = Sighting.CompareByWorth(candidate.Sighting, other.Sighting) > 0 ? (candidate, other) : (other, candidate);
            var also = new Evidence("live", "true", "process", $"also held in {worse.Sighting.Where}", 0);
            winners[record.Uuid] = better with { Evidence = [.. better.Evidence, also], AlsoIn = worse.Sighting.Where };
            if (better.Sighting.Pane is not null && worse.Sighting.Pane is not null)
            {
                notices.Add(new Notice(
                    "live-twice",
                    $"session {record.Uuid} runs twice, in {better.Sighting.Where} and in {worse.Sighting.Where}: its history may fork",
                    "end one of the two"));
            }
        }

        return winners;
    }

    private static List<IdentityChange> Drifts(IEnumerable<Owned> winners)
    {
        var drifts = new List<IdentityChange>();
        foreach (var owned in winners)
        {
            if (owned is { NewId: true, Record: { } record })
                drifts.Add(new IdentityChange(record.Uuid, record.AgentSessionId, owned.Sighting.Agent.AgentId, owned.Evidence));
        }

        return drifts;
    }
}
