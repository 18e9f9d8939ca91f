using System.Globalization;
using System.Text;

namespace Sesh.Output;

/// <summary>Durations as people type them: <c>90</c> (seconds), <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>, <c>1w</c>, <c>1.5h</c>; 0 for no limit where a limit is meant.</summary>
internal static class Duration
{
    public const string Rule = "a duration is like 90, 30s, 5m, 1h30m or 2d; 0 for no limit";

    private const double MostSeconds = 100.0 * 366 * 86400;

    /// <summary>Refuses negative ones, units out of order or twice, and more than a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
            return false;
        var seconds = 0.0;
        var smallest = double.MaxValue;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits < 0)
                digits = rest.Length;
            if (digits == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
                return false;
            rest = rest[digits..];
            var unit = UnitOf(rest, out var letters);
            // A bare number is seconds, but only alone: "1h30" is as likely half an hour as half a minute.
            if (unit == 0 || (letters == 0 && smallest < double.MaxValue) || unit >= smallest)
                return false;
            smallest = unit;
            rest = rest[letters..];
            seconds += count * unit;
        }

        if (seconds > MostSeconds)
            return false;
        duration = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        return true;
    }

    public static string Format(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
            return duration == TimeSpan.Zero ? "0" : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0}ms");
        var text = new StringBuilder();
        Append(duration.Days, 'd');
        Append(duration.Hours, 'h');
        Append(duration.Minutes, 'm');
        Append(duration.Seconds, 's');
        return text.ToString();

        void Append(int count, char unit)
        {
            if (count > 0)
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
        }
    }

    private static double UnitOf(ReadOnlySpan<char> rest, out int letters)
    {
        letters = 1;
        if (rest.StartsWith("ms"))
        {
            letters = 2;
            return 0.001;
        }

        if (rest.IsEmpty)
        {
            letters = 0;
            return 1;
        }

        return rest[0] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 7 * 86400, _ => 0 };
    }
}
