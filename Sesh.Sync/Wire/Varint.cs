namespace Sesh.Sync.Wire;

/// <summary>Numbers in groups of seven bits, the lowest first; the eighth says that more follow.</summary>
internal static class Varint
{
    public const int MaxSize = 10;

    public static int Write(Span<byte> to, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            to[at++] = (byte)(value | 0x80);
        to[at++] = (byte)value;
        return at;
    }

    /// <summary>The bytes read; 0 where more are needed.</summary>
    /// <exception cref="WireException">No number ends there.</exception>
    public static int Read(ReadOnlySpan<byte> from, out ulong value)
    {
        value = 0;
        for (var i = 0; i < from.Length; i++)
        {
            if (i == MaxSize - 1 && from[i] > 1)
                throw new WireException("a number without an end");
            value |= (ulong)(from[i] & 0x7F) << (7 * i);
            if (from[i] < 0x80)
                return i + 1;
        }

        return from.Length >= MaxSize ? throw new WireException("a number without an end") : 0;
    }

    /// <summary>Takes one off the front.</summary>
    /// <exception cref="WireException">There is none.</exception>
    public static ulong Take(ref ReadOnlySpan<byte> from)
    {
        var size = Read(from, out var value);
        if (size == 0)
            throw new WireException("a number is missing");
        from = from[size..];
        return value;
    }
}
