using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Sesh.Agents;

/// <summary>
/// The transcript cache on disk: magic, checksum of all that follows, the number of entries, an index of (hash of the path, offset) ordered by hash, the entries. Read as
/// a whole, looked up by binary search; an entry is decoded when asked for.
/// </summary>
internal sealed class CacheFile
{
    private const int HeaderLength = 16;
    private const int IndexEntryLength = 12;
    private static ReadOnlySpan<byte> Magic => "SESHtc\r\n"u8;

    private readonly byte[] _bytes;
    private readonly int _count;

    private CacheFile(byte[] bytes, int count) => (_bytes, _count) = (bytes, count);

    /// <summary>Empty where the file is missing or not sound.</summary>
    public static CacheFile Load(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length >= HeaderLength && bytes.AsSpan().StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)) == Checksum(bytes.AsSpan(12))
                && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12)) is >= 0 and var count && HeaderLength + ((long)count * IndexEntryLength) <= bytes.Length)
            {
                return new CacheFile(bytes, count);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not there yet, or not readable: a cache may be missing at any moment.
        }

        return new CacheFile([], 0);
    }

    public int Length => _bytes.Length;

    public CachedTranscript? Find(string path)
    {
        var hash = Hash(path);
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = HashAt(middle) < hash ? (middle + 1, high) : (low, middle);
        }

        for (; low < _count && HashAt(low) == hash; low++)
        {
            if (Decode(low) is { } entry && entry.Path == path)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Writes these entries and those of this file that are not among them and still have their transcript. Throws <see cref="IOException"/>.</summary>
    public void ReplaceWith(string path, IReadOnlyDictionary<string, CachedTranscript> learnt)
    {
        var entries = new List<(ulong Hash, byte[] Bytes)>(_count + learnt.Count);
        foreach (var entry in learnt.Values)
        {
            entries.Add((Hash(entry.Path), Encode(entry)));
        }

        // Asking for every transcript would cost more than a few dead entries: each time another sixteenth is looked after.
        var turn = Random.Shared.Next(16);
        for (var i = 0; i < _count; i++)
        {
            if (PathAt(i) is { } known && !learnt.ContainsKey(known) && (i % 16 != turn || File.Exists(known)))
            {
                entries.Add((HashAt(i), _bytes[OffsetAt(i)..(i + 1 < _count ? OffsetAt(i + 1) : _bytes.Length)]));
            }
        }

        entries.Sort((one, other) => one.Hash.CompareTo(other.Hash));
        var bytes = Compose(entries);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var beside = $"{path}.{Environment.ProcessId}.new";
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            file.Write(bytes);
        }

        File.Move(beside, path, overwrite: true);
    }

    private static byte[] Compose(List<(ulong Hash, byte[] Bytes)> entries)
    {
        var offset = HeaderLength + (entries.Count * IndexEntryLength);
        var bytes = new byte[offset + entries.Sum(entry => entry.Bytes.Length)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var index = bytes.AsSpan(HeaderLength + (i * IndexEntryLength));
            BinaryPrimitives.WriteUInt64LittleEndian(index, entries[i].Hash);
            BinaryPrimitives.WriteInt32LittleEndian(index[8..], offset);
            entries[i].Bytes.CopyTo(bytes, offset);
            offset += entries[i].Bytes.Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Checksum(bytes.AsSpan(12)));
        return bytes;
    }

    private ulong HashAt(int index) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(HeaderLength + (index * IndexEntryLength)));

    private int OffsetAt(int index) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(HeaderLength + (index * IndexEntryLength) + 8));

    private CachedTranscript? Decode(int index) => At(index, Read);

    private string? PathAt(int index) => At(index, reader => reader.ReadString());

    private T? At<T>(int index, Func<BinaryReader, T> read)
        where T : class
    {
        var offset = OffsetAt(index);
        if (offset < 0 || offset >= _bytes.Length)
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(_bytes, offset, _bytes.Length - offset, writable: false));
        try
        {
            return read(reader);
        }
        catch (Exception failure) when (failure is IOException or FormatException or ArgumentException)
        {
            // The checksum held, so another version wrote it under this name: the entry is not there.
            return null;
        }
    }

    private static CachedTranscript Read(BinaryReader from)
    {
        var (path, size, modified, inode) = (from.ReadString(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64());
        var facts = new TranscriptFacts
        {
            AgentId = from.ReadString(),
            Cwd = from.ReadString(),
            Title = from.ReadString(),
            FirstPrompt = from.ReadString(),
            LastReply = from.ReadString(),
            Model = from.ReadString(),
            PendingTool = from.ReadString(),
            Turns = from.ReadInt64(),
            ContextTokens = Optional(from.ReadInt64()),
            ContextWindow = Optional(from.ReadInt64()),
            StartedAt = from.ReadInt64(),
            LastActivity = from.ReadInt64(),
            StrangeLines = from.ReadInt64(),
            LastTurn = (TurnEnd)from.ReadByte(),
            Hidden = from.ReadBoolean(),
        };
        var (consumed, tail, length) = (from.ReadInt64(), from.ReadUInt32(), from.ReadInt32());
        return new CachedTranscript(path, new FileStamp(size, modified, inode), facts, consumed, tail, from.ReadBytes(length));
    }

    private static byte[] Encode(CachedTranscript entry)
    {
        using var into = new MemoryStream();
        using var writer = new BinaryWriter(into, Encoding.UTF8);
        var facts = entry.Facts;
        writer.Write(entry.Path);
        foreach (var number in (ReadOnlySpan<long>)[entry.Stamp.Size, entry.Stamp.Modified, entry.Stamp.Inode])
        {
            writer.Write(number);
        }

        foreach (var text in (ReadOnlySpan<string>)[facts.AgentId, facts.Cwd, facts.Title, facts.FirstPrompt, facts.LastReply, facts.Model, facts.PendingTool])
        {
            writer.Write(text);
        }

        foreach (var number in (ReadOnlySpan<long>)[facts.Turns, facts.ContextTokens ?? -1, facts.ContextWindow ?? -1, facts.StartedAt, facts.LastActivity, facts.StrangeLines])
        {
            writer.Write(number);
        }

        writer.Write((byte)facts.LastTurn);
        writer.Write(facts.Hidden);
        writer.Write(entry.Consumed);
        writer.Write(entry.Tail);
        writer.Write(entry.State.Length);
        writer.Write(entry.State);
        return into.ToArray();
    }

    private static long? Optional(long number) => number < 0 ? null : number;

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var sum = uint.MaxValue;
        foreach (var word in words)
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return sum;
    }

    /// <summary>FNV-1a over UTF-16 units; a collision only costs a second look.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 1099511628211UL;
        }

        return hash;
    }
}
