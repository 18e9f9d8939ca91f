namespace Sesh.Sync.Wire;

/// <summary>Ends one side's round of the exchange: all that the other lacked, as far as was known, stands before it in the stream.</summary>
/// <param name="Number">Counts 1, 2, 3… per side.</param>
/// <param name="Answer">Parcels stood before it, or news is asked for: say when all of it has been taken.</param>
/// <param name="Look">Look again what there is, and run a round.</param>
/// <param name="Knows">How many changes of the other side's vector it had heard of when the round began.</param>
/// <param name="Heard">The last of the other side's markers with <see cref="Look"/> that the round answers.</param>
internal readonly record struct Marker(ulong Number, bool Answer, bool Look, ulong Knows, ulong Heard)
{
    public ReadOnlyMemory<byte> Write()
    {
        var bytes = new byte[4 * Varint.MaxSize];
        var size = Varint.Write(bytes, Number);
        size += Varint.Write(bytes.AsSpan(size), (Answer ? 1u : 0) | (Look ? 2u : 0));
        size += Varint.Write(bytes.AsSpan(size), Knows);
        size += Varint.Write(bytes.AsSpan(size), Heard);
        return bytes.AsMemory(0, size);
    }

    /// <summary>What a newer version puts behind is not looked at.</summary>
    /// <exception cref="WireException">Something is missing.</exception>
    public static Marker Read(ReadOnlySpan<byte> bytes)
    {
        var number = Varint.Take(ref bytes);
        var flags = Varint.Take(ref bytes);
        return new Marker(number, (flags & 1) != 0, (flags & 2) != 0, Varint.Take(ref bytes), Varint.Take(ref bytes));
    }
}
