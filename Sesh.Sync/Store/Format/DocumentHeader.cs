using System.Collections.Immutable;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>What a document file says of itself. The file's name is a hint only.</summary>
internal sealed record DocumentHeader
{
    public int Major { get; init; } = FileFormat.Major;

    public int Minor { get; init; } = FileFormat.Minor;

    public required ReplicaId Replica { get; init; }

    public required string Machine { get; init; }

    /// <summary>32 bytes of Ed25519.</summary>
    public required ImmutableArray<byte> PublicKey { get; init; }

    public long Generation { get; init; }

    public long CompactedTo { get; init; }

    public long AgedTo { get; init; }

    public ImmutableArray<Mark> Dropped { get; init; } = [];

    public ImmutableArray<ChainMark> Generations { get; init; } = [];

    /// <summary>A document of private sessions: never linked into docs/, never offered.</summary>
    public bool Private { get; init; }

    /// <summary>A newer minor version wrote fields not known here: this version does not write the header anew.</summary>
    public bool HasMore { get; init; }
}
