using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Sesh.Sessions.Reading;

/// <summary>
/// What a file held where we have read it: its first bytes and the last ones before a position. A file that still holds both there has only been appended to;
/// any other was truncated, replaced or rewritten, whatever its name and its inode.
/// </summary>
internal sealed class Footprint
{
    private const int Head = 1024;
    private const int Tail = 256;

    private readonly byte[] _head;
    private readonly byte[] _tail;

    private Footprint(long end, byte[] head, byte[] tail)
    {
        End = end;
        _head = head;
        _tail = tail;
    }

    /// <summary>Everything before this offset has been read.</summary>
    public long End { get; }

    public static Footprint At(SafeFileHandle file, long end) =>
        new(end, Read(file, 0, Math.Min(Head, end)), Read(file, Math.Max(0, end - Tail), Math.Min(Tail, end)));

    /// <summary>The same file read as far, told in a word that another machine can keep: it says nothing of where the file lies.</summary>
    public string Mark => string.Create(CultureInfo.InvariantCulture, $"{End}-{Print:x16}");

    /// <summary>What <see cref="Mark"/> told, where the file still holds it; else null.</summary>
    public static Footprint? Of(SafeFileHandle file, string mark)
    {
        var dash = mark.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !long.TryParse(mark.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var end) || end > RandomAccess.GetLength(file))
            return null;
        var footprint = At(file, end);
        return footprint.Mark == mark ? footprint : null;
    }

    // FNV-1a: of one's own files, where nobody seeks a second one.
    private ulong Print
    {
        get
        {
            var print = 14695981039346656037;
            foreach (var b in (byte[])[.. _head, .. _tail])
                print = unchecked((print ^ b) * 1099511628211);
            return print;
        }
    }

    public bool StillIn(SafeFileHandle file) =>
        RandomAccess.GetLength(file) >= End && Holds(file, 0, _head) && Holds(file, Math.Max(0, End - Tail), _tail);

    private static byte[] Read(SafeFileHandle file, long at, long length)
    {
        var bytes = new byte[length];
        return bytes[..Lines.Fill(file, bytes, at)];
    }

    private static bool Holds(SafeFileHandle file, long at, byte[] expected)
    {
        var held = ArrayPool<byte>.Shared.Rent(Head);
        try
        {
            return Lines.Fill(file, held.AsSpan(0, expected.Length), at) == expected.Length && held.AsSpan(0, expected.Length).SequenceEqual(expected);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(held);
        }
    }
}
