using System.Collections.Immutable;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Sharing;

/// <summary>What another machine lacks of one replica's document, by what it says it holds of it.</summary>
internal sealed class DocumentOffer(IReadOnlyList<HeldBranch> ours, IReadOnlyList<DocumentState> theirs)
{
    private readonly List<Parcel> _parcels = [];

    public IReadOnlyList<Parcel> Parcels()
    {
        foreach (var branch in ours)
            Add(branch);
        return _parcels;
    }

    /// <summary>Whether nothing is to be sent, told by states alone.</summary>
    public static bool IsNothing(IReadOnlyList<DocumentState> ours, IReadOnlyList<DocumentState> theirs) =>
        ours.All(o => theirs.Any(t => t.End == o.End && t.Head == o.Head && !IsMoreCompacted(o, t)));

    private void Add(HeldBranch branch)
    {
        if (theirs.Any(t => t.End == 0))
        {
            AddWhole(branch);
            return;
        }

        foreach (var state in theirs)
        {
            if (state.End != branch.VouchedEnd || state.Head != branch.VouchedDigest.High)
                continue;
            if (IsMoreCompacted(branch.State, state))
                AddCompaction(branch);
            return;
        }

        var prefix = theirs.Where(t => FramesUpTo(branch, t) is not null).OrderByDescending(t => t.End).FirstOrDefault();
        if (prefix.End > 0)
        {
            AddFrames(branch, FramesUpTo(branch, prefix)!.Value);
            if (IsMoreCompacted(branch.State, prefix))
                AddCompaction(branch);
        }
        else if (!theirs.Any(t => t.End > branch.VouchedEnd && !IsOurs(t)))
        {
            AddDocument(branch);
        }
    }

    private static bool IsMoreCompacted(DocumentState a, DocumentState b) =>
        (a.CompactedTo, a.AgedTo, a.Generation).CompareTo((b.CompactedTo, b.AgedTo, b.Generation)) > 0;

    private static int? FramesUpTo(HeldBranch branch, DocumentState state) =>
        state.End > 0 && state.End < branch.VouchedEnd ? branch.Outline.FramesUpTo(state.End, d => d.High == state.Head) : null;

    // What ends further than a branch of ours, and is no other branch of ours, may be ahead of it: then they will say so, by sending it.
    private bool IsOurs(DocumentState state) => ours.Any(b => (b.VouchedEnd == state.End && b.VouchedDigest.High == state.Head) || FramesUpTo(b, state) is not null);

    private void AddFrames(HeldBranch branch, int from)
    {
        var outline = branch.Outline;
        var (after, digest) = from == 0 ? (outline.Header.CompactedTo, outline.AtStart) : (outline.Frames[from - 1].End, outline.Frames[from - 1].Digest);
        var size = 0L;
        for (var to = from; to < outline.Frames.Length && outline.Frames[to].End <= branch.VouchedEnd; to++)
        {
            var frame = outline.Frames[to];
            size += frame.To - frame.From;
            var isLast = frame.End == branch.VouchedEnd;
            if (!isLast && (size < SharingLimits.Step || !branch.IsSignedHere(frame)))
                continue;
            if (branch.HeadAt(frame.End, frame.Digest) is not { } head)
                continue;
            _parcels.Add(new FramesParcel(outline.Header.Replica, after, digest, Blocks(outline, from, to + 1), head));
            (from, after, digest, size) = (to + 1, frame.End, frame.Digest, 0);
        }
    }

    // In one piece: a part of it alone may be held there in a form behind which nothing of this branch can stand.
    private void AddWhole(HeldBranch branch)
    {
        var outline = branch.Outline;
        if (branch.HeadOfStart() is not { } start || branch.HeadAt(branch.VouchedEnd, branch.VouchedDigest) is not { } head
            || outline.FramesUpTo(head.End, d => d == head.Digest) is not { } count)
            return;
        _parcels.Add(new DocumentParcel(outline.Header.Replica, outline.HeaderPayload, outline.BasePayload, Blocks(outline, 0, count), head)
        {
            StartHead = head.Start == start.Start ? null : start,
        });
    }

    // From the beginning, in steps. Where the word for the beginning was said of another branch, it is said along.
    private void AddDocument(HeldBranch branch)
    {
        var outline = branch.Outline;
        var first = FirstStep(outline);
        if (branch.HeadOfDocument(end => end <= Math.Min(first, branch.VouchedEnd)) is not { } head || outline.FramesUpTo(head.End, d => d == head.Digest) is not { } count)
        {
            AddWhole(branch);
            return;
        }

        _parcels.Add(new DocumentParcel(outline.Header.Replica, outline.HeaderPayload, outline.BasePayload, Blocks(outline, 0, count), head));
        AddFrames(branch, count);
    }

    private void AddCompaction(HeldBranch branch)
    {
        var outline = branch.Outline;
        if (branch.HeadOfStart() is { } head)
            _parcels.Add(new CompactionParcel(outline.Header.Replica, outline.HeaderPayload, outline.BaseDigest, head));
    }

    private static long FirstStep(Outline outline)
    {
        foreach (var frame in outline.Frames)
        {
            if (frame.To - outline.FramesAt >= SharingLimits.Step)
                return frame.End;
        }

        return long.MaxValue;
    }

    private static ImmutableArray<ShippedBlock> Blocks(Outline outline, int from, int to)
    {
        var blocks = ImmutableArray.CreateBuilder<ShippedBlock>(to - from);
        for (var i = from; i < to; i++)
        {
            for (var at = outline.Frames[i].From; at < outline.Frames[i].To;)
            {
                if (Block.Read(outline.Bytes.Span, at, out var block) != BlockState.Sound)
                    throw new InvalidOperationException("a block that was sound is not any more");
                blocks.Add(new ShippedBlock((byte)block.Kind, block.Kind == BlockKind.Frame ? block.Payload(outline.Bytes) : outline.Bytes[block.Offset..block.End]));
                at = block.End;
            }
        }

        return blocks.DrainToImmutable();
    }
}
