namespace Sesh.Sync.Documents;

/// <summary>
/// A hybrid logical clock's reading: 48 bits of milliseconds since 1970 UTC, then a 16-bit counter that carries into them.
/// Compared unsigned. (Kulkarni et al., "Logical Physical Clocks", 2014, with one number instead of two.)
/// </summary>
public readonly record struct Hlc(ulong Bits) : IComparable<Hlc>
{
    public static Hlc AtWall(long milliseconds) => new((ulong)Math.Clamp(milliseconds, 0, 0xFFFF_FFFF_FFFF) << 16);

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Milliseconds => (long)(Bits >> 16);

    public ushort Counter => (ushort)Bits;

    public Hlc Next() => new(Bits == ulong.MaxValue ? Bits : Bits + 1);

    public DateTimeOffset ToTime() => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Milliseconds, 253_402_300_799_999));

    public int CompareTo(Hlc other) => Bits.CompareTo(other.Bits);

    public static bool operator <(Hlc a, Hlc b) => a.Bits < b.Bits;

    public static bool operator >(Hlc a, Hlc b) => a.Bits > b.Bits;

    public static bool operator <=(Hlc a, Hlc b) => a.Bits <= b.Bits;

    public static bool operator >=(Hlc a, Hlc b) => a.Bits >= b.Bits;

    public override string ToString() => $"{Milliseconds}.{Counter}";
}
