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

    /// <summary>Of <c>peers.json</c>, each with what it was probably meant to be. A mistyped key of <c>config.toml</c> is refused; here one may be of a newer sesh, and the peers are reached all the same.</summary>
    /// <exception cref="SeshException"><c>config</c>.</exception>
    public IEnumerable<(string What, string Hint)> UnknownPeerKeys() => PeersFile.Load(Home).Unknown.Select(u => (
        $"{PeersFile.PathIn(Home)}: {(u.Entry.Length > 0 ? $"{u.Entry}: " : "")}unknown key {u.Key}, which has no effect",
        Nearest.To(u.Key, u.Known) is { } near ? $"did you mean {near}?" : $"known here: {string.Join(", ", u.Known)}"));

    /// <summary>For whoever looks at the peers or changes them.</summary>
    public void TellUnknownPeerKeys()
    {
        if (!line.Verb!.Name.StartsWith("peer ", StringComparison.Ordinal))
            return;
        try
        {
            foreach (var (what, hint) in UnknownPeerKeys())
            {
                Out.Flush();
                Out.Warning(what, hint);
            }
        }
        catch (SeshException)
        {
            // What is wrong with the file the verb itself says.
        }
    }

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
            return (peer, cancel) => SayingWhatIsWaitedFor(LinkOffer.OpenAsync(home, peer, here, Product.Number, cancel), $"the process here that serves {peer}'s own link");
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
