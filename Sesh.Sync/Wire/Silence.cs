namespace Sesh.Sync.Wire;

/// <summary>Watches how long the other side has been silent: says when to ping it and when to give it up. Costs a timer that fires once a ping interval.</summary>
internal sealed class Silence : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _pingAfter;
    private readonly TimeSpan _giveUpAfter;
    private readonly Func<long> _lastHeard;
    private readonly Action _ping;
    private readonly Action _look;
    private readonly Action _giveUp;
    private readonly ITimer _timer;

    /// <param name="options">The times.</param>
    /// <param name="lastHeard">The timestamp at which something last came.</param>
    /// <param name="ping">Must not wait.</param>
    /// <param name="look">Called at each look, which is once a ping interval at least. Must not wait.</param>
    /// <param name="giveUp">Must not wait.</param>
    public Silence(LinkOptions options, Func<long> lastHeard, Action ping, Action look, Action giveUp)
    {
        (_time, _pingAfter, _giveUpAfter) = (options.Time, options.PingAfter, options.GiveUpAfter);
        (_lastHeard, _ping, _look, _giveUp) = (lastHeard, ping, look, giveUp);
        _timer = _time.CreateTimer(static self => ((Silence)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_pingAfter, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var silent = _time.GetElapsedTime(_lastHeard());
        if (silent >= _giveUpAfter)
        {
            _giveUp();
            return;
        }

        _look();
        var next = _pingAfter - silent;
        if (next <= TimeSpan.Zero)
        {
            _ping();
            next = _pingAfter;
        }

        if (_giveUpAfter - silent < next)
            next = _giveUpAfter - silent;
        _timer.Change(next < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : next, Timeout.InfiniteTimeSpan);
    }
}
