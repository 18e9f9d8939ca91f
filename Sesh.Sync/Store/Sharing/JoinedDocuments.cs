using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Sharing;

/// <summary>What <see cref="Branches"/> does with documents, done with their bytes.</summary>
internal static class JoinedDocuments
{
    /// <summary>The branches that these copies of one replica's document make, in ascending order of their heads.</summary>
    public static IReadOnlyList<LoadedDocument> Of(IReadOnlyList<LoadedDocument> copies)
    {
        if (copies.Count == 1)
            return copies;
        var branches = new List<LoadedDocument>();
        foreach (var copy in copies)
        {
            var grown = Grow(copy, copies);
            if (!branches.Exists(b => Branches.IsSame(b.Document, grown.Document)))
                branches.Add(grown);
        }

        return [.. branches.OrderBy(b => b.Document.Head.High).ThenBy(b => b.Document.Head.Low)];
    }

    /// <summary>One document that holds all of both, the very one where it does; null where they are two branches. Only what is sound in them counts.</summary>
    public static LoadedDocument? Join(LoadedDocument a, LoadedDocument b)
    {
        if (Branches.Merge(a.Document, b.Document) is not { } merged)
            return null;
        if (ReferenceEquals(merged, a.Document))
            return a;
        if (ReferenceEquals(merged, b.Document))
            return b;
        var order = Branches.ComparePrecedence(a.Document, b.Document);
        if (order == 0)
            return a.Document.End >= b.Document.End ? a : b;
        var (high, low) = order > 0 ? (a, b) : (b, a);
        var first = low.Document.Frames.TakeWhile(f => f.Start <= high.Document.End).Count();
        byte[] bytes = [.. high.Bytes.Span[..high.SoundLength], .. low.Bytes.Span[low.FrameOffsets[first]..low.SoundLength]];
        return DocumentReader.Read(bytes, null, prove: false);
    }

    private static LoadedDocument Grow(LoadedDocument grown, IReadOnlyList<LoadedDocument> copies)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var copy in copies)
            {
                if (Join(grown, copy) is { } joined && !ReferenceEquals(joined, grown) && !Branches.IsSame(joined.Document, grown.Document))
                    (grown, changed) = (joined, true);
            }
        }

        return grown;
    }
}
