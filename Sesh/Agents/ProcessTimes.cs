using System.Globalization;
using Sesh.Processes;

namespace Sesh.Agents;

/// <summary>When a process was started, by the wall clock.</summary>
internal static class ProcessTimes
{
    /// <summary>The kernel's unit for start times in /proc, on every architecture Linux runs on today.</summary>
    private const long TicksASecond = 100;

    /// <summary>Milliseconds since 1970 UTC, right to about a second; 0 where it cannot be told.</summary>
    public static long StartedAt(ProcessRow process)
    {
        if (!OperatingSystem.IsLinux())
        {
            return process.Start * 1000;
        }

        try
        {
            var uptime = File.ReadAllText("/proc/uptime");
            return double.TryParse(uptime.AsSpan(0, Math.Max(0, uptime.IndexOf(' '))), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                ? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)(seconds * 1000) + (process.Start * 1000 / TicksASecond)
                : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without /proc there is no start time to compare with either.
            return 0;
        }
    }
}
