using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Index;

/// <summary>
/// The cache's bytes: a prefix, sections, and last the head that says where they lie. Every read is bounded and everything is under a checksum that is checked when
/// it is read, so that opening costs the same whatever the number of sessions.
/// </summary>
/// <remarks>
/// Read with pread(2) and not mapped: three or four short reads find a session, a mapping costs as much in page faults, and one whose file is cut short or
/// whose disk fails ends the process.
/// </remarks>
internal sealed class IndexFile : IDisposable
{
    /// <summary>Part of the file's name: another format is another file.</summary>
    public const int Version = 2;

    /// <summary>Magic, offset, length and checksum of the head, checksum of these.</summary>
    public const int PrefixSize = 32;

    private const int MaxHead = 64 << 20;

    private readonly SafeFileHandle _file;

    private IndexFile(SafeFileHandle file, long length)
    {
        _file = file;
        Length = length;
    }

    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'s', (byte)'e', (byte)'i', (byte)'x', 0x0d, 0x0a, Version];

    public long Length { get; }

    /// <exception cref="IndexCorruptException">It is missing, unreadable or not one of ours.</exception>
    public static IndexFile Open(string path, out byte[] head)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var file = new IndexFile(handle, RandomAccess.GetLength(handle));
            head = file.ReadHead();
            handle = null;
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IndexCorruptException(e.Message);
        }
        finally
        {
            handle?.Dispose();
        }
    }

    public static void WritePrefix(Span<byte> prefix, long headAt, ReadOnlySpan<byte> head)
    {
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt64LittleEndian(prefix[8..], headAt);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[16..], head.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[20..], Crc.Of(head));
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[24..], Crc.Of(prefix[..24]));
    }

    public byte[] Read(long offset, long length)
    {
        if (offset < 0 || length < 0 || length > Length - offset || length > Array.MaxLength)
            throw new IndexCorruptException("a place outside the file");
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        Read(offset, bytes);
        return bytes;
    }

    public void Read(long offset, Span<byte> bytes)
    {
        try
        {
            for (var read = 0; read < bytes.Length;)
            {
                var more = RandomAccess.Read(_file, bytes[read..], offset + read);
                if (more == 0)
                    throw new IndexCorruptException("cut short");
                read += more;
            }
        }
        catch (IOException e)
        {
            throw new IndexCorruptException(e.Message);
        }
    }

    public void Dispose() => _file.Dispose();

    private byte[] ReadHead()
    {
        Span<byte> prefix = stackalloc byte[PrefixSize];
        Read(0, prefix);
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix[16..]);
        if (!prefix.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(prefix[24..]) != Crc.Of(prefix[..24]) || length > MaxHead)
            throw new IndexCorruptException("not an index of this version");
        var head = Read(BinaryPrimitives.ReadInt64LittleEndian(prefix[8..]), length);
        return BinaryPrimitives.ReadUInt32LittleEndian(prefix[20..]) == Crc.Of(head) ? head : throw new IndexCorruptException("the head is damaged");
    }
}
