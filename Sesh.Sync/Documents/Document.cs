using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>A chain digest: 32 bytes that cover a frame and, through the one before, the whole prefix.</summary>
public readonly record struct Digest(UInt128 High, UInt128 Low)
{
    public const int Size = 32;

    /// <summary>The digest before the first frame.</summary>
    public static Digest Zero => default;

    public Check Check => new((ulong)(High >> 64));

    public static Digest Read(ReadOnlySpan<byte> bytes) => new(
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes),
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }

    public override string ToString() => $"{High:x32}{Low:x32}";
}

/// <summary>A position a document knows the digest of.</summary>
public readonly record struct ChainMark(long Seq, Digest Digest);

/// <summary>One operation as one frame: all of it or none.</summary>
/// <param name="Start">The sequence number of its first entry.</param>
/// <param name="End">That of its last. A frame that quotes has entries of other names and takes one number itself: Start = End.</param>
/// <param name="Digest">The chain digest up to and with this frame.</param>
/// <param name="Entries">In ascending sequence (own frames), or as quoted.</param>
/// <param name="Quotes">Its entries stand under other replicas' names (store.md, "Damage").</param>
public sealed record Frame(long Start, long End, Digest Digest, ImmutableArray<Entry> Entries, Operation? Operation, bool Quotes = false);

/// <summary>An entry that outlived compaction, with the end and check of the frame it came in (the check is in its name).</summary>
public readonly record struct BaseEntry(Entry Entry, long FrameEnd);

/// <summary>
/// One replica's document, or one branch of it: a compacted part up to <see cref="CompactedTo"/>, then frames. Immutable, gap-free.
/// </summary>
public sealed record Document
{
    public required ReplicaId Replica { get; init; }

    /// <summary>The machine it says it is of.</summary>
    public required string Machine { get; init; }

    /// <summary>Counts compactions.</summary>
    public long Generation { get; init; }

    /// <summary>S: the compacted part holds the last entry of each register up to here. 0 for none.</summary>
    public long CompactedTo { get; init; }

    /// <summary>L: operations up to here aged out. At most S.</summary>
    public long AgedTo { get; init; }

    /// <summary>In ascending sequence.</summary>
    public ImmutableArray<BaseEntry> Base { get; init; } = [];

    /// <summary>(end, check) of every frame from the one that ends at L on that compaction dropped, ascending.</summary>
    public ImmutableArray<Mark> Dropped { get; init; } = [];

    /// <summary>(S, digest) of this and each earlier generation, ascending; empty before the first compaction.</summary>
    public ImmutableArray<ChainMark> Generations { get; init; } = [];

    public ImmutableArray<Frame> Frames { get; init; } = [];

    public long End => Frames.IsEmpty ? CompactedTo : Frames[^1].End;

    public Digest Head => Frames.IsEmpty ? (Generations.IsEmpty ? Digest.Zero : Generations[^1].Digest) : Frames[^1].Digest;

    /// <summary>Every entry in order, quoted ones included.</summary>
    public IEnumerable<Entry> Entries()
    {
        foreach (var b in Base)
            yield return b.Entry;
        foreach (var frame in Frames)
        {
            foreach (var entry in frame.Entries)
                yield return entry;
        }
    }
}
