using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// Several copies of one replica's document become one, or stay apart as branches. What is held of a branch is always gap-free: a copy
/// replaces, extends or contains another, parts of two are never mixed (store.md, "Chain", "Compaction").
/// </summary>
public static class Branches
{
    /// <summary>
    /// The branches that these copies of one replica's document make, in ascending order of their heads. The order of the copies does not show.
    /// </summary>
    public static ImmutableArray<Document> Of(IReadOnlyList<Document> copies)
    {
        if (copies.Count == 1)
            return [copies[0]];
        var chains = copies.Select(Chain.Of).ToArray();
        var branches = new List<Document>();
        for (var i = 0; i < copies.Count; i++)
        {
            var grown = Grow(copies, chains, i);
            if (!branches.Any(b => IsSame(b, grown)))
                branches.Add(grown);
        }

        return [.. branches.OrderBy(b => b.Head.High).ThenBy(b => b.Head.Low)];
    }

    /// <summary>One document that holds all of both, or null where they are two branches. Both are of one replica.</summary>
    public static Document? Merge(Document a, Document b) => Merge(a, Chain.Of(a), b, Chain.Of(b));

    /// <summary>
    /// Every copy grows by all others it agrees with, and none is used up by that: a compacted copy of what two branches share compacts both,
    /// whichever came first.
    /// </summary>
    private static Document Grow(IReadOnlyList<Document> copies, Chain[] chains, int start)
    {
        var (grown, chain) = (copies[start], chains[start]);
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < copies.Count; i++)
            {
                if (Merge(grown, chain, copies[i], chains[i]) is { } merged && !IsSame(merged, grown))
                {
                    (grown, chain) = (merged, Chain.Of(merged));
                    changed = true;
                }
            }
        }

        return grown;
    }

    internal static bool IsSame(Document a, Document b) =>
        a.End == b.End && a.Head == b.Head && a.CompactedTo == b.CompactedTo && a.AgedTo == b.AgedTo && a.Generation == b.Generation;

    private static Document? Merge(Document a, Chain chainOfA, Document b, Chain chainOfB)
    {
        if (IsSame(a, b))
            return a;
        if (chainOfA.Common(chainOfB) is not { } common)
            return null;
        var (high, highChain, low) = ComparePrecedence(a, b) >= 0 ? (a, chainOfA, b) : (b, chainOfB, a);
        if (high.End > common && low.End > common)
            return low.End <= highChain.AgedTo && Contains(high, low, common) ? high : null;
        if (low.End <= high.End)
            return high;
        var behind = low.Frames.Where(f => f.Start > high.End).ToImmutableArray();
        return high with { Frames = high.Frames.AddRange(behind) };
    }

    /// <summary>The more compacted copy is the base of the merged one.</summary>
    internal static int ComparePrecedence(Document a, Document b)
    {
        var order = a.CompactedTo.CompareTo(b.CompactedTo);
        if (order == 0)
            order = a.AgedTo.CompareTo(b.AgedTo);
        return order == 0 ? a.Generation.CompareTo(b.Generation) : order;
    }

    /// <summary>
    /// A copy that ends where the other's frames aged out has no check to be known by: it gives way when each of its registers is there with
    /// the same entry or a later one. Of a collected session only the tombstone is kept, so its other registers need not be there.
    /// </summary>
    private static bool Contains(Document high, Document low, long common)
    {
        var held = new Dictionary<(ReplicaId, Register), EntryName>();
        var collected = new HashSet<SessionId>();
        foreach (var entry in high.Entries())
        {
            var key = (entry.Name.Replica, entry.Register);
            if (!held.TryGetValue(key, out var other) || other.Seq <= entry.Name.Seq)
                held[key] = entry.Name;
            if (entry.Register.Field == Field.Collected && entry.Value == Value.True)
                collected.Add(entry.Register.Session);
        }

        foreach (var entry in low.Entries())
        {
            if (entry.Name.Replica == low.Replica && entry.Name.Seq <= common)
                continue;
            var isThere = held.TryGetValue((entry.Name.Replica, entry.Register), out var name) && (name.Seq > entry.Name.Seq || name == entry.Name);
            if (!isThere && !collected.Contains(entry.Register.Session))
                return false;
        }

        return true;
    }
}
