using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Daemon;

namespace Sesh.Commands;

/// <summary>Looks at this machine for a peer that is served, where no daemon does. One look at a time.</summary>
internal sealed class ServedLook(Context context, Action<string> log)
{
    /// <summary>Somebody else looked as often.</summary>
    private const long FreshForMs = 400;

    private readonly MachineLook _look = new(
        context.Store, context.Live, context.Walk, context.TranscriptCache, context.MachineOrFail, notice => log(notice.Message), context.Time);

    private bool _isNews;
    private WalkOutcome _last = new(HasSessions: true, IsBusy: false, HasChanged: false);

    /// <summary>Before the peer is told anything, so that what it hears is true.</summary>
    public void First()
    {
        try
        {
            // The hello says that there was a look.
            Look(isNews: true, tell: false);
        }
        catch (Exception e) when (e is SeshException or IOException or UnauthorizedAccessException)
        {
            // The peer gets all else; the rows say how old they are.
            log($"could not look at this machine: {e.Message}");
        }
    }

    /// <param name="isNews">Documents may have changed since the last look.</param>
    public WalkOutcome Again(bool isNews) => Look(isNews, tell: true);

    public bool Peek() => _look.Peek();

    private WalkOutcome Look(bool isNews, bool tell)
    {
        _isNews |= isNews;
        // Another process that serves a peer, or the daemon, does it for us.
        if (context.Now - context.Live.LastWalk is >= 0 and < FreshForMs || DaemonLock.IsHeld(context.Home))
            return _last with { HasChanged = false };
        _last = _look.Look(_isNews, tell);
        _isNews = false;
        return _last;
    }
}
