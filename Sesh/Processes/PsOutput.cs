using System.Globalization;

namespace Sesh.Processes;

/// <summary>Reading what ps and lsof print.</summary>
internal static class PsOutput
{
    /// <summary>Lines of <c>pid ppid Sat Nov 22 21:48:00 2026 /path/to/comm</c>, in the C locale and UTC.</summary>
    public static Dictionary<int, ProcessRow> Parse(IEnumerable<string> lines)
    {
        var rows = new Dictionary<int, ProcessRow>();
        foreach (var line in lines)
        {
            var fields = line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 8
                && int.TryParse(fields[0], CultureInfo.InvariantCulture, out var pid)
                && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)
                && DateTimeOffset.TryParseExact(
                    $"{fields[3]} {fields[4]} {fields[5]} {fields[6]}",
                    "MMM d HH:mm:ss yyyy",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var start))
            {
                rows[pid] = new ProcessRow(pid, parent, start.ToUnixTimeSeconds(), Path.GetFileName(fields[7].Trim()));
            }
        }

        return rows;
    }

    /// <summary>The absolute paths among <c>lsof -Fn</c>'s lines.</summary>
    public static List<string> Names(IEnumerable<string> lines) => [.. lines.Where(l => l.StartsWith("n/", StringComparison.Ordinal)).Select(l => l[1..])];

    /// <summary>The process whose descriptor holds the whole file for writing (<c>lW</c>) in <c>lsof -Fpl</c>'s lines.</summary>
    public static int? ExclusiveHolder(IEnumerable<string> lines)
    {
        int? pid = null;
        foreach (var line in lines)
        {
            if (line is ['p', ..] && int.TryParse(line.AsSpan(1), CultureInfo.InvariantCulture, out var named))
                pid = named;
            else if (line == "lW")
                return pid;
        }

        return null;
    }
}
