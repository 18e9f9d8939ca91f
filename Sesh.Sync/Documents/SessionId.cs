using System.Buffers.Binary;
using System.Text;

namespace Sesh.Sync.Documents;

/// <summary>The uuid of a session: 128 bits, ordered as its text is (unsigned, most significant byte first).</summary>
public readonly record struct SessionId(UInt128 Bits) : IComparable<SessionId>
{
    /// <summary>The number of bytes of the binary form.</summary>
    public const int Size = 16;

    /// <summary>The number of characters of the canonical text.</summary>
    public const int TextLength = 36;

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
        if (text.Length != TextLength || !Guid.TryParseExact(text, "D", out var guid))
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

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLength];
        Format(text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>Writes the canonical form, <see cref="TextLength"/> characters of ASCII in lower case.</summary>
    public void Format(Span<byte> text)
    {
        var digits = "0123456789abcdef"u8;
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        var at = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i is 4 or 6 or 8 or 10)
                text[at++] = (byte)'-';
            text[at++] = digits[bytes[i] >> 4];
            text[at++] = digits[bytes[i] & 15];
        }
    }
}
