using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>Links that can be lent.</summary>
public interface IHeldLinks
{
    /// <summary>Over it that machine is reached now; null where it is not. It may be lost at any time, and must not be disposed.</summary>
    Link? To(MachineName machine);
}

/// <summary>The links to all peers that have a destination. From any thread.</summary>
internal sealed class PeerLinks : IHeldLinks, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<MachineName, PeerLink> _links = [];
    private readonly Dialler _dialler;
    private readonly Func<MachineName, CancellationToken, Task<Link?>> _served;
    private readonly Action _received;
    private readonly Random _random;
    private bool _closed;

    /// <param name="served">See <see cref="PeerLink"/>.</param>
    /// <param name="received">Something new came over one of them. On any thread; must not wait.</param>
    public PeerLinks(Dialler dialler, Func<MachineName, CancellationToken, Task<Link?>> served, Action received, Random random) =>
        (_dialler, _served, _received, _random) = (dialler, served, received, random);

    public IReadOnlyList<LinkStatus> Statuses => [.. All().Select(l => l.Status).OrderBy(s => s.Peer.Text, StringComparer.Ordinal)];

    public Link? To(MachineName machine)
    {
        lock (_lock)
            return _links.GetValueOrDefault(machine)?.Link;
    }

    /// <summary>Keeps links to these from now on, and to no others. A peer whose entry changed is dialled anew; goodbyes are said meanwhile.</summary>
    public void Keep(IReadOnlyList<Peer> peers)
    {
        var gone = new List<PeerLink>();
        lock (_lock)
        {
            if (_closed)
                return;
            var wanted = peers.Where(p => p.Destination is not null && p.Name != _dialler.Options.Machine).ToDictionary(p => p.Name);
            foreach (var (name, link) in _links)
            {
                if (!wanted.TryGetValue(name, out var peer) || peer != link.Peer)
                    gone.Add(link);
            }

            foreach (var link in gone)
                _links.Remove(link.Peer.Name);
            foreach (var (name, peer) in wanted)
            {
                if (!_links.ContainsKey(name))
                    _links[name] = new PeerLink(peer, _dialler, _served, _received, _random);
            }
        }

        foreach (var link in gone)
            _ = link.DisposeAsync().AsTask();
    }

    public void Changed()
    {
        foreach (var link in All())
            link.Changed();
    }

    public void Doubt()
    {
        foreach (var link in All())
            link.Doubt();
    }

    public void LookForTheirs()
    {
        foreach (var link in All())
            link.LookForTheirs();
    }

    /// <summary>One exchange now with each of these, at once.</summary>
    /// <exception cref="SeshException"><c>unknown-peer</c>: no link is kept to one of them.</exception>
    public async Task<IReadOnlyList<SyncOutcome>> SyncAsync(IReadOnlyList<MachineName> peers, CancellationToken cancel)
    {
        var links = peers.Count == 0 ? All() : [.. peers.Select(Of)];
        return await Task.WhenAll(links.Select(l => l.SyncAsync(cancel))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        PeerLink[] links;
        lock (_lock)
        {
            _closed = true;
            links = [.. _links.Values];
            _links.Clear();
        }

        await Task.WhenAll(links.Select(l => l.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private PeerLink Of(MachineName name)
    {
        lock (_lock)
            return _links.GetValueOrDefault(name) ?? throw new SeshException("unknown-peer", $"the daemon keeps no link to {name}", "\"sesh peer list\" shows the peers");
    }

    private PeerLink[] All()
    {
        lock (_lock)
            return [.. _links.Values];
    }
}
