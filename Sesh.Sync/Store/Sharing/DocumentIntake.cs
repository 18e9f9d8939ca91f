using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Sharing;

/// <summary>Takes a document, or one branch of it, from its beginning.</summary>
internal sealed class DocumentIntake(DocumentFiles documents, DocumentParcel parcel)
{
    public Receipt Take()
    {
        var came = Check();
        using var held = ReceivedDocument.Open(documents, parcel.Replica);
        var receipt = Merge(held, held.Copies(), came);
        held.Tidy();
        return receipt;
    }

    private LoadedDocument Check()
    {
        if (parcel.Header.Length + (long)parcel.Base.Length > SharingLimits.Document)
            throw new RefusedParcelException("a document of more than 64 MB");
        var header = ParcelChecks.Header(parcel.Header, parcel.Replica);
        ParcelChecks.Head(parcel.Head, parcel.Replica, header.PublicKey.AsSpan());
        var compacted = ParcelChecks.Base(header, parcel.Base);
        if (parcel.StartHead is { } word)
            ParcelChecks.Head(word, parcel.Replica, header.PublicKey.AsSpan());
        if (Outline.StartOf(parcel.Replica, parcel.Header.Span, compacted) != (parcel.StartHead ?? parcel.Head).Start)
            throw new RefusedParcelException("its beginning is not the one that its owner signed");
        var at = header.Generations.IsEmpty ? Digest.Zero : header.Generations[^1].Digest;
        var made = RebuiltFrames.Of(parcel.Replica, header.CompactedTo, at, parcel.Blocks);
        if (made.End != parcel.Head.End || made.Head != parcel.Head.Digest)
            throw new RefusedParcelException("its frames are not those that its owner signed");
        var first = Block.Encode(BlockKind.Header, Digest.Zero, ChainHash.Of(Digest.Zero, parcel.Replica, parcel.Header.Span), parcel.Header.Span);
        var second = header.CompactedTo == 0 ? [] : Block.Encode(BlockKind.Base, at, compacted, parcel.Base.Span);
        if (first.Length + (long)second.Length + made.Bytes.Length > SharingLimits.Document)
            throw new RefusedParcelException("a document of more than 64 MB");
        return DocumentReader.Read((byte[])[.. first, .. second, .. made.Bytes.Span], null, prove: false) is { IsSound: true } document && document.Document.End == made.End
            ? document
            : throw new RefusedParcelException("it does not read as a document");
    }

    /// <summary>A copy of which it holds all, or that holds all of it but in part less compacted, gives way; else it is another branch.</summary>
    private Receipt Merge(ReceivedDocument held, IReadOnlyList<(DocumentFile File, LoadedDocument Document)> copies, LoadedDocument came)
    {
        var joined = copies.Select(c => (c.File, c.Document, Joined: JoinedDocuments.Join(c.Document, came))).Where(c => c.Joined is not null).ToList();
        if (joined.Exists(c => ReferenceEquals(c.Joined, c.Document)))
        {
            AddHeads(held, [.. copies.Select(c => c.Document)]);
            return new Receipt(Outcome.Known);
        }

        if (joined.Find(c => held.MayChange(c.File) && ReceivedDocument.IsCovered(c.Document, c.Joined!.Document.End)) is { Joined: { } all } place)
        {
            if (all.SoundLength > SharingLimits.Document)
                throw new RefusedParcelException("a document of more than 64 MB");
            AddHeads(held, [.. copies.Select(c => c.Document), came]);
            if (!Chain.Of(all.Document).Holds(new Mark(place.Document.Document.End, place.Document.Document.Head.Check)))
                held.KeepWhole(place.File, place.Document.Bytes);
            held.Replace(place.File, all.Bytes.Span[..all.SoundLength]);
        }
        else
        {
            var path = held.FreePath(came.Header.Machine, came.Document.Head, came.SoundLength);
            AddHeads(held, [.. copies.Select(c => c.Document), came]);
            held.Put(path, came.Bytes.Span[..came.SoundLength]);
        }

        return new Receipt(Outcome.Taken);
    }

    private void AddHeads(ReceivedDocument held, IEnumerable<LoadedDocument> copies)
    {
        HeldCopy[] words = [.. copies.Select(HeldCopy.Of)];
        if (parcel.StartHead is { } start)
            held.Heads.Add(start, words);
        held.Heads.Add(parcel.Head, words);
    }
}
