namespace Sesh.Sync.Store.Live;

/// <summary>
/// The files of one machine name and how far each is believed. More than one replica claims it where a machine writes under a new replica id, when the former has fallen silent for good; or where
/// its home was copied, when each sees its own processes alone: what one sees alive is then alive, though the other, which looks elsewhere, finds nothing.
/// </summary>
internal sealed class LiveClaim
{
    /// <summary>How old a row may be that says <c>live</c> and still counts against newer ones of other replicas that say nothing holds the session; of a silent replica, which may be a former one.</summary>
    public const long FreshFor = 2 * 60_000;

    /// <summary>The same where both are known to be in use. Beyond, whoever spoke last is believed: an installation that is gone does not say so.</summary>
    public const long KnownFor = 24 * 3_600_000;

    /// <summary>An incarnation counts seconds, and how far clocks are apart is known to a second or so.</summary>
    private const long Margin = 3000;

    private readonly HashSet<LiveFile> _silent = [];

    public LiveClaim(string machine, IReadOnlyList<LiveFile> files)
    {
        (Machine, Files) = (machine, files);
        foreach (var file in files)
        {
            if (files.Any(other => other != file && !HasSpokenSince(file.Header, other.Header)))
                _silent.Add(file);
        }
    }

    public string Machine { get; }

    public IReadOnlyList<LiveFile> Files { get; }

    public static long LastWord(LiveHeader header) => Math.Max(header.LastWalk, header.Stamp.Milliseconds);

    /// <summary>How much a row counts: of two about one session, the greater shows.</summary>
    /// <param name="age">In milliseconds.</param>
    public (bool Stands, long Newness) Weight(LiveFile file, bool live, long age) => (live && age <= (_silent.Contains(file) ? FreshFor : KnownFor), -age);

    // Whoever was succeeded says nothing once the successor's life has begun; who does is no former replica. On one boot they have one clock, else each is judged by ours.
    private static bool HasSpokenSince(LiveHeader header, LiveHeader other)
    {
        var apart = header.Boot == other.Boot && header.Boot != 0 ? 0 : header.Skew - other.Skew;
        return LastWord(header) + apart > Math.Min(other.Incarnation, long.MaxValue / 2000) * 1000 + Margin;
    }
}
