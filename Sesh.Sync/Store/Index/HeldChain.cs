using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>One document's chain: its ends as the index has them, and those of the frames behind.</summary>
internal sealed class HeldChain(KeyTable marks, long agedTo, long indexedEnd)
{
    private readonly List<(long End, ulong Check)> _behind = [];

    public static UInt128 Key(long end, ulong check) => new((ulong)end, check);

    public long End => _behind.Count > 0 ? _behind[^1].End : indexedEnd;

    public IReadOnlyList<(long End, ulong Check)> Behind => _behind;

    public void Add(Frame frame) => _behind.Add((frame.End, frame.Digest.Check.Bits));

    /// <summary>Whether the position stands on this chain as far as can be told: see <see cref="Chain.HoldsOrAged"/>.</summary>
    public bool Holds(Mark mark)
    {
        if (mark.Seq <= agedTo)
            return true;
        if (mark.Seq > End)
            return false;
        if (mark.Seq <= indexedEnd)
        {
            var first = marks.FirstFrom(Key(mark.Seq, 0));
            return first < marks.Count && (ulong)marks.Key(first) == mark.Check.Bits;
        }

        foreach (var (end, check) in _behind)
        {
            if (end >= mark.Seq)
                return check == mark.Check.Bits;
        }

        return false;
    }
}
