using System.Buffers.Binary;
using System.Globalization;

namespace Sesh.Sync.Documents;

/// <summary>The uuid of a session: 128 bits, ordered as its text is (unsigned, most significant byte first).</summary>
public readonly record struct SessionId(UInt128 Bits) : IComparable<SessionId>
{
    /// <summary>The number of bytes of the binary form.</summary>
    public const int Size = 16;

    public static SessionId New() => FromGuid(Guid.NewGuid());

    public static SessionId FromGuid(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[Size];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return Read(bytes);
    }

    /// <summary>Reads 16 big-endian bytes.</summary>
    public static SessionId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);

    /// <summary>Accepts the canonical form of 36 characters only, in either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SessionId id)
    {
        id = default;
        if (text.Length != 36 || !Guid.TryParseExact(text, "D", out var guid))
            return false;
        id = FromGuid(guid);
        return true;
    }

    public static SessionId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"not a uuid: {text}");

    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    public int CompareTo(SessionId other) => Bits.CompareTo(other.Bits);

    public override string ToString() => ToGuid().ToString("D", CultureInfo.InvariantCulture);
}
