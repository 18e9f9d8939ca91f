using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Sesh.Sessions.Reading;

/// <summary>Finds line ends in an open file, from the back, without reading more of it than needed.</summary>
internal static class Lines
{
    private const int Block = 64 << 10;

    /// <summary>Where the last <paramref name="count"/> lines of [from, end) begin; a half line at the end is a line.</summary>
    public static long StartOfLast(SafeFileHandle file, long from, long end, long count)
    {
        if (count <= 0 || end <= from)
            return end;
        // The newline that ends the last line begins no further one.
        var left = EndsWithNewline(file, end) ? count + 1 : count;
        return Back(file, from, end, left) ?? from;
    }

    /// <summary>Just after the last newline of [from, end); null where there is none.</summary>
    public static long? EndOfLastWhole(SafeFileHandle file, long from, long end) => Back(file, from, end, 1);

    /// <summary>Just after the <paramref name="nth"/> newline of [from, end), counted from the back.</summary>
    private static long? Back(SafeFileHandle file, long from, long end, long nth)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            for (var top = end; top > from;)
            {
                var bottom = Math.Max(from, top - Block);
                var block = buffer.AsSpan(0, Fill(file, buffer.AsSpan(0, (int)(top - bottom)), bottom));
                for (var at = block.LastIndexOf((byte)'\n'); at >= 0; at = block[..at].LastIndexOf((byte)'\n'))
                {
                    if (--nth == 0)
                        return bottom + at + 1;
                }

                top = bottom;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool EndsWithNewline(SafeFileHandle file, long end)
    {
        Span<byte> last = stackalloc byte[1];
        return Fill(file, last, end - 1) == 1 && last[0] == (byte)'\n';
    }

    internal static int Fill(SafeFileHandle file, Span<byte> buffer, long at)
    {
        var filled = 0;
        while (filled < buffer.Length && RandomAccess.Read(file, buffer[filled..], at + filled) is > 0 and var read)
            filled += read;
        return filled;
    }
}
