using System.Buffers.Binary;

namespace Sesh.Sync.Documents;

/// <summary>
/// Names one writer: the first 16 bytes of the SHA-256 of the public key made at its birth. Ordered as unsigned bytes;
/// that order breaks ties between concurrent entries of equal time.
/// </summary>
public readonly record struct ReplicaId(UInt128 Bits) : IComparable<ReplicaId>
{
    /// <summary>The number of bytes of the binary form.</summary>
    public const int Size = 16;

    public static ReplicaId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);

    /// <summary>Accepts 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ReplicaId id)
    {
        id = default;
        if (text.Length != 2 * Size)
            return false;
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        id = Read(bytes);
        return true;
    }

    public int CompareTo(ReplicaId other) => Bits.CompareTo(other.Bits);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Bits.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
