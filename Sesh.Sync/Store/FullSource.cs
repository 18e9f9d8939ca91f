using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>A snapshot's data from a full decode: right by construction, and what the index is checked against.</summary>
internal sealed class FullSource : IWriterSource
{
    private readonly DocumentReading _reading;
    private readonly Dictionary<SessionId, SessionRecord> _records = [];

    public FullSource(DocumentReading reading) => _reading = reading;

    public int Count => _reading.Set.States().Count(s => !s.ShowsNothing);

    public IReadOnlyList<Notice> Notices => _reading.Notices;

    public IChains Chains => _reading.Set;

    public static FullSource Of(DocumentFiles files) => new(DocumentReading.Of(files));

    public IEnumerable<SessionRecord> RecordsOf(string machine) => Records().Where(r => r.Machine == machine);

    public IEnumerable<SessionRecord> Records()
    {
        foreach (var state in _reading.Set.States())
        {
            if (!state.ShowsNothing)
                yield return Record(state);
        }
    }

    public SessionRecord? Find(SessionId session) => State(session) is { ShowsNothing: false } state ? Record(state) : null;

    public IReadOnlyList<SessionRecord> Match(string prefix)
    {
        bool Begins(string id) => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        var found = new List<SessionRecord>();
        foreach (var record in Records())
        {
            if (Begins(record.Uuid.ToString()) || Begins(record.AgentSessionId) || record.FormerIds.Any(Begins))
                found.Add(record);
        }

        return found;
    }

    public SessionState? State(SessionId session) => _reading.Set.State(session);

    public IReadOnlyList<TagCount> Tags()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var record in Records())
        {
            if (record.Deleted)
                continue;
            foreach (var tag in record.Tags)
                counts[tag] = counts.GetValueOrDefault(tag) + 1;
        }

        return [.. counts.Select(c => new TagCount(c.Key, c.Value))];
    }

    public string MachineOf(ReplicaId replica) => _reading.Set.MachineOf(replica);

    public Hlc Highest(long wall) => _reading.Set.Highest(wall);

    public bool IsOutrun(ReplicaId own)
    {
        var held = _reading.Loaded.FirstOrDefault(l => l.File.IsOwn && l.Document.Header.Replica == own).Document?.Document;
        var end = held?.End ?? 0;
        foreach (var branch in _reading.Set.BranchesOf(own))
        {
            if (branch.End > end || Branches.Merge(branch, held!) is null)
                return true;
        }

        foreach (var document in _reading.Set.Documents)
        {
            foreach (var entry in document.Entries())
            {
                if (!entry.Context.IsEmpty && entry.Context.Of(own) is [.., var last] && last.Seq > end)
                    return true;
            }
        }

        return false;
    }

    public bool IsPrivate(ReplicaId replica) => _reading.Privates.Contains(replica);

    public DocumentHead? HeadOf(string path)
    {
        foreach (var (file, document) in _reading.Loaded)
        {
            if (file.Path == path && document.IsSound)
                return new DocumentHead(document.Document.End, document.Document.Head, document.SoundLength);
        }

        return null;
    }

    private SessionRecord Record(SessionState state)
    {
        if (!_records.TryGetValue(state.Uuid, out var record))
            _records[state.Uuid] = record = _reading.Record(state);
        return record;
    }
}
