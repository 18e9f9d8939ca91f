using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// What is held of one replica: its branches, and fragments of its chain that other documents quote. One branch is the rule; then seq decides and
/// all of this is hardly asked.
/// </summary>
internal sealed class ReplicaBranches
{
    private readonly List<Chain> _fragments = [];
    private Chain[]? _chains;
    private long[,]? _partings;

    public ReplicaBranches(ReplicaId replica, ImmutableArray<Document> branches, bool isOwn)
    {
        Replica = replica;
        Branches = branches;
        IsOwn = isOwn;
        IsForked = branches.Length > 1;
    }

    public ReplicaId Replica { get; }

    public ImmutableArray<Document> Branches { get; }

    /// <summary>Written by this installation: what its document does not hold stands on another branch.</summary>
    public bool IsOwn { get; private set; }

    /// <summary>More than one branch is known, be it by a quoted frame.</summary>
    public bool IsForked { get; private set; }

    private Chain[] Chains => _chains ??= [.. Branches.Select(Chain.Of)];

    /// <summary>For two branches, the last end up to which they are one.</summary>
    private long[,] Partings
    {
        get
        {
            if (_partings is not null)
                return _partings;
            _partings = new long[Chains.Length, Chains.Length];
            for (var i = 0; i < Chains.Length; i++)
            {
                for (var j = 0; j < Chains.Length; j++)
                    _partings[i, j] = Chains[i].Fork(Chains[j]);
            }

            return _partings;
        }
    }

    /// <summary>Takes a frame's quoted entries of this replica: they stand on one chain, as in the document they came from.</summary>
    public void AddFragment(IReadOnlyCollection<EntryName> names)
    {
        SortedDictionary<long, ulong> marks = new() { [0] = 0 };
        foreach (var name in names)
            marks[name.Seq] = name.Check.Bits;
        var fragment = new Chain([.. marks.Keys], [.. marks.Values], 0);
        IsForked |= Chains.Any(c => names.Any(n => c.Contradicts(new Mark(n.Seq, n.Check))))
            || _fragments.Any(f => names.Any(n => f.At(n.Seq) is { } check && check != n.Check));
        _fragments.Add(fragment);
        // It is quoted because the document was damaged: what it does not hold may have stood in it.
        IsOwn = false;
    }

    /// <summary>Whether the position stands where the only branch cannot hold it, which shows that there is another.</summary>
    public bool IsElsewhere(Mark mark)
    {
        if (Branches.Length != 1)
            return false;
        var chain = Chains[0];
        return chain.Contradicts(mark) || (IsOwn && mark.Seq > chain.End);
    }

    /// <summary>Of the only branch: whether it holds the position, or held it before that aged out.</summary>
    public bool IsHeld(Mark mark) => Branches.Length == 1 && Chains[0].HoldsOrAged(mark);

    /// <summary>Whether one held document, or fragment of one, holds both.</summary>
    public bool HoldBoth(Mark a, Mark b)
    {
        if (!IsForked && IsHeld(a) && IsHeld(b))
            return true;
        for (var i = 0; i < Branches.Length; i++)
        {
            if (IsOn(i, a) && IsOn(i, b))
                return true;
        }

        foreach (var fragment in _fragments)
        {
            if (fragment.At(a.Seq) == a.Check && fragment.At(b.Seq) == b.Check)
                return true;
        }

        return false;
    }

    /// <summary>Whether the position provably stands on a branch: on its own chain, or on another's before the two part.</summary>
    private bool IsOn(int branch, Mark mark)
    {
        var chain = Chains[branch];
        if (chain.Holds(mark))
            return true;
        for (var i = 0; i < Chains.Length; i++)
        {
            if (i != branch && Chains[i].Holds(mark) && Partings[branch, i] >= mark.Seq)
                return true;
        }

        return false;
    }
}
