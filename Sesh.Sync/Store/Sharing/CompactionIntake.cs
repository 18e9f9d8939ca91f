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
        var copies = held.Copies();
        var branches = JoinedDocuments.Of([.. copies.Select(c => c.Document)]).Where(b => Holds(b, header)).ToList();
        var made = branches.Where(b => !IsAsCompacted(b, header)).Select(b => (Branch: b, Bytes: Compacted(b, header))).ToList();
        if (branches.Count == 0 || made.Exists(m => m.Bytes is null))
            return Unjoined;
        var places = made.Select(m => (m.Bytes, Path: Place(held, copies, m.Branch, m.Bytes!.Length))).ToList();
        held.Heads.Add(parcel.Head, [.. copies.Select(c => HeldCopy.Of(c.Document)), .. branches.Select(b => HeldCopy.Of(b) with { Start = parcel.Head.Start })]);
        foreach (var (bytes, path) in places)
            held.Put(path, bytes);
        return new Receipt(made.Count == 0 ? Outcome.Known : Outcome.Taken);
    }

    // What branches share is compacted in each of them.
    private static bool Holds(LoadedDocument document, DocumentHeader header) =>
        Chain.Of(document.Document).Holds(new Mark(header.CompactedTo, header.Generations[^1].Digest.Check));

    // By the order in which the store lets one give way to another.
    private static bool IsAsCompacted(LoadedDocument document, DocumentHeader header) =>
        (document.Header.CompactedTo, document.Header.AgedTo, document.Header.Generation).CompareTo((header.CompactedTo, header.AgedTo, header.Generation)) >= 0;

    private static string Place(ReceivedDocument held, IReadOnlyList<(DocumentFile File, LoadedDocument Document)> copies, LoadedDocument branch, int length) =>
        copies.FirstOrDefault(c => held.MayChange(c.File) && c.Document.IsSound && ReferenceEquals(JoinedDocuments.Join(branch, c.Document), branch)).File?.Path
        ?? held.FreePath(branch.Header.Machine, branch.Document.Head, length);

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
