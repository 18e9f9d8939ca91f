namespace Sesh.Sessions.Import;

/// <summary>A bare number for a time: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size.</summary>
internal static class OldTime
{
    /// <summary>Milliseconds since 1970 UTC; 0 for what is no time between 1970 and 2286.</summary>
    public static long FromNumber(double value) => value switch
    {
        > 0 and < 1e10 => (long)(value * 1e3),
        >= 1e10 and < 1e13 => (long)value,
        >= 1e13 and < 1e16 => (long)(value / 1e3),
        >= 1e16 and < 1e19 => (long)(value / 1e6),
        _ => 0,
    };

    /// <summary>As the old database has it: nanoseconds.</summary>
    public static long FromNanoseconds(long value) => value > 0 ? value / 1_000_000 : 0;
}
