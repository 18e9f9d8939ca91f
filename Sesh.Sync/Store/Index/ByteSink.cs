using System.Buffers.Binary;
using System.Text;

namespace Sesh.Sync.Store.Index;

/// <summary>Bytes being written, one after another.</summary>
internal sealed class ByteSink(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void UInt128(UInt128 value) => BinaryPrimitives.WriteUInt128BigEndian(Reserve(16), value);

    /// <summary>LEB128; small numbers take a byte.</summary>
    public void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Number(long value) => Number(checked((ulong)value));

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Number(length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>Bytes already written, to be written over.</summary>
    public Span<byte> Edit(int at, int count) => _bytes.AsSpan(0, Length).Slice(at, count);

    /// <summary>The next bytes, for the caller to fill.</summary>
    public Span<byte> Reserve(int count)
    {
        if (count > _bytes.Length - Length)
            Array.Resize(ref _bytes, Math.Max(checked(_bytes.Length * 2), checked(Length + count)));
        var span = _bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
