using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

internal sealed class PeerListVerb : Verb
{
    public override string Name => "peer list";

    public override string Summary => "list the machines that this one knows (\"sesh peer\" does too)";

    public override string Description =>
        """
        MAY HERE is what the peer may ask of this machine: over links that this one dials, as its entry says ("sesh peer add --allow"); while a link is open that the peer dialled, over that, as authorized_keys says ("sesh peer authorize"), else all that its login may. Where both dial each other, one link stays, and its grant holds. MAY THERE is what it lets this one ask. CONTACT is the last exchange by this machine's clock, or "connected" while a link is open, BEHIND how much of what this one holds it had refused by then. In a pipe, the columns are separated by tabs, without header, and times are exact.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh peer", "who is there, and since when not heard of"), new("sesh peer list --json --jq '.[] | select(.lastError)'", "those in trouble")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => PeerView.ListFields;

    public override int Run(Context context)
    {
        var peers = context.Peers;
        PeerView.List(context.Out, peers.Count == 0 ? [] : RowsAsync(context, peers).GetAwaiter().GetResult(), context.Now);
        if (peers.Count == 0)
            context.Out.Remark("no peers yet: \"sesh peer add NAME [user@]host\" adds one that has sesh, \"sesh peer install NAME [user@]host\" sets one up");
        return 0;
    }

    /// <summary>A link is open where the daemon has one, or a process here serves one of the peer's own.</summary>
    private static async Task<IReadOnlyList<PeerRow>> RowsAsync(Context context, IReadOnlyList<Peer> peers)
    {
        var open = context.OwnLinks;
        var asking = peers.Select(p => OwnAsync(context, open, p.Name)).ToList();
        var connected = await ConnectedAsync(context).ConfigureAwait(false);
        var rows = new List<PeerRow>();
        foreach (var (peer, asked) in peers.Zip(asking))
        {
            var (isServed, own) = await asked.ConfigureAwait(false);
            var isConnected = isServed || connected.Contains(peer.Name);
            // Of one that is served by an older program it is not known by which grant.
            rows.Add(new PeerRow(peer, context.Contacts.Of(peer.Name), isConnected, isConnected && isServed == own is not null ? GrantInForce.Of(peer, own) : null));
        }

        return rows;
    }

    private static async Task<(bool IsServed, OwnLink? Link)> OwnAsync(Context context, Func<MachineName, CancellationToken, Task<DaemonClient?>> open, MachineName peer)
    {
        try
        {
            if (await open(peer, context.Cancel).ConfigureAwait(false) is not { } serving)
                return (false, null);
            await using var closing = serving.ConfigureAwait(false);
            return (true, await serving.OwnLinkAsync(measure: false, context.Cancel).ConfigureAwait(false));
        }
        catch (SeshException e)
        {
            // It ends at this moment, or hangs: of no use now.
            return (e.Code == "daemon-version", null);
        }
    }

    private static async Task<HashSet<MachineName>> ConnectedAsync(Context context)
    {
        try
        {
            if (await context.OpenDaemonAsync().ConfigureAwait(false) is { } daemon)
            {
                await using var closing = daemon.ConfigureAwait(false);
                return [.. (await daemon.StatusAsync(context.Cancel).ConfigureAwait(false)).Peers.Where(l => l.State is LinkState.Connected or LinkState.Parked).Select(l => l.Peer)];
            }
        }
        catch (SeshException e)
        {
            // The list is there without it.
            context.TellWithoutDaemon(e);
        }

        return [];
    }
}
