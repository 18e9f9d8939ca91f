using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Sharing;

/// <summary>Compacts a document that is held as its owner did: the same function of the same prefix, so the same bytes.</summary>
internal sealed class CompactionIntake(DocumentFiles documents, CompactionParcel parcel)
{
    private static readonly Receipt Unjoined = new(Outcome.Unjoined, "what its owner compacted does not come out the same here");

    public Receipt Take()
    {
        var header = ParcelChecks.Header(parcel.Header, parcel.Replica);
        if (header.CompactedTo == 0)
            throw new RefusedParcelException("a compaction of nothing");
        ParcelChecks.Head(parcel.Head, parcel.Replica, header.PublicKey.AsSpan());
        if (Outline.StartOf(parcel.Replica, parcel.Header.Span, parcel.BaseDigest) != parcel.Head.Start)
            throw new RefusedParcelException("its beginning is not the one that its owner signed");
        if (!ReceivedDocument.IsHeld(documents, parcel.Replica))
            return Unjoined;
        using var held = ReceivedDocument.Open(documents, parcel.Replica);
        var copies = held.Files.Select(f => (File: f, Document: held.Load(f))).Where(f => f.Document is not null).Select(f => (f.File, Document: f.Document!)).ToList();
        if (copies.Exists(c => IsAsCompacted(c.Document, header)))
        {
            held.Heads.Add(parcel.Head, _ => false);
            return new Receipt(Outcome.Known);
        }

        foreach (var (file, document) in copies)
        {
            if (!Chain.Of(document.Document).Holds(new Mark(parcel.Head.End, parcel.Head.Digest.Check)) || Compacted(document, header) is not { } bytes)
                continue;
            if (held.MayChange(file))
                held.Replace(file, bytes);
            else
                held.PutBeside(header.Machine, document.Document.Head, bytes);
            var chain = Chain.Of(document.Document);
            held.Heads.Add(parcel.Head, h => h.End <= parcel.Head.End && chain.At(h.End) == h.Digest.Check);
            return new Receipt(Outcome.Taken);
        }

        return Unjoined;
    }

    // By the order in which the store lets one give way to another.
    private static bool IsAsCompacted(LoadedDocument document, DocumentHeader header) =>
        Chain.Of(document.Document).Holds(new Mark(header.CompactedTo, header.Generations[^1].Digest.Check))
        && (document.Header.CompactedTo, document.Header.AgedTo, document.Header.Generation).CompareTo((header.CompactedTo, header.AgedTo, header.Generation)) >= 0;

    private byte[]? Compacted(LoadedDocument document, DocumentHeader header)
    {
        if (document is not { IsSound: true, HasMore: false } || header.AgedTo < document.Document.AgedTo
            || !document.Document.Frames.Any(f => f.End == header.CompactedTo && f.Digest == header.Generations[^1].Digest)
            && (document.Document.CompactedTo != header.CompactedTo || document.Document.Generations[^1].Digest != header.Generations[^1].Digest))
            return null;
        var compacted = Compaction.Compact(document.Document, header.CompactedTo, header.AgedTo);
        var payload = BasePayload.Write(compacted.Replica, compacted.Base);
        var at = header.Generations[^1].Digest;
        if (ChainHash.Of(at, compacted.Replica, payload) != parcel.BaseDigest)
            return null;
        var first = document.Document.Frames.TakeWhile(f => f.End <= header.CompactedTo).Count();
        var behind = first < document.FrameOffsets.Length ? document.Bytes.Span[document.FrameOffsets[first]..document.SoundLength] : [];
        return
        [
            .. Block.Encode(BlockKind.Header, Digest.Zero, ChainHash.Of(Digest.Zero, compacted.Replica, parcel.Header.Span), parcel.Header.Span),
            .. Block.Encode(BlockKind.Base, at, parcel.BaseDigest, Inflation.Deflate(payload)),
            .. behind,
        ];
    }
}
