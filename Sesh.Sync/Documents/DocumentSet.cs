using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// Every document held, and the sessions they make: the fold. Commutative, associative, idempotent: order and repeats of the documents do
/// not show. Immutable to its users; folds when first asked. Not thread-safe.
/// </summary>
public sealed class DocumentSet : IChains
{
    private readonly Dictionary<ReplicaId, ReplicaBranches> _replicas = [];
    private readonly Dictionary<ReplicaId, string> _quotedMachines = [];
    private ImmutableArray<SessionState>? _states;

    private DocumentSet()
    {
    }

    /// <summary>Every branch of every replica, in ascending order of (replica, head).</summary>
    public ImmutableArray<Document> Documents { get; private init; }

    /// <summary>Replicas of which more than one branch is known, ascending. A context may tell of one more that is not held yet.</summary>
    public IEnumerable<ReplicaId> Forked => _replicas.Values.Where(r => r.IsForked).Select(r => r.Replica).Order();

    /// <summary>Whether <see cref="Forked"/> names any.</summary>
    public bool IsForked => _replicas.Values.Any(r => r.IsForked);

    /// <summary>Whether any document quotes another (store.md, "Damage").</summary>
    public bool HasQuotes { get; private set; }

    /// <param name="copies">Copies of documents as read, in any order, several of one replica among them.</param>
    /// <param name="own">
    /// Replicas that this installation writes or wrote, but for those whose document was damaged: such a document is whole, so a name beyond its end
    /// is of another branch.
    /// </param>
    public static DocumentSet Of(IEnumerable<Document> copies, IReadOnlyCollection<ReplicaId>? own = null)
    {
        var byReplica = new SortedDictionary<ReplicaId, List<Document>>();
        foreach (var copy in copies)
        {
            if (!byReplica.TryGetValue(copy.Replica, out var list))
                byReplica.Add(copy.Replica, list = []);
            list.Add(copy);
        }

        var branches = byReplica.Select(r => (r.Key, Branches: Sync.Documents.Branches.Of(r.Value))).ToArray();
        var set = new DocumentSet { Documents = [.. branches.SelectMany(r => r.Branches)] };
        foreach (var (replica, held) in branches)
            set._replicas.Add(replica, new ReplicaBranches(replica, held, own?.Contains(replica) == true));
        foreach (var document in set.Documents)
            set.AddQuotes(document);
        return set;
    }

    /// <summary>The branches held of one replica: none, one, or more where it is forked.</summary>
    public ImmutableArray<Document> BranchesOf(ReplicaId replica) => Find(replica)?.Branches ?? [];

    /// <summary>The machine a replica says it is of; empty where unknown.</summary>
    public string MachineOf(ReplicaId replica) =>
        Find(replica) is { Branches: [var first, ..] } ? first.Machine : _quotedMachines.GetValueOrDefault(replica, "");

    /// <summary>All sessions in ascending order, deleted ones too.</summary>
    public ImmutableArray<SessionState> States() => _states ??= Fold(only: null);

    /// <summary>One session; null where no document knows it.</summary>
    public SessionState? State(SessionId session)
    {
        if (_states is not { } states)
            return Fold(session) is [var found] ? found : null;
        var (low, high) = (0, states.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = states[middle].Uuid.CompareTo(session);
            if (order == 0)
                return states[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>
    /// The highest time that counts for a clock whose wall stands at <paramref name="wall"/> (milliseconds since 1970 UTC); zero where nothing is held.
    /// </summary>
    public Hlc Highest(long wall)
    {
        Hlc highest = default;
        foreach (var document in Documents)
        {
            foreach (var entry in document.Entries())
            {
                if (entry.Hlc > highest && Clock.Counts(entry.Hlc, wall))
                    highest = entry.Hlc;
            }
        }

        return highest;
    }

    /// <inheritdoc/>
    public bool HoldBoth(ReplicaId replica, Mark lower, Mark higher) => Find(replica)?.HoldBoth(lower, higher) == true;

    /// <summary>
    /// Whether somebody has seen more of one's own document than it holds: then this home was put back from a backup or is a copy, and must write
    /// under a new replica id.
    /// </summary>
    public bool IsOutrun(ReplicaId own)
    {
        if (Find(own) is not { } held)
            return false;
        var end = held.Branches.Max(b => b.End);
        foreach (var document in Documents)
        {
            foreach (var entry in document.Entries())
            {
                if (entry.Context.IsEmpty || entry.Name.Replica == own)
                    continue;
                foreach (var mark in entry.Context.Of(own))
                {
                    if (mark.Seq > end)
                        return true;
                }
            }
        }

        return false;
    }

    internal ReplicaBranches? Find(ReplicaId replica) => _replicas.GetValueOrDefault(replica);

    private void AddQuotes(Document document)
    {
        foreach (var frame in document.Frames)
        {
            if (frame.Quotes)
                AddQuotes(document, frame.Entries);
        }

        foreach (var frame in document.Base.Where(b => b.Entry.Name.Replica != document.Replica).GroupBy(b => b.FrameEnd))
            AddQuotes(document, frame.Select(b => b.Entry));
    }

    private void AddQuotes(Document document, IEnumerable<Entry> entries)
    {
        HasQuotes = true;
        foreach (var quoted in entries.Select(e => e.Name).GroupBy(n => n.Replica))
        {
            if (quoted.Key == document.Replica)
                continue;
            if (!_replicas.TryGetValue(quoted.Key, out var branches))
                _replicas.Add(quoted.Key, branches = new ReplicaBranches(quoted.Key, [], isOwn: false));
            branches.AddFragment([.. quoted]);
            // Only the installation that wrote a document quotes from it.
            _quotedMachines[quoted.Key] = document.Machine;
        }
    }

    private ImmutableArray<SessionState> Fold(SessionId? only) => new SessionsFold(this, only).ToStates();
}
