namespace Sesh.Sync.Daemon;

/// <summary>What a look at this machine found.</summary>
/// <param name="HasSessions">Some session is of this machine: without any there is nothing to look at.</param>
/// <param name="IsBusy">A turn runs somewhere.</param>
/// <param name="HasChanged">Something is not as the look before saw it.</param>
public readonly record struct WalkOutcome(bool HasSessions, bool IsBusy, bool HasChanged);

/// <summary>
/// Looks at this machine again and again: often while something goes on, seldom when nothing does, not at all where there is nothing to see. One look at a time; one that
/// takes long is not followed by those that it missed.
/// </summary>
public sealed class Looking : IAsyncDisposable
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WhileBusy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    /// <summary>How long a turn that begins may go unseen.</summary>
    private static readonly TimeSpan PeekEvery = TimeSpan.FromSeconds(1);

    /// <summary>After a change more are to be expected.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);

    /// <summary>A look may take this share of a core and no more, however much there is to see.</summary>
    private const int Share = 20;

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<bool, WalkOutcome> _look;
    private readonly Func<bool> _peek;
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly Wake _wake;
    private readonly Task _running;

    /// <param name="look">Looks and writes down what it saw; told whether something came that may concern it. One call at a time.</param>
    /// <param name="peek">Whether something was said in a session that lives; cheap, between looks.</param>
    /// <param name="log">Told of looks that fail, of each reason once.</param>
    public Looking(Func<bool, WalkOutcome> look, Func<bool> peek, Action<string> log, TimeProvider time)
    {
        (_look, _peek, _log, _time) = (look, peek, log, time);
        _wake = new Wake(time);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Something has changed that may concern it: a session was recorded, somebody else saw something.</summary>
    public void Expect() => _wake.Set();

    /// <summary>Waits for the look that is going on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var (wait, isNews) = (Quick, true);
        var changed = _time.GetTimestamp();
        var lastError = "";
        try
        {
            while (true)
            {
                var began = _time.GetTimestamp();
                var outcome = Look(isNews, ref lastError);
                var took = _time.GetElapsedTime(began);
                if (outcome.HasChanged)
                    changed = _time.GetTimestamp();
                wait = _time.GetElapsedTime(changed) < Lately ? Quick : outcome.IsBusy ? WhileBusy : wait * 1.5;
                wait = TimeSpan.FromTicks(Math.Max(Math.Min(wait.Ticks, Slow.Ticks), took.Ticks * Share));
                isNews = await WaitAsync(outcome.HasSessions ? wait : Timeout.InfiniteTimeSpan).ConfigureAwait(false);
                // A burst of news is one reason to look.
                if (isNews)
                    await Task.Delay(Quick, _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Until it is time, something was written, or a peek tells that there is something to see. True for news.</summary>
    private async Task<bool> WaitAsync(TimeSpan wait)
    {
        while (wait > PeekEvery)
        {
            if (await _wake.WaitAsync(PeekEvery, _stop.Token).ConfigureAwait(false))
                return true;
            if (_peek())
                return false;
            wait -= PeekEvery;
        }

        return await _wake.WaitAsync(wait, _stop.Token).ConfigureAwait(false);
    }

    private WalkOutcome Look(bool isNews, ref string lastError)
    {
        try
        {
            var outcome = _look(isNews);
            lastError = "";
            return outcome;
        }
        catch (Exception e)
        {
            // tmux missing, a full disk, a bug: links go on, and the next look may do better. Told once.
            if (e.Message != lastError)
                _log($"looking at this machine failed: {(e is SeshException ? e.Message : e.ToString())}");
            lastError = e.Message;
            return new WalkOutcome(HasSessions: true, IsBusy: false, HasChanged: false);
        }
    }
}
