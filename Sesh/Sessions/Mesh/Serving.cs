using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary><c>serve</c>: the dialled end of one link, until the peer leaves.</summary>
/// <param name="isMetered">Bytes cost money here.</param>
internal sealed class Serving(string home, LinkOptions options, bool isMetered, Action<string> log)
{
    /// <exception cref="SeshException">The peer is not who it should be, does not speak our protocol, or was lost.</exception>
    /// <exception cref="OperationCanceledException"/>
    public async Task RunAsync(IConnection connection, CancellationToken cancel)
    {
        var waiting = new Waiting();
        // Before the vector of our hello is made: what changes from then on is told.
        using var news = new News(home, waiting.Changed, options.Time) { Metered = isMetered };
        using var watch = new StoreWatch(home, _ => news.Look());
        var link = await Link.OpenAsync(connection, options, cancel).ConfigureAwait(false);
        await using var closing = link.ConfigureAwait(false);
        waiting.Open(link);
        var offer = link.Peer.Stays ? Offer(link) : null;
        try
        {
            if (await link.Ended.WaitAsync(cancel).ConfigureAwait(false) is { } why)
                throw new SeshException("link-lost", $"the link to {link.Peer.Machine} is lost: {why}");
        }
        finally
        {
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
