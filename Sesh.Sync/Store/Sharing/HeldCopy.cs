using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Sharing;

/// <summary>What a copy of a document says of heads.</summary>
/// <param name="Start">See <see cref="SignedHead.Start"/>.</param>
/// <param name="Passes">Whether its chain provably passes there.</param>
internal readonly record struct HeldCopy(Digest Start, Func<long, Digest, bool> Passes)
{
    public static HeldCopy Of(Outline outline) => new(outline.Start, outline.Passes);

    /// <summary>Of one that is decoded: it also knows the ends of frames of which compaction kept entries.</summary>
    public static HeldCopy Of(LoadedDocument document)
    {
        var chain = Chain.Of(document.Document);
        return new HeldCopy(Outline.Of(document.Bytes)?.Start ?? Digest.Zero, (end, digest) => chain.At(end) == digest.Check);
    }
}
