using System.Globalization;

namespace Sesh.Sync.Documents;

/// <summary>The first eight bytes of a frame's chain digest: tells two branches of one replica apart.</summary>
public readonly record struct Check(ulong Bits) : IComparable<Check>
{
    public int CompareTo(Check other) => Bits.CompareTo(other.Bits);

    public override string ToString() => Bits.ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>
/// Names one entry in the whole mesh. <paramref name="Seq"/> counts 1, 2, 3… per replica; <paramref name="Check"/> is that of the
/// frame that holds the entry, so that two branches of a replica are never taken for one another.
/// </summary>
public readonly record struct EntryName(ReplicaId Replica, long Seq, Check Check)
{
    public override string ToString() => $"{Replica.ToString()[..8]}:{Seq}:{Check.ToString()[..8]}";
}

/// <summary>A position in one replica's chain: an entry's name without its replica.</summary>
public readonly record struct Mark(long Seq, Check Check);
