using System.Collections.Immutable;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Sharing;

/// <summary>Something that one machine gives another. Nothing in it is believed before <see cref="ISharing.Take"/> has checked it.</summary>
public abstract record Parcel;

/// <summary>
/// An owner's word for how far its document goes and how it begins: an Ed25519 signature over <c>sesh head 1</c>, replica, end, digest and start.
/// </summary>
/// <param name="Digest">The chain's digest at the end: it covers every frame.</param>
/// <param name="Start">
/// Covers what the chain does not, the header and the compacted part: else a relay could put entries of its own into the latter, or another machine's name into
/// the former. Frames count by the digest alone; a document from its beginning only where this is its start.
/// </param>
/// <param name="Signature">64 bytes, by the key whose hash the replica id is.</param>
public sealed record SignedHead(ReplicaId Replica, long End, Digest Digest, Digest Start, ImmutableArray<byte> Signature);

/// <summary>One block of a document file on its way. Of a frame only the payload travels: the receiver makes the block again, which proves the chain.</summary>
/// <param name="Kind">The block's kind byte.</param>
/// <param name="Bytes">A frame's payload; of a kind that only newer versions know, the whole block as it lies in the file.</param>
public readonly record struct ShippedBlock(byte Kind, ReadOnlyMemory<byte> Bytes);

/// <summary>Frames behind a prefix that the receiver holds.</summary>
/// <param name="After">The end of that prefix.</param>
/// <param name="AfterDigest">The chain's digest there.</param>
/// <param name="Head">Signed by the owner; the frames count up to there.</param>
public sealed record FramesParcel(ReplicaId Replica, long After, Digest AfterDigest, ImmutableArray<ShippedBlock> Blocks, SignedHead Head) : Parcel;

/// <summary>A document, or one branch of it, from its beginning.</summary>
/// <param name="Header">The header block's payload.</param>
/// <param name="Base">The compacted part's payload as it lies in the file; empty where there is none.</param>
public sealed record DocumentParcel(ReplicaId Replica, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Base, ImmutableArray<ShippedBlock> Blocks, SignedHead Head) : Parcel
{
    /// <summary>
    /// The owner's word for the beginning, where <see cref="Head"/> is for another: the owner compacted it since, of which the sender has not heard. Its end does not matter.
    /// </summary>
    public SignedHead? StartHead { get; init; }
}

/// <summary>The owner compacted what the receiver holds to its end: who holds the prefix makes the same bytes by itself.</summary>
/// <param name="Header">The new header block's payload.</param>
/// <param name="BaseDigest">The digest of the compacted part that must come out.</param>
/// <param name="Head">Signed by the owner, for that start.</param>
public sealed record CompactionParcel(ReplicaId Replica, ReadOnlyMemory<byte> Header, Digest BaseDigest, SignedHead Head) : Parcel;

/// <summary>Live rows of one machine, in its own clock's times.</summary>
/// <param name="State">The file they are from.</param>
/// <param name="Boot">Names the observing machine's boot.</param>
/// <param name="LastWalk">When it last looked at all of its sessions, in milliseconds since 1970 UTC by its clock.</param>
/// <param name="OwnerNow">That clock at the sending, as far as the sender knows: what it held the rows for is added, so that ages need no clocks that agree.</param>
/// <param name="Whole">These are all of its rows: the receiver drops the others it holds.</param>
public sealed record LiveParcel(
    LiveState State, UInt128 Boot, long LastWalk, long OwnerNow, bool Whole, ImmutableArray<(SessionId Session, ReadOnlyMemory<byte> Row)> Rows) : Parcel;
