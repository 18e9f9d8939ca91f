using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

internal sealed partial class PeerLink
{
    private Dialled? _instead;

    /// <summary>
    /// Returns when the link has ended, or when it has been silent for so long that a new one was tried, and that was answered: it waits to be used. For where packets vanished for a while, TCP takes about as
    /// long again until it tries anew, and silence alone proves nothing earlier than <see cref="LinkOptions.GiveUpAfter"/>.
    /// </summary>
    private async Task<bool> IsReplacedAsync(Link link, CancellationToken stop)
    {
        while (await Task.WhenAny(link.Ended, link.DoubtedAsync()).WaitAsync(stop).ConfigureAwait(false) != link.Ended)
        {
            while (link.IsSilent && !link.Ended.IsCompleted)
            {
                try
                {
                    _instead = await _dialler.DialAsync(Peer, _received, stop).ConfigureAwait(false);
                    _dialler.Options.Log($"{Peer.Name}: nothing came over the link for a while, and a new one is answered");
                    return true;
                }
                catch (SeshException)
                {
                    // Still away. When the link is given up, that is told.
                    await Task.WhenAny(link.Ended, Task.Delay(ProofWithin, _dialler.Time, stop)).ConfigureAwait(false);
                }
            }
        }

        return false;
    }

    private Dialled? TakeInstead()
    {
        var instead = _instead;
        _instead = null;
        lock (_lock)
            _missed |= instead is not null;
        return instead;
    }

    private async Task ProveAsync(Link link)
    {
        if (await IsAliveAsync(link, _stop.Token).ConfigureAwait(false))
            return;
        await link.DisposeAsync().ConfigureAwait(false);
        _wake.Set();
    }

    /// <summary>Asks the other side for a sign of life.</summary>
    private async Task<bool> IsAliveAsync(Link link, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(ProofWithin, _dialler.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            var trip = await link.PingAsync(both.Token).ConfigureAwait(false);
            lock (_lock)
                _status = _status with { RoundTripMs = (int)Math.Ceiling(trip.TotalMilliseconds) };
            return true;
        }
        catch (Exception e) when (e is SeshException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Lost, or as good as.
            return false;
        }
    }
}
