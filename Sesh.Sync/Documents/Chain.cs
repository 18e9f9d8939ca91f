namespace Sesh.Sync.Documents;

/// <summary>
/// The positions one document knows the digest of: the ends of its frames, of frames that compaction dropped after L, and of earlier
/// generations. Immutable. After <see cref="AgedTo"/> no end is missing, so the frame of any later number is found by bisection.
/// </summary>
public sealed class Chain
{
    private readonly long[] _ends;
    private readonly ulong[] _checks;

    /// <param name="ends">Ascending, without repeats, beginning with 0.</param>
    /// <param name="checks">Of the same length; the first is 0.</param>
    /// <param name="agedTo">L of the document.</param>
    public Chain(long[] ends, ulong[] checks, long agedTo)
    {
        if (ends.Length == 0 || ends.Length != checks.Length)
            throw new ArgumentException("a chain has as many checks as ends, and at least the one at 0", nameof(ends));
        _ends = ends;
        _checks = checks;
        AgedTo = agedTo;
    }

    public ReadOnlySpan<long> Ends => _ends;

    public ReadOnlySpan<ulong> Checks => _checks;

    public long AgedTo { get; }

    public long End => _ends[^1];

    public static Chain Of(Document document)
    {
        var marks = new List<(long End, ulong Check)>(1 + document.Frames.Length + document.Base.Length) { (0, 0) };
        foreach (var generation in document.Generations)
            marks.Add((generation.Seq, generation.Digest.Check.Bits));
        foreach (var dropped in document.Dropped)
            marks.Add((dropped.Seq, dropped.Check.Bits));
        foreach (var kept in document.Base)
        {
            // A quoted entry's check is that of the frame it was quoted from.
            if (kept.Entry.Name.Replica == document.Replica)
                marks.Add((kept.FrameEnd, kept.Entry.Name.Check.Bits));
        }

        if (marks.Count > 1)
            marks.Sort((a, b) => a.End.CompareTo(b.End));
        foreach (var frame in document.Frames)
            marks.Add((frame.End, frame.Digest.Check.Bits));

        var count = 0;
        var ends = new long[marks.Count];
        var checks = new ulong[marks.Count];
        foreach (var (end, check) in marks)
        {
            if (count > 0 && ends[count - 1] >= end)
                continue;
            ends[count] = end;
            checks[count++] = check;
        }

        Array.Resize(ref ends, count);
        Array.Resize(ref checks, count);
        return new Chain(ends, checks, document.AgedTo);
    }

    /// <summary>The check at a frame's end; null where none is known there.</summary>
    public Check? At(long end)
    {
        var i = FirstFrom(end);
        return i < _ends.Length && _ends[i] == end ? new Check(_checks[i]) : null;
    }

    /// <summary>Whether the position provably stands on this chain.</summary>
    public bool Holds(Mark mark)
    {
        var i = FirstFrom(mark.Seq);
        return i < _ends.Length && _checks[i] == mark.Check.Bits;
    }

    /// <summary>Whether the position provably stands on another branch: this chain has another frame there.</summary>
    public bool Contradicts(Mark mark) => mark.Seq > AgedTo && mark.Seq <= End && !Holds(mark);

    /// <summary>Whether the position stands on this chain as far as can be told, where it is the only one known.</summary>
    public bool HoldsOrAged(Mark mark) => mark.Seq <= AgedTo || Holds(mark);

    /// <summary>The last end at which both chains have the same digest; null where they differ at an end both know.</summary>
    public long? Common(Chain other) => Compare(other, out var common) ? common : null;

    /// <summary>The last end up to which both chains agree, whatever comes behind.</summary>
    public long Fork(Chain other)
    {
        Compare(other, out var common);
        return common;
    }

    private bool Compare(Chain other, out long common)
    {
        common = 0;
        for (int i = 0, j = 0; i < _ends.Length && j < other._ends.Length;)
        {
            if (_ends[i] < other._ends[j])
            {
                i++;
            }
            else if (_ends[i] > other._ends[j])
            {
                j++;
            }
            else if (_checks[i] != other._checks[j])
            {
                return false;
            }
            else
            {
                common = _ends[i];
                i++;
                j++;
            }
        }

        return true;
    }

    private int FirstFrom(long seq)
    {
        // Where every operation has one entry, the number is the place.
        var guess = seq - _ends[0];
        if (guess > 0 && guess < _ends.Length && _ends[guess] == seq)
            return (int)guess;
        var found = Array.BinarySearch(_ends, seq);
        return found >= 0 ? found : ~found;
    }
}
