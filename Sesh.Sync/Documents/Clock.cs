namespace Sesh.Sync.Documents;

/// <summary>
/// How the hybrid clock moves on. Pure: the caller brings the wall clock. Times more than a day ahead of it, one's own included, do not
/// count, so that one machine with a wrong clock does not drag every other along.
/// </summary>
public static class Clock
{
    /// <summary>A day in milliseconds.</summary>
    public const long MaxAhead = 86_400_000;

    /// <summary>Whether an entry of that time moves a clock whose wall stands at <paramref name="wall"/> (milliseconds since 1970 UTC).</summary>
    public static bool Counts(Hlc time, long wall) => time <= Hlc.AtWall(wall + MaxAhead);

    /// <summary>
    /// The time before the first tick of an operation: the greater of the wall clock and the highest counting time held. Each entry of the
    /// operation then takes the <see cref="Hlc.Next"/>.
    /// </summary>
    public static Hlc Now(long wall, Hlc highest)
    {
        var now = Hlc.AtWall(wall);
        return Counts(highest, wall) && highest > now ? highest : now;
    }

    /// <summary>The time of one entry written now.</summary>
    public static Hlc Tick(long wall, Hlc highest) => Now(wall, highest).Next();
}
