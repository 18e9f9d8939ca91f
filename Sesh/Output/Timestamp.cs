using System.Globalization;

namespace Sesh.Output;

/// <summary>RFC 3339 in UTC with milliseconds: <c>2026-11-22T21:49:55.123Z</c>, as text for scripts always of one length.</summary>
internal static class Timestamp
{
    public const int Length = 24;

    private const long MillisecondsADay = 86_400_000;

    /// <summary>From 0000-03-01 to 1970-01-01.</summary>
    private const long MillisecondsBeforeUnix = 719_468 * MillisecondsADay;

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
        // By hand: DateTime would divide anew for each part, and a listing of ten thousand sessions has thirty thousand times.
        var (days, ofDay) = Math.DivRem(Clamp(milliseconds) + MillisecondsBeforeUnix, MillisecondsADay);
        var (year, month, day) = Date((uint)days);
        var (minutes, ofMinute) = Math.DivRem((uint)ofDay, 60_000);
        Two(bytes, 0, year / 100);
        Two(bytes, 2, year % 100);
        bytes[4] = (byte)'-';
        Two(bytes, 5, month);
        bytes[7] = (byte)'-';
        Two(bytes, 8, day);
        bytes[10] = (byte)'T';
        Two(bytes, 11, minutes / 60);
        bytes[13] = (byte)':';
        Two(bytes, 14, minutes % 60);
        bytes[16] = (byte)':';
        Two(bytes, 17, ofMinute / 1000);
        bytes[19] = (byte)'.';
        bytes[20] = (byte)('0' + (ofMinute % 1000 / 100));
        Two(bytes, 21, ofMinute % 100);
        bytes[23] = (byte)'Z';
    }

    /// <summary>To the years 1 to 9999, which RFC 3339 can write.</summary>
    private static long Clamp(long milliseconds) => Math.Clamp(milliseconds, -62_135_596_800_000, 253_402_300_799_999);

    /// <summary>
    /// The proleptic Gregorian date, so many days after 0000-03-01. Years begin in March, so that the leap day is a year's last (H. Hinnant, "chrono-Compatible Low-Level
    /// Date Algorithms").
    /// </summary>
    private static (uint Year, uint Month, uint Day) Date(uint days)
    {
        var (era, ofEra) = Math.DivRem(days, 146_097);
        var yearOfEra = (ofEra - (ofEra / 1460) + (ofEra / 36_524) - (ofEra / 146_096)) / 365;
        var ofYear = ofEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var fromMarch = ((5 * ofYear) + 2) / 153;
        var day = ofYear - (((153 * fromMarch) + 2) / 5) + 1;
        var month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
        return ((400 * era) + yearOfEra + (month <= 2 ? 1u : 0), month, day);
    }

    private static void Two(Span<byte> bytes, int start, uint value)
    {
        bytes[start + 1] = (byte)('0' + (value % 10));
        bytes[start] = (byte)('0' + (value / 10));
    }
}
