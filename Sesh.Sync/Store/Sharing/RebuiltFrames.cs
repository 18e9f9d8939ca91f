using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Sharing;

/// <summary>
/// Blocks made again from what was shipped of them: each digest is computed here, from the one before and the payload, so that an end with the digest that the owner
/// signed proves every byte of every frame.
/// </summary>
internal sealed class RebuiltFrames
{
    private RebuiltFrames(ReadOnlyMemory<byte> bytes, ImmutableArray<OutlinedFrame> frames, long end, Digest head) =>
        (Bytes, Frames, End, Head) = (bytes, frames, end, head);

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Their places in <see cref="Bytes"/>.</summary>
    public ImmutableArray<OutlinedFrame> Frames { get; }

    public long End { get; }

    public Digest Head { get; }

    /// <exception cref="RefusedParcelException">A frame does not decode, does not follow the one before, or is too large.</exception>
    public static RebuiltFrames Of(ReplicaId replica, long after, Digest head, ImmutableArray<ShippedBlock> blocks)
    {
        using var bytes = new MemoryStream();
        var frames = ImmutableArray.CreateBuilder<OutlinedFrame>();
        var (end, from, unknown) = (after, 0, 0);
        foreach (var block in blocks.IsDefault ? [] : blocks)
        {
            if (block.Bytes.Length > SharingLimits.Document - bytes.Length)
                throw new RefusedParcelException("a document of more than 64 MB");
            if (block.Kind != (byte)BlockKind.Frame)
            {
                unknown += block.Bytes.Length;
                bytes.Write(Unknown(block, unknown).Span);
                continue;
            }

            var (made, frame) = Frame(replica, end, head, block.Bytes);
            bytes.Write(made);
            (end, head) = (frame.End, frame.Digest);
            frames.Add(new OutlinedFrame(frame.Start, frame.End, frame.Digest, from, (int)bytes.Length));
            from = (int)bytes.Length;
        }

        return new RebuiltFrames(bytes.ToArray(), frames.DrainToImmutable(), end, head);
    }

    private static (byte[] Block, Frame Frame) Frame(ReplicaId replica, long end, Digest head, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > SharingLimits.Frame)
            throw new RefusedParcelException("a frame of more than 16 MB");
        var digest = ChainHash.Of(head, replica, payload.Span);
        Frame frame;
        try
        {
            frame = FramePayload.Read(payload, replica, digest);
        }
        catch (MalformedException e)
        {
            throw new RefusedParcelException($"a frame behind {end} does not decode: {e.Message}");
        }

        if (frame.Start != end + 1)
            throw new RefusedParcelException($"a frame begins at {frame.Start} behind {end}");
        return (Block.Encode(BlockKind.Frame, head, digest, payload.Span), frame);
    }

    // Kept and handed on byte for byte, as far as it is a block at all.
    private static ReadOnlyMemory<byte> Unknown(ShippedBlock block, int unknown)
    {
        if (block.Kind is (byte)BlockKind.Header or (byte)BlockKind.Base)
            throw new RefusedParcelException("a second beginning in the middle of a document");
        if (unknown > SharingLimits.Unknown)
            throw new RefusedParcelException("more than 1 MB of blocks that this version does not know");
        return Block.Read(block.Bytes.Span, 0, out var read) == BlockState.Sound && read.End == block.Bytes.Length && (byte)read.Kind == block.Kind
            ? block.Bytes
            : throw new RefusedParcelException("something that is no block");
    }
}
