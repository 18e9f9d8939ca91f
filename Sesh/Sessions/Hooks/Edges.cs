using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Hooks;

/// <summary>
/// What happened between one look at all sessions and the next. The first look is where things stand, and tells nothing: nothing that happened while nobody looked is made up
/// for. A turn status counts when it has stood for a second, so that flapping is not told; unknown is not a status, and never told. Pure, but for what it remembers.
/// </summary>
internal sealed class Edges
{
    /// <summary>A turn status that has changed must stand so long, in milliseconds.</summary>
    public const long Settling = 1000;

    /// <summary>What appears and is older came from elsewhere, a peer met for the first time, and was not just created. Generous: clocks differ.</summary>
    private const long JustNow = 10 * 60_000;

    private readonly Dictionary<SessionId, Seen> _seen = [];
    private bool _isFirst = true;

    /// <summary>When to look again at the latest though nothing changes: a status is settling. Null: nothing is.</summary>
    public long? Due { get; private set; }

    /// <param name="sessions">All that are not deleted.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public IReadOnlyList<Edge> Look(IReadOnlyCollection<HookSession> sessions, long now)
    {
        var edges = new List<Edge>();
        var there = new HashSet<SessionId>(sessions.Count);
        Due = null;
        foreach (var session in sessions)
        {
            there.Add(session.Uuid);
            if (_seen.TryGetValue(session.Uuid, out var seen))
            {
                Labels(seen.Session, session, edges);
                _seen[session.Uuid] = Turn(seen, session, now, edges);
                continue;
            }

            if (!_isFirst && now - session.CreatedAt < JustNow)
                edges.Add(new Edge("created", "", "", session));
            _seen[session.Uuid] = new Seen(session, session.Status, session.Status, now);
        }

        foreach (var (uuid, seen) in _seen.Where(s => !there.Contains(s.Key)).ToList())
        {
            edges.Add(new Edge("deleted", "", "", seen.Session));
            _seen.Remove(uuid);
        }

        _isFirst = false;
        return edges;
    }

    private static void Labels(HookSession before, HookSession now, List<Edge> edges)
    {
        if (before.Name != now.Name)
            edges.Add(new Edge("renamed", before.Name, now.Name, now));
        if (before.Archived != now.Archived)
            edges.Add(new Edge(now.Archived ? "archived" : "unarchived", "", "", now));
        if (!before.Tags.SequenceEqual(now.Tags))
            edges.Add(new Edge("tags_changed", string.Join(',', before.Tags), string.Join(',', now.Tags), now));
        if (before.Live != now.Live)
            edges.Add(new Edge("live_changed", before.Live ? "true" : "false", now.Live ? "true" : "false", now));
    }

    private Seen Turn(Seen seen, HookSession session, long now, List<Edge> edges)
    {
        if (session.Status == TurnStatus.Unknown || session.Status == seen.Told)
            return seen with { Session = session, Pending = seen.Told };
        // The first that is known of it is where it stands.
        if (seen.Told == TurnStatus.Unknown)
            return new Seen(session, session.Status, session.Status, now);
        var since = session.Status == seen.Pending ? seen.Since : now;
        // A clock that was set back must not hold it for ever.
        if (now - since is >= 0 and < Settling)
        {
            Due = Math.Min(Due ?? long.MaxValue, since + Settling);
            return new Seen(session, seen.Told, session.Status, since);
        }

        var (from, to) = (SessionView.Word(seen.Told), SessionView.Word(session.Status));
        edges.Add(new Edge("busy_changed", from, to, session));
        if (session.Status == TurnStatus.Blocked)
            edges.Add(new Edge("blocked", from, to, session));
        return new Seen(session, session.Status, session.Status, now);
    }

    /// <param name="Told">The turn status that was told last.</param>
    /// <param name="Pending">One that is settling, since then; else as told.</param>
    private sealed record Seen(HookSession Session, TurnStatus Told, TurnStatus Pending, long Since);
}
