using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary><c>serve</c>: the dialled end of one link, until the peer leaves.</summary>
/// <param name="grant">When it changes, the link ends.</param>
/// <param name="isMetered">Bytes cost money here.</param>
/// <param name="met">Told who it is once the link is open, and again when it ends in order.</param>
/// <param name="look">Looks at this machine; see <see cref="Looking"/>.</param>
/// <param name="peek">See there.</param>
internal sealed class Serving(string home, LinkOptions options, HeldGrant grant, bool isMetered, Action<PeerHello> met, Func<bool, WalkOutcome> look, Func<bool> peek, Action<string> log)
{
    /// <exception cref="SeshException">The peer is not who it should be, does not speak our protocol, or was lost.</exception>
    /// <exception cref="OperationCanceledException"/>
    public async Task RunAsync(IConnection connection, CancellationToken cancel)
    {
        var waiting = new Waiting();
        // Before the vector of our hello is made: what changes from then on is told.
        using var news = new News(home, waiting.Changed, options.Time) { Metered = isMetered };
        Looking? looking = null;
        using var watch = new StoreWatch(home, changes =>
        {
            if ((changes & (StoreChanges.Documents | StoreChanges.Private)) != 0)
                looking?.Expect();
            news.Look();
            if (changes.HasFlag(StoreChanges.Grants))
                waiting.EndIfChanged(grant, log);
        });
        var link = await Link.OpenAsync(connection, options, cancel).ConfigureAwait(false);
        await using var closing = link.ConfigureAwait(false);
        try
        {
            await ServeAsync(link, waiting, l => looking = l, cancel).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A peer that only hears that it is over would look for the fault on the way.
            await link.FailAsync(e switch
            {
                OperationCanceledException => new SeshException("stopped", "sesh there was told to end"),
                SeshException said => said,
                _ => new SeshException("internal", $"internal error there: {e.GetType().Name}: {e.Message}"),
            }).ConfigureAwait(false);
            throw;
        }
    }

    private async Task ServeAsync(Link link, Waiting waiting, Action<Looking?> looks, CancellationToken cancel)
    {
        waiting.Open(link);
        waiting.EndIfChanged(grant, log);
        met(link.Peer);
        var offer = link.Peer.Stays ? Offer(link) : null;
        // Whoever keeps the link wants to know how it stands here as long.
        var looking = link.Peer.Stays ? new Looking(look, peek, log, options.Time) : null;
        looks(looking);
        try
        {
            if (await link.Ended.WaitAsync(cancel).ConfigureAwait(false) is { } why)
                throw new SeshException("link-lost", $"the link to {link.Peer.Machine} is lost: {why}");
            met(link.Peer);
        }
        finally
        {
            if (looking is not null)
                await looking.DisposeAsync().ConfigureAwait(false);
            if (offer is not null)
                await offer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private LinkOffer? Offer(Link link)
    {
        try
        {
            return LinkOffer.Start(home, link, options with { Log = log });
        }
        catch (SeshException e)
        {
            // The peer is served all the same.
            log($"{link.Peer.Machine}: its link is not offered to commands here: {e.Message}");
            return null;
        }
    }

    /// <summary>The link, for who has news for it before it is open.</summary>
    private sealed class Waiting
    {
        private readonly Lock _lock = new();
        private Link? _link;
        private bool _waits;

        public void Changed()
        {
            lock (_lock)
            {
                _waits = _link is null;
                _link?.Changed();
            }
        }

        /// <summary>Where what the peer may do has changed. It dials again.</summary>
        public void EndIfChanged(HeldGrant grant, Action<string> log)
        {
            Link? link;
            lock (_lock)
                link = _link;
            if (link is null || !grant.HasChanged(link.Peer.Machine) || link.Ended.IsCompleted)
                return;
            log($"{link.Peer.Machine}: its link is ended, for what it may do here has changed");
            _ = link.FailAsync(new SeshException(SeshDaemon.GrantsChanged, "what is allowed there has changed; to be dialled again")).AsTask();
        }

        public void Open(Link link)
        {
            lock (_lock)
            {
                _link = link;
                if (_waits)
                    link.Changed();
            }
        }
    }
}
