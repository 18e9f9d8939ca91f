namespace Sesh.Sync.Daemon;

/// <summary>
/// How long to wait before the next try to reach a peer: an eighth of the time that it has been away, from one second to sixty. So whoever comes back after two minutes is
/// found within fifteen seconds, and whoever is away all night is asked for once a minute. A quarter of it is chance, so that a machine that comes back is not dialled by all at once.
/// </summary>
internal sealed class BackOff(TimeProvider time, Random random)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <summary>A link that lived so long was none that breaks at once each time.</summary>
    private static readonly TimeSpan Lived = TimeSpan.FromSeconds(10);

    private long? _since;

    /// <summary>A link ended that had lived this long.</summary>
    public void LinkEnded(TimeSpan lived)
    {
        if (lived >= Lived || _since is null)
            _since = time.GetTimestamp();
    }

    /// <summary>The peer was there until now, and asked for a new link.</summary>
    public void Restart() => _since = time.GetTimestamp();

    /// <summary>A try failed.</summary>
    /// <param name="needsPerson">It will fail until somebody mends something: asked again once a minute, for logins that fail too often are locked out.</param>
    public TimeSpan Next(bool needsPerson)
    {
        _since ??= time.GetTimestamp();
        var away = time.GetElapsedTime(_since.Value);
        var wait = needsPerson ? Most : TimeSpan.FromTicks(Math.Clamp(away.Ticks / 8, Least.Ticks, Most.Ticks));
        return wait * (0.75 + (random.NextDouble() / 4));
    }
}
