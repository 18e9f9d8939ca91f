
namespace Sesh.Sync.Store.Sharing;

/// <summary>Takes frames behind a prefix that is held.</summary>
internal sealed class FramesIntake(DocumentFiles documents, FramesParcel parcel)
{
    private static readonly Receipt Unjoined = new(Outcome.Unjoined, "what it stands behind is not held here");

    public Receipt Take()
    {
        if (!ReceivedDocument.IsHeld(documents, parcel.Replica))
            return Unjoined;
        using var held = ReceivedDocument.Open(documents, parcel.Replica);
        var files = held.Files.Select(f => (File: f, Outline: held.Read(f))).Where(f => f.Outline is not null).Select(f => (f.File, Outline: f.Outline!)).ToList();
        if (files.Count == 0)
            return Unjoined;
        ParcelChecks.Head(parcel.Head, parcel.Replica, files[0].Outline.Header.PublicKey.AsSpan());
        var made = RebuiltFrames.Of(parcel.Replica, parcel.After, parcel.AfterDigest, parcel.Blocks);
        if (made.End != parcel.Head.End || made.Head != parcel.Head.Digest)
            throw new RefusedParcelException("its frames are not those that its owner signed");
        if (files.FirstOrDefault(f => f.Outline.Passes(made.End, made.Head)) is { Outline: not null })
        {
            Add(held, files);
            held.Tidy();
            return new Receipt(Outcome.Known);
        }

        var best = files.Select(f => (f.File, f.Outline, Matching: Matching(f.Outline, made))).Where(f => f.Matching is not null)
            .OrderByDescending(f => IsChangeable(held, f.File, f.Outline, made.End)).ThenByDescending(f => f.Matching).FirstOrDefault();
        if (best.Matching is not { } known)
            return Unjoined;
        var rest = made.Bytes[(known == 0 ? 0 : made.Frames[known - 1].To)..];
        if (best.Outline.Length + rest.Length > SharingLimits.Document)
            throw new RefusedParcelException("a document of more than 64 MB");
        var length = best.Outline.Length + rest.Length;
        var beside = IsChangeable(held, best.File, best.Outline, made.End) ? null : held.FreePath(best.Outline.Header.Machine, made.Head, length);
        Add(held, files);
        Put(held, best.File, best.Outline, rest.Span, beside);
        held.Tidy();
        return new Receipt(Outcome.Taken);
    }

    /// <summary>How many of the new frames a file ends with, where the others can stand behind it; else null.</summary>
    private int? Matching(Outline outline, RebuiltFrames made)
    {
        if (outline.FramesUpTo(parcel.After, d => d == parcel.AfterDigest) is not { } at)
            return null;
        var known = 0;
        for (; at + known < outline.Frames.Length; known++)
        {
            if (known == made.Frames.Length || outline.Frames[at + known].Digest != made.Frames[known].Digest)
                return null;
        }

        return known;
    }

    // A damaged file stays until nothing sound behind the damage is missed.
    private static bool IsChangeable(ReceivedDocument held, DocumentFile file, Outline outline, long end) =>
        held.MayChange(file) && (outline.IsWhole || held.Load(file) is { } document && ReceivedDocument.IsCovered(document, end));

    private static void Put(ReceivedDocument held, DocumentFile file, Outline outline, ReadOnlySpan<byte> rest, string? beside)
    {
        if (beside is not null)
            held.Put(beside, [.. outline.Bytes.Span[..outline.Length], .. rest]);
        else if (outline.IsWhole || held.Load(file) is { HasTornTail: true })
            held.Append(file, outline, rest);
        else
            held.Replace(file, [.. outline.Bytes.Span[..outline.Length], .. rest]);
    }

    private void Add(ReceivedDocument held, IEnumerable<(DocumentFile File, Outline Outline)> files) =>
        held.Heads.Add(parcel.Head, [.. files.Select(f => HeldCopy.Of(f.Outline))]);
}
