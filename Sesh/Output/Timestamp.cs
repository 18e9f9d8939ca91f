using System.Globalization;

namespace Sesh.Output;

/// <summary>RFC 3339 in UTC with milliseconds: <c>2026-11-22T21:49:55.123Z</c>, as text for scripts always of one length.</summary>
internal static class Timestamp
{
    public const int Length = 24;

    /// <param name="milliseconds">Since 1970 UTC.</param>
    public static string Of(long milliseconds)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(milliseconds, bytes);
        return System.Text.Encoding.ASCII.GetString(bytes);
    }

    /// <summary>The same without milliseconds and letters, for people, in local time: <c>2026-11-22 21:49</c>.</summary>
    public static string Local(long milliseconds, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(Clamp(milliseconds)), zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static void Write(long milliseconds, Span<byte> bytes)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Clamp(milliseconds)).UtcDateTime;
        time.Deconstruct(out DateOnly date, out TimeOnly clock);
        Digits(bytes, 0, 4, date.Year);
        bytes[4] = (byte)'-';
        Digits(bytes, 5, 2, date.Month);
        bytes[7] = (byte)'-';
        Digits(bytes, 8, 2, date.Day);
        bytes[10] = (byte)'T';
        Digits(bytes, 11, 2, clock.Hour);
        bytes[13] = (byte)':';
        Digits(bytes, 14, 2, clock.Minute);
        bytes[16] = (byte)':';
        Digits(bytes, 17, 2, clock.Second);
        bytes[19] = (byte)'.';
        Digits(bytes, 20, 3, clock.Millisecond);
        bytes[23] = (byte)'Z';
    }

    /// <summary>To the years 1 to 9999, which RFC 3339 can write.</summary>
    private static long Clamp(long milliseconds) => Math.Clamp(milliseconds, -62_135_596_800_000, 253_402_300_799_999);

    private static void Digits(Span<byte> bytes, int start, int count, int value)
    {
        for (var i = start + count - 1; i >= start; i--)
        {
            bytes[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
