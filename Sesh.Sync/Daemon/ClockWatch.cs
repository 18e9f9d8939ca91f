namespace Sesh.Sync.Daemon;

/// <summary>
/// Notices that this process did not run for a while: a machine that slept, a process that was stopped. The monotonic clock stands still while Linux sleeps and the wall clock
/// does not, so either one going on by far more than the time between two looks tells.
/// </summary>
internal sealed class ClockWatch : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly Action<TimeSpan> _jumped;
    private readonly ITimer _timer;
    private DateTimeOffset _wall;
    private long _monotonic;

    /// <param name="jumped">Told by how much the clock went on beyond what was expected. Must not wait.</param>
    public ClockWatch(Action<TimeSpan> jumped, TimeProvider time)
    {
        (_time, _jumped) = (time, jumped);
        (_wall, _monotonic) = (time.GetUtcNow(), time.GetTimestamp());
        _timer = time.CreateTimer(_ => Look(), null, Every, Every);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var (wall, monotonic) = (_time.GetUtcNow(), _time.GetTimestamp());
        var (byWall, byMonotonic) = (wall - _wall, _time.GetElapsedTime(_monotonic, monotonic));
        (_wall, _monotonic) = (wall, monotonic);
        var gap = (byWall > byMonotonic ? byWall : byMonotonic) - Every;
        if (gap > Gap)
            _jumped(gap);
    }
}
