using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store.Sharing;

/// <summary>One branch of a document as this home can give it away: its bytes, and how far its owner vouches for them.</summary>
internal sealed class HeldBranch
{
    private readonly ImmutableArray<SignedHead> _all;
    private readonly ImmutableArray<SignedHead> _heads;
    private readonly Outline? _own;
    private readonly ReplicaKeys? _keys;

    /// <param name="heads">Those held of the replica, of this branch or another.</param>
    /// <param name="own">What this installation itself wrote of it, and so may sign; null where it wrote none, or its keys are lost.</param>
    public HeldBranch(Outline outline, ImmutableArray<SignedHead> heads, Outline? own, ReplicaKeys? keys)
    {
        (Outline, _own, _keys, _all) = (outline, keys is null ? null : own, keys, heads);
        _heads = [.. heads.Where(h => h.End <= outline.End && outline.Passes(h.End, h.Digest)).OrderByDescending(h => h.End)];
        if (!_heads.IsEmpty)
            (VouchedEnd, VouchedDigest) = (_heads[0].End, _heads[0].Digest);
        if (_own is not null && _own.End > VouchedEnd && outline.Passes(_own.End, _own.Head))
            (VouchedEnd, VouchedDigest) = (_own.End, _own.Head);
    }

    public Outline Outline { get; }

    /// <summary>0 where nobody vouches for any of it.</summary>
    public long VouchedEnd { get; }

    public Digest VouchedDigest { get; }

    public DocumentState State => StateOf(Outline.Header.Replica, Outline.Header.Generation, VouchedEnd, VouchedDigest, Outline.Header.CompactedTo, Outline.Header.AgedTo);

    public static DocumentState StateOf(ReplicaId replica, long generation, long end, Digest head, long compactedTo, long agedTo) =>
        new(replica, generation, end, head.High, compactedTo, agedTo);

    /// <summary>Whether any end of a frame can be signed here.</summary>
    public bool IsSignedHere(OutlinedFrame frame) => _own?.FramesUpTo(frame.End, d => d == frame.Digest) is not null;

    /// <summary>The owner's word for a position of this branch; null where there is none.</summary>
    public SignedHead? HeadAt(long end, Digest digest)
    {
        foreach (var head in _heads)
        {
            if (head.End == end && head.Digest == digest)
                return head;
        }

        return Sign(end, digest);
    }

    /// <summary>The owner's word that reaches furthest and is for a document that begins as this one does; null where there is none.</summary>
    public SignedHead? HeadOfDocument(Func<long, bool> isWanted)
    {
        var start = Outline.Start;
        if (_own is not null && _own.Start == start)
        {
            var frame = _own.Frames.LastOrDefault(f => isWanted(f.End) && Outline.Passes(f.End, f.Digest));
            if (frame.End > 0)
                return Sign(frame.End, frame.Digest);
            if (_own.Header.CompactedTo > 0 && Outline.Passes(_own.Header.CompactedTo, _own.AtStart))
                return Sign(_own.Header.CompactedTo, _own.AtStart);
        }

        return _heads.FirstOrDefault(h => h.Start == start && h.End >= Outline.Header.CompactedTo);
    }

    /// <summary>The owner's word for the beginning, wherever it was said; null where there is none.</summary>
    public SignedHead? HeadOfStart() => HeadOfDocument(_ => true) ?? _all.FirstOrDefault(h => h.Start == Outline.Start);

    private SignedHead? Sign(long end, Digest digest) =>
        _own?.FramesUpTo(end, d => d == digest) is not null ? HeadSignature.Sign(_keys!, end, digest, _own.Start) : null;
}
