using System.Globalization;

namespace Sesh.Output;

/// <summary>How long ago, in one unit: <c>now</c>, <c>42s</c>, <c>5m</c>, <c>3h</c>, <c>12d</c>, <c>7w</c>, <c>2y</c>.</summary>
internal static class Age
{
    private const long Second = 1000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour, Week = 7 * Day, Year = 365 * Day;

    /// <param name="milliseconds">Negative (a clock set back) reads as now.</param>
    public static string Of(long milliseconds) => milliseconds switch
    {
        < Second => "now",
        < Minute => In(milliseconds / Second, 's'),
        < Hour => In(milliseconds / Minute, 'm'),
        < Day => In(milliseconds / Hour, 'h'),
        < 4 * Week => In(milliseconds / Day, 'd'),
        < Year => In(milliseconds / Week, 'w'),
        _ => In(milliseconds / Year, 'y'),
    };

    /// <summary>The same as a phrase: <c>now</c>, <c>5m ago</c>.</summary>
    public static string Ago(long milliseconds) => milliseconds < Second ? "now" : Of(milliseconds) + " ago";

    private static string In(long count, char unit) => count.ToString(CultureInfo.InvariantCulture) + unit;
}
