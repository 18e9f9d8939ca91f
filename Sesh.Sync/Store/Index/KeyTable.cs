using System.Buffers.Binary;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Index;

/// <summary>Where a table lies: its blocks of entries, then for each block its first key and checksum.</summary>
internal readonly record struct TablePlace(long Entries, long Offset, long TopOffset, uint TopChecksum)
{
    public void Write(ByteSink sink)
    {
        sink.Number(Entries);
        sink.Number(Offset);
        sink.Number(TopOffset);
        sink.UInt32(TopChecksum);
    }

    public static TablePlace Read(ref ByteSource source) => new(source.Long(), source.Long(), source.Long(), source.UInt32());
}

/// <summary>A sorted table of entries that begin with a key of 16 bytes, of which a search reads the blocks it needs.</summary>
internal sealed class KeyTable(IndexFile file, TablePlace place, int valueSize)
{
    public const int KeySize = 16;
    public const int BlockEntries = 128;

    private const int TopSize = KeySize + 4;

    private readonly int _entrySize = KeySize + valueSize;
    private byte[]? _top;
    private byte[] _block = [];
    private long _blockIndex = -1;

    public long Count => place.Entries;

    /// <summary>The place of the first entry whose key is not less.</summary>
    public long FirstFrom(UInt128 key)
    {
        long low = 0;
        var high = Blocks - 1;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            if (TopKey(middle) < key)
                low = middle + 1;
            else
                high = middle - 1;
        }

        // The last block that begins below the key; what begins at it or above comes after.
        if (low == 0)
            return 0;
        var first = (low - 1) * BlockEntries;
        var (from, to) = (first, Math.Min(first + BlockEntries, Count));
        while (from < to)
        {
            var middle = from + (to - from) / 2;
            if (Key(middle) < key)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }

    public UInt128 Key(long index) => BinaryPrimitives.ReadUInt128BigEndian(Entry(index));

    /// <summary>What stands behind the key; valid until the next call.</summary>
    public ReadOnlySpan<byte> Value(long index) => Entry(index)[KeySize..];

    /// <summary>Every entry, one behind the other.</summary>
    public byte[] ReadAll()
    {
        var entries = new byte[checked(Count * _entrySize)];
        for (long i = 0; i < Count; i++)
            Entry(i).CopyTo(entries.AsSpan((int)i * _entrySize));
        return entries;
    }

    private long Blocks => (Count + BlockEntries - 1) / BlockEntries;

    private byte[] Top
    {
        get
        {
            if (_top is null)
            {
                var top = file.Read(place.TopOffset, checked(Blocks * TopSize));
                _top = Crc.Of(top) == place.TopChecksum ? top : throw new IndexCorruptException("a table is damaged");
            }

            return _top;
        }
    }

    private UInt128 TopKey(long block) => BinaryPrimitives.ReadUInt128BigEndian(Top.AsSpan((int)block * TopSize));

    private ReadOnlySpan<byte> Entry(long index)
    {
        if (index < 0 || index >= Count)
            throw new IndexCorruptException("no such entry");
        var block = index / BlockEntries;
        if (block != _blockIndex)
        {
            var entries = Math.Min(BlockEntries, Count - block * BlockEntries);
            var bytes = file.Read(place.Offset + block * BlockEntries * _entrySize, entries * _entrySize);
            if (Crc.Of(bytes) != BinaryPrimitives.ReadUInt32LittleEndian(Top.AsSpan((int)block * TopSize + KeySize)))
                throw new IndexCorruptException("a table is damaged");
            (_block, _blockIndex) = (bytes, block);
        }

        return _block.AsSpan((int)(index % BlockEntries) * _entrySize, _entrySize);
    }

    /// <summary>Writes a table of sorted entries.</summary>
    public static TablePlace Write(IndexFileWriter writer, ReadOnlySpan<byte> entries, int valueSize)
    {
        var size = (KeySize + valueSize) * BlockEntries;
        var top = new ByteSink();
        for (var rest = entries; !rest.IsEmpty; rest = rest[Math.Min(size, rest.Length)..])
        {
            top.Bytes(rest[..KeySize]);
            top.UInt32(Crc.Of(rest[..Math.Min(size, rest.Length)]));
        }

        var offset = writer.Write(entries);
        return new TablePlace(entries.Length / (KeySize + valueSize), offset, writer.Write(top.Written), Crc.Of(top.Written));
    }
}
