using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Sesh.Sync.Store.Format;

/// <summary>One column of a compacted part, being written: like stands beside like, so that it compresses.</summary>
internal sealed class ColumnWriter
{
    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Byte(byte value) => Room(1)[0] = value;

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>A signed number: small ones of either sign are short.</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>Its length goes to another column.</summary>
    public void Text(string text, ColumnWriter lengths)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        lengths.Number((ulong)size);
        Encoding.UTF8.GetBytes(text, Room(size));
    }

    private Span<byte> Room(int size)
    {
        if (_bytes.Length - _length < size)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
        _length += size;
        return _bytes.AsSpan(_length - size, size);
    }
}

/// <summary>A column being read. Everything is checked against what is left of it.</summary>
internal ref struct ColumnReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw new MalformedException("a number without end");
    }

    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ulong Fixed() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public ReadOnlySpan<byte> Take(ulong size)
    {
        if (size > (ulong)_rest.Length)
            throw new MalformedException("a column is cut off");
        var taken = _rest[..(int)size];
        _rest = _rest[(int)size..];
        return taken;
    }

    public string Text(ref ColumnReader lengths)
    {
        var bytes = Take(lengths.Number());
        if (bytes.Length > FileFormat.MaxText || !Utf8.IsValid(bytes))
            throw new MalformedException("not a text");
        return Encoding.UTF8.GetString(bytes);
    }
}
