using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary><c>serve</c>: the dialled end of one link, until the peer leaves.</summary>
internal sealed class Serving(string home, LinkOptions options, Action<string> log)
{
    /// <exception cref="SeshException">The peer is not who it should be, does not speak our protocol, or was lost.</exception>
    /// <exception cref="OperationCanceledException"/>
    public async Task RunAsync(IConnection connection, CancellationToken cancel)
    {
        var news = new News();
        // Before the vector of our hello is made: what changes from then on is told.
        using var watch = new StoreWatch(home, news.Came);
        var link = await Link.OpenAsync(connection, options, cancel).ConfigureAwait(false);
        await using var closing = link.ConfigureAwait(false);
        news.Tell(link);
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

    /// <summary>Changes of the files, before there is a link and after.</summary>
    private sealed class News
    {
        private readonly Lock _lock = new();
        private Link? _link;
        private bool _waits;

        public void Came(StoreChanges changes)
        {
            if ((changes & (StoreChanges.Documents | StoreChanges.Live)) == 0)
                return;
            lock (_lock)
            {
                _waits = _link is null;
                _link?.Changed();
            }
        }

        public void Tell(Link link)
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
