using System.Buffers.Binary;
using System.Text;

namespace Sesh.Sync.Store.Index;

/// <summary>Reads what <see cref="ByteSink"/> wrote. Every step is bounded; what does not fit is <see cref="IndexCorruptException"/>.</summary>
internal ref struct ByteSource(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public readonly int Left => _left.Length;

    public byte Byte() => Bytes(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128BigEndian(Bytes(16));

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw new IndexCorruptException("a number without end");
    }

    public long Long()
    {
        var value = Number();
        return value <= long.MaxValue ? (long)value : throw new IndexCorruptException("a number too large");
    }

    /// <summary>How many things follow, each of at least <paramref name="least"/> bytes.</summary>
    public int Count(int least = 1)
    {
        var count = Number();
        return count <= (ulong)(_left.Length / least) ? (int)count : throw new IndexCorruptException("more than there is room for");
    }

    public string Text()
    {
        var length = Count();
        return length == 0 ? "" : Encoding.UTF8.GetString(Bytes(length));
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)_left.Length)
            throw new IndexCorruptException("cut short");
        var bytes = _left[..count];
        _left = _left[count..];
        return bytes;
    }
}
