using System.Globalization;
using Sesh.Processes;

namespace Sesh.Agents;

/// <summary>When a process was started, by the wall clock.</summary>
internal static class ProcessTimes
{
    /// <summary>The kernel's unit for start times in /proc, on every architecture Linux runs on today.</summary>
    private const long TicksASecond = 100;

    /// <summary>Start times are right to about a second, and a transcript's clock is another one.</summary>
    private const long Skew = 2000;

    /// <summary>What was written at that moment was written by somebody else, before this agent's process was. False where either time cannot be told.</summary>
    /// <param name="at">Milliseconds since 1970 UTC; 0 for unknown.</param>
    public static bool IsYoungerThan(LiveAgent live, long at) => at > 0 && at + Skew < StartedAt(live.Start);

    /// <summary>Milliseconds since 1970 UTC, right to about a second; 0 where it cannot be told.</summary>
    public static long StartedAt(ProcessRow process) => StartedAt(process.Start);

    private static long StartedAt(long start)
    {
        if (!OperatingSystem.IsLinux())
        {
            return start * 1000;
        }

        try
        {
            var uptime = File.ReadAllText("/proc/uptime");
            return double.TryParse(uptime.AsSpan(0, Math.Max(0, uptime.IndexOf(' '))), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                ? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)(seconds * 1000) + (start * 1000 / TicksASecond)
                : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without /proc there is no start time to compare with either.
            return 0;
        }
    }
}
