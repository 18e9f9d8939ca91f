using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Sharing;

/// <summary>One frame in its file.</summary>
/// <param name="Digest">The chain's, up to and with it.</param>
/// <param name="From">Where its block begins, with those before it that only a newer version knows.</param>
/// <param name="To">Where its block ends.</param>
internal readonly record struct OutlinedFrame(long Start, long End, Digest Digest, int From, int To);

/// <summary>
/// A document's bytes with the places of its frames, none of them decoded: what is needed to give a part of it away or to see where a part belongs.
/// Holds the sound prefix alone. Checksums and links are looked at, nothing is hashed.
/// </summary>
internal sealed class Outline
{
    private Outline(ReadOnlyMemory<byte> bytes, DocumentHeader header) => (Bytes, Header) = (bytes, header);

    /// <summary>Of the whole file, whatever stands behind the sound prefix.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public DocumentHeader Header { get; }

    public ReadOnlyMemory<byte> HeaderPayload { get; private init; }

    /// <summary>The compacted part as it lies in the file; empty where there is none.</summary>
    public ReadOnlyMemory<byte> BasePayload { get; private init; }

    public Digest BaseDigest { get; private init; }

    /// <summary>Where the first frame may stand.</summary>
    public int FramesAt { get; private init; }

    public ImmutableArray<OutlinedFrame> Frames { get; private init; } = [];

    /// <summary>Bytes of the sound prefix.</summary>
    public int Length { get; private init; }

    /// <summary>Nothing stands behind it.</summary>
    public bool IsWhole => Length == Bytes.Length;

    public long End => Frames.IsEmpty ? Header.CompactedTo : Frames[^1].End;

    public Digest Head => Frames.IsEmpty ? AtStart : Frames[^1].Digest;

    /// <summary>The chain's digest where the frames begin.</summary>
    public Digest AtStart => Header.Generations.IsEmpty ? Digest.Zero : Header.Generations[^1].Digest;

    /// <summary>See <see cref="SignedHead.Start"/>.</summary>
    public Digest Start => StartOf(Header.Replica, HeaderPayload.Span, BaseDigest);

    /// <param name="baseDigest">Zero where nothing is compacted.</param>
    public static Digest StartOf(ReplicaId replica, ReadOnlySpan<byte> header, Digest baseDigest)
    {
        var digest = ChainHash.Of(Digest.Zero, replica, header);
        if (baseDigest == Digest.Zero)
            return digest;
        Span<byte> bytes = stackalloc byte[Digest.Size];
        baseDigest.Write(bytes);
        return ChainHash.Of(digest, replica, bytes);
    }

    /// <summary>Null where the bytes do not begin as a document of this version does.</summary>
    public static Outline? Of(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (Block.Read(bytes.Span, 0, out var first) != BlockState.Sound || first.Kind != BlockKind.Header)
                return null;
            var header = Format.HeaderPayload.Read(first.Payload(bytes));
            var (at, payload, digest) = (first.End, ReadOnlyMemory<byte>.Empty, Digest.Zero);
            if (header.CompactedTo > 0)
            {
                if (Block.Read(bytes.Span, at, out var compacted) != BlockState.Sound || compacted.Kind != BlockKind.Base
                    || compacted.Link != header.Generations[^1].Digest.Check)
                    return null;
                (at, payload, digest) = (compacted.End, compacted.Payload(bytes), compacted.Digest);
            }

            var frames = ReadFrames(bytes, at, header);
            return new Outline(bytes, header)
            {
                HeaderPayload = first.Payload(bytes),
                BasePayload = payload,
                BaseDigest = digest,
                FramesAt = at,
                Frames = frames,
                Length = BehindUnknown(bytes.Span, frames.IsEmpty ? at : frames[^1].To),
            };
        }
        catch (Exception e) when (e is MalformedException or NewerFormatException)
        {
            // Nothing that this version can give away; who reads the home tells of it.
            return null;
        }
    }

    /// <summary>
    /// The number of frames up to a position, where the frames behind it are held one by one; null where it is none of their ends, or on another chain.
    /// </summary>
    /// <param name="isThere">Whether a digest at that end is the one meant.</param>
    public int? FramesUpTo(long end, Func<Digest, bool> isThere)
    {
        if (end == Header.CompactedTo)
            return isThere(AtStart) ? 0 : null;
        var (low, high) = (0, Frames.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (Frames[middle].End == end)
                return isThere(Frames[middle].Digest) ? middle + 1 : null;
            (low, high) = Frames[middle].End < end ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>Whether the chain provably passes there: frames and earlier generations by the whole digest, what compaction dropped by its check.</summary>
    public bool Passes(long end, Digest digest)
    {
        if (end >= Header.CompactedTo)
            return FramesUpTo(end, d => d == digest) is not null;
        foreach (var mark in Header.Generations)
        {
            if (mark.Seq == end)
                return mark.Digest == digest;
        }

        foreach (var mark in Header.Dropped)
        {
            if (mark.Seq == end)
                return mark.Check == digest.Check;
        }

        return false;
    }

    private static ImmutableArray<OutlinedFrame> ReadFrames(ReadOnlyMemory<byte> bytes, int at, DocumentHeader header)
    {
        var frames = ImmutableArray.CreateBuilder<OutlinedFrame>();
        var (end, head) = (header.CompactedTo, header.Generations.IsEmpty ? Digest.Zero : header.Generations[^1].Digest);
        for (var from = at; Block.Read(bytes.Span, at, out var block) == BlockState.Sound; at = block.End)
        {
            if (!IsKnown(block.Kind))
                continue;
            if (block.Kind != BlockKind.Frame || block.Link != head.Check || Numbers(block, bytes) is not var (start, last) || start != end + 1)
                break;
            (end, head) = (last, block.Digest);
            frames.Add(new OutlinedFrame(start, last, block.Digest, from, block.End));
            from = block.End;
        }

        return frames.DrainToImmutable();
    }

    private static (long Start, long End)? Numbers(Block block, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return FramePayload.ReadNumbers(block.Payload(bytes));
        }
        catch (MalformedException)
        {
            // Damage to whoever reads the home: the sound prefix ends here.
            return null;
        }
    }

    private static int BehindUnknown(ReadOnlySpan<byte> bytes, int at)
    {
        while (Block.Read(bytes, at, out var block) == BlockState.Sound && !IsKnown(block.Kind))
            at = block.End;
        return at;
    }

    private static bool IsKnown(BlockKind kind) => kind is BlockKind.Header or BlockKind.Base or BlockKind.Frame;
}
