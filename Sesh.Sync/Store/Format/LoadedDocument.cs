using System.Collections.Immutable;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>Bytes of a document file that are no sound block.</summary>
internal readonly record struct DamagedBytes(int Offset, int Length);

/// <summary>All that one document file holds.</summary>
internal sealed record LoadedDocument
{
    /// <summary>As it stands in the file; made up from the file's name where it is damaged.</summary>
    public required DocumentHeader Header { get; init; }

    /// <summary>The sound, gap-free prefix.</summary>
    public required Document Document { get; init; }

    /// <summary>Of the compacted part; zero without one.</summary>
    public Digest BaseDigest { get; init; }

    /// <summary>Sound entries that no gap-free prefix reaches, under their own names.</summary>
    public ImmutableArray<Entry> Behind { get; init; } = [];

    public ImmutableArray<DamagedBytes> Damage { get; init; } = [];

    /// <summary>Bytes of the sound prefix: the next frame goes here.</summary>
    public required int SoundLength { get; init; }

    /// <summary>Behind the sound prefix stands the beginning of a frame that was never finished, and nothing else.</summary>
    public bool HasTornTail { get; init; }

    /// <summary>A newer minor version wrote what this one does not know, so that it does not compact it.</summary>
    public bool HasMore { get; init; }

    /// <summary>Where the compacted part ends and frames begin.</summary>
    public int FramesOffset { get; init; }

    /// <summary>Offsets of the frames' blocks, in order.</summary>
    public ImmutableArray<int> FrameOffsets { get; init; } = [];

    public required ReadOnlyMemory<byte> Bytes { get; init; }

    public bool IsSound => Damage.IsEmpty && !HasTornTail;
}

/// <summary>What a file's name says of the document inside: all there is where its header is damaged.</summary>
internal readonly record struct DocumentHint(ReplicaId Replica, string Machine, bool Private);
