using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Bench.Data;

/// <summary>One machine in memory: what it holds of each register, and the frames it appends to its own document.</summary>
internal sealed class Replica : IChains
{
    private readonly Dictionary<Register, RegisterState> _held = [];
    private readonly List<Entry> _written = [];
    private readonly MemoryStream _appended = new();
    private readonly int[] _seen = new int[Workload.Machines.Count];
    private readonly ReplicaId _id;
    private Digest _head;
    private Hlc _highest;
    private long _end;

    public Replica(Document born)
    {
        _id = born.Replica;
        _head = born.Head;
        _end = born.End;
        foreach (var entry in born.Entries())
            Hold(entry, own: true);
    }

    /// <summary>Bytes to append to the document as it was when this was made.</summary>
    public ReadOnlySpan<byte> Appended => _appended.GetBuffer().AsSpan(0, (int)_appended.Length);

    // Nobody is forked here, and everybody holds whole documents.
    bool IChains.HoldBoth(ReplicaId replica, Mark lower, Mark higher) => true;

    public void Write(string verb, long wall, IEnumerable<Setting> settings)
    {
        var drafted = Writing.Draft([.. settings], r => _held.GetValueOrDefault(r), _id, _end + 1, Clock.Now(wall, _highest), this);
        if (drafted.Entries.IsEmpty)
            return;
        var operation = new Operation(verb, [], wall, drafted.Before);
        var (block, frame) = DocumentWriter.Frame(_id, _head, new Frame(_end + 1, _end + drafted.Entries.Length, Digest.Zero, drafted.Entries, operation));
        _appended.Write(block);
        _head = frame.Digest;
        _end = frame.End;
        foreach (var entry in frame.Entries)
            Hold(entry, own: true);
    }

    /// <summary>The members of the group learn what any of them knows.</summary>
    public static void Exchange(IReadOnlyList<Replica> all, IReadOnlyCollection<int> group)
    {
        for (var author = 0; author < all.Count; author++)
        {
            var known = group.Max(m => m == author ? all[m]._written.Count : all[m]._seen[author]);
            foreach (var member in group.Where(m => m != author).Select(m => all[m]))
            {
                for (ref var seen = ref member._seen[author]; seen < known; seen++)
                    member.Hold(all[author]._written[seen], own: false);
            }
        }
    }

    private void Hold(Entry entry, bool own)
    {
        if (own)
            _written.Add(entry);
        if (entry.Hlc > _highest)
            _highest = entry.Hlc;
        _held[entry.Register] = _held.TryGetValue(entry.Register, out var state) ? state.With(entry, this) : RegisterState.Of(entry, this);
    }
}
