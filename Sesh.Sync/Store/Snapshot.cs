using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>One reading of the store. Cheap to make: records are decoded when asked for. Valid until its store is disposed of.</summary>
public sealed class Snapshot
{
    private const int MostMatched = 1024;

    private readonly IReadOnlyList<Notice> _notices;

    // A daemon asks for the same ids at every look.
    private readonly Dictionary<string, IReadOnlyList<SessionRecord>> _matched = new(StringComparer.Ordinal);

    /// <param name="notices">What was noticed beside what the source tells.</param>
    internal Snapshot(ISessionSource source, IReadOnlyList<Notice>? notices = null)
    {
        Source = source;
        _notices = notices is null or [] ? source.Notices : [.. notices, .. source.Notices];
    }

    /// <summary>All sessions, deleted ones too.</summary>
    public int Count => Source.Count;

    public IReadOnlyList<Notice> Notices => _notices;

    internal ISessionSource Source { get; }

    /// <summary>In ascending order of uuid; deleted ones too (the caller filters).</summary>
    public IEnumerable<SessionRecord> Records() => Source.Records();

    /// <summary>Of these the sessions that the machine owns; decodes no others.</summary>
    public IEnumerable<SessionRecord> RecordsOf(string machine) => Source.RecordsOf(machine);

    public SessionRecord? Find(SessionId session) => Source.Find(session);

    /// <summary>
    /// Sessions whose uuid, agent's id or a former id begins with the prefix, without regard to case, in ascending order of uuid, deleted ones too.
    /// </summary>
    public IReadOnlyList<SessionRecord> Match(string prefix)
    {
        lock (_matched)
        {
            if (_matched.TryGetValue(prefix, out var known))
                return known;
        }

        var found = Source.Match(prefix);
        lock (_matched)
        {
            if (_matched.Count >= MostMatched)
                _matched.Clear();
            _matched[prefix] = found;
        }

        return found;
    }

    /// <summary>The registers, for writers, conflicts and <c>explain</c>; null for a session not held.</summary>
    public SessionState? State(SessionId session) => Source.State(session);

    /// <summary>Tags of sessions that are not deleted, ordinal order.</summary>
    public IReadOnlyList<TagCount> Tags() => Source.Tags();

    /// <summary>The machine a replica belongs to; empty where unknown.</summary>
    public string MachineOf(ReplicaId replica) => Source.MachineOf(replica);
}
