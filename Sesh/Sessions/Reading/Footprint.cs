using System.Buffers;
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
