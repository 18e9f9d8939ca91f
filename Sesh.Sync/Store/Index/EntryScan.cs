using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>What an index needs to know of all entries, of those too that nothing shows any more.</summary>
internal sealed class EntryScan
{
    private readonly Dictionary<ReplicaId, Chain> _chains;
    private readonly IReadOnlySet<ReplicaId> _whole;

    public EntryScan(DocumentReading reading, Dictionary<ReplicaId, Chain> chains, long wall)
    {
        _chains = chains;
        _whole = reading.Whole;
        Times = new Times(wall);
        IsPlain = !reading.Set.IsForked && !reading.Set.HasQuotes && chains.Count == reading.Loaded.Count
            && reading.Loaded.All(l => l.Document.Damage.IsEmpty && l.Document.Behind.IsEmpty);
        foreach (var document in reading.Set.Documents)
        {
            foreach (var entry in document.Entries())
                Add(entry);
        }
    }

    public Times Times { get; }

    public NamedMarks Named { get; } = new();

    public bool IsPlain { get; private set; }

    private void Add(Entry entry)
    {
        Times.Add(entry.Hlc);
        if (entry.Context.IsEmpty)
            return;
        foreach (var (replica, marks) in entry.Context.Seen)
        {
            foreach (var mark in marks)
            {
                var chain = _chains.GetValueOrDefault(replica);
                Named.Add(replica, mark.Seq, isHeld: chain is not null && mark.Seq <= chain.End);
                IsPlain &= chain is null || replica == entry.Name.Replica || (!chain.Contradicts(mark) && (mark.Seq <= chain.End || !_whole.Contains(replica)));
            }
        }
    }
}
