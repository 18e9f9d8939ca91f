using Sesh.Config;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

/// <summary>For verbs that set peers up.</summary>
internal sealed partial class Context
{
    public TransportOptions TransportOptions => field ??= TransportOptions.Of(Home, Variable);

    /// <summary>What this machine is called where the environment does not say, as in a login by ssh; null where it then has no name.</summary>
    public MachineName? NameAtLogins => MachineNaming.Of(_ => null, ConfigPath) ?? Installation.Of(Home)?.Machine;

    /// <exception cref="SeshException"><c>not-found</c>.</exception>
    public Peer Peer(string name)
    {
        var peers = Peers;
        return peers.FirstOrDefault(p => p.Name.Text == name) ?? throw new SeshException(
            "not-found", $"no peer is called {name}", peers.Count == 0 ? $"add it: sesh peer add {name} [user@]host" : $"there are: {string.Join(", ", peers.Select(p => p.Name))}");
    }

    /// <summary>Who serves the link that this machine has itself dialled; null where none is open. For several threads at once.</summary>
    /// <exception cref="SeshException">It is there and does not answer.</exception>
    public Func<MachineName, CancellationToken, Task<DaemonClient?>> OwnLinks
    {
        get
        {
            var (home, here) = (Home, Machine ?? MachineName.Parse("unnamed"));
            return (peer, cancel) => LinkOffer.OpenAsync(home, peer, here, Product.Number, cancel);
        }
    }

    /// <summary>For a link to it that this command makes, over which nothing is served.</summary>
    public LinkOptions LinkOptions(Peer peer) => new()
    {
        Machine = MachineOrFail,
        Replica = Installation.Of(Home)?.Replica ?? default,
        Version = Product.Number,
        Sharing = Sharing,
        Allow = peer.Allow,
        Expected = peer.Name,
        Time = Time,
        Log = text => Out.Warning($"{peer.Name}: {text}"),
    };
}
