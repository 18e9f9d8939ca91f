using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// A pure function of (prefix up to S, L): whoever holds the prefix computes the same. An entry that only other documents replace stays,
/// for a reader may hold this document without them (store.md, E7).
/// </summary>
public static class Compaction
{
    /// <summary>
    /// The document with everything up to <paramref name="compactTo"/> (S) compacted and operations up to <paramref name="ageTo"/> (L) aged out.
    /// </summary>
    /// <param name="document">The one to compact.</param>
    /// <param name="compactTo">The end of a frame, not before what is compacted already.</param>
    /// <param name="ageTo">Not after S, not before what aged out already.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not.</exception>
    public static Document Compact(Document document, long compactTo, long ageTo)
    {
        var digest = DigestAt(document, compactTo) ?? throw new ArgumentOutOfRangeException(nameof(compactTo), compactTo, "not the end of a frame");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ageTo, compactTo);
        ArgumentOutOfRangeException.ThrowIfLessThan(ageTo, document.AgedTo);

        var compacted = Prefix(document, compactTo);
        var last = Last(document.Replica, compacted);
        var collected = Collected(last.Values);
        var kept = ImmutableArray.CreateBuilder<BaseEntry>(last.Count);
        foreach (var entry in compacted)
        {
            // In the order of the document, which for its own entries is that of their numbers.
            if (last[Key(document.Replica, entry)].Entry.Name == entry.Entry.Name && IsKept(entry.Entry, collected))
                kept.Add(entry);
        }

        var generations = document.Generations.RemoveAll(g => g.Seq == compactTo).Add(new ChainMark(compactTo, digest));
        return document with
        {
            Generation = document.Generation + 1,
            CompactedTo = compactTo,
            AgedTo = ageTo,
            Base = kept.DrainToImmutable(),
            Dropped = Dropped(document, compactTo, ageTo, kept: last.Values.Where(b => IsKept(b.Entry, collected)), generations),
            Generations = generations,
            Frames = document.Frames.RemoveAll(f => f.End <= compactTo),
        };
    }

    /// <summary>
    /// L for a compaction now: the last end before the first entry that is not older than <paramref name="milliseconds"/> since 1970 UTC.
    /// </summary>
    public static long AgedBefore(Document document, long milliseconds)
    {
        var aged = document.AgedTo;
        foreach (var kept in document.Base)
        {
            if (kept.Entry.Hlc.Milliseconds >= milliseconds)
                return aged;
            aged = Math.Max(aged, kept.FrameEnd);
        }

        aged = Math.Max(aged, document.CompactedTo);
        foreach (var frame in document.Frames)
        {
            if (frame.Entries.Any(e => e.Hlc.Milliseconds >= milliseconds))
                return aged;
            aged = frame.End;
        }

        return aged;
    }

    private static Digest? DigestAt(Document document, long seq)
    {
        foreach (var frame in document.Frames)
        {
            if (frame.End == seq)
                return frame.Digest;
        }

        return seq == document.CompactedTo && seq > 0 ? document.Generations[^1].Digest : null;
    }

    private static List<BaseEntry> Prefix(Document document, long compactTo)
    {
        var prefix = new List<BaseEntry>(document.Base);
        foreach (var frame in document.Frames)
        {
            if (frame.End > compactTo)
                break;
            foreach (var entry in frame.Entries)
                prefix.Add(new BaseEntry(entry, frame.End));
        }

        return prefix;
    }

    /// <summary>
    /// Quoted entries of one frame stand on one chain, those of two frames need not, so the last of each frame stays.
    /// </summary>
    private static (ReplicaId, Register, long) Key(ReplicaId replica, BaseEntry entry) =>
        (entry.Entry.Name.Replica, entry.Entry.Register, entry.Entry.Name.Replica == replica ? 0 : entry.FrameEnd);

    private static Dictionary<(ReplicaId, Register, long), BaseEntry> Last(ReplicaId replica, List<BaseEntry> prefix)
    {
        var last = new Dictionary<(ReplicaId, Register, long), BaseEntry>(prefix.Count);
        foreach (var entry in prefix)
        {
            var key = Key(replica, entry);
            if (!last.TryGetValue(key, out var held) || held.Entry.Name.Seq < entry.Entry.Name.Seq)
                last[key] = entry;
        }

        return last;
    }

    private static HashSet<SessionId> Collected(IEnumerable<BaseEntry> last) =>
        [.. last.Where(b => b.Entry.Register.Field == Field.Collected && b.Entry.Value == Value.True).Select(b => b.Entry.Register.Session)];

    private static bool IsKept(Entry entry, HashSet<SessionId> collected) =>
        entry.Register.Field is Field.Deleted or Field.Collected || !collected.Contains(entry.Register.Session);

    private static ImmutableArray<Mark> Dropped(
        Document document, long compactTo, long ageTo, IEnumerable<BaseEntry> kept, ImmutableArray<ChainMark> generations)
    {
        var known = generations.Select(g => g.Seq).ToHashSet();
        known.UnionWith(kept.Where(b => b.Entry.Name.Replica == document.Replica).Select(b => b.FrameEnd));
        var marks = new List<Mark>();
        var chain = Chain.Of(document);
        for (var i = 1; i < chain.Ends.Length && chain.Ends[i] <= compactTo; i++)
        {
            // The last end at or before L stays as well: it proves that a younger branch shares what aged out.
            var isAged = i + 1 < chain.Ends.Length && chain.Ends[i + 1] <= ageTo;
            if (!isAged && !known.Contains(chain.Ends[i]))
                marks.Add(new Mark(chain.Ends[i], new Check(chain.Checks[i])));
        }

        return [.. marks];
    }
}
