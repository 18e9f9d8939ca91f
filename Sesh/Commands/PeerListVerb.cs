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
        MAY HERE is what the peer may ask of this machine over links that this one dials, MAY THERE what it lets this one ask. CONTACT is the last exchange by this machine's clock, or "connected" while a link is open, BEHIND how much of what this one holds it had refused by then. In a pipe, the columns are separated by tabs, without header, and times are exact.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh peer", "who is there, and since when not heard of"), new("sesh peer list --json --jq '.[] | select(.lastError)'", "those in trouble")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => PeerView.Fields;

    public override int Run(Context context)
    {
        var peers = context.Peers;
        var connected = peers.Count == 0 ? [] : ConnectedAsync(context, peers).GetAwaiter().GetResult();
        PeerView.List(context.Out, [.. peers.Select(p => new PeerRow(p, context.Contacts.Of(p.Name), connected.Contains(p.Name)))], context.Now);
        if (peers.Count == 0)
            context.Out.Remark("no peers yet: \"sesh peer add NAME [user@]host\" adds one that has sesh, \"sesh peer install NAME [user@]host\" sets one up");
        return 0;
    }

    /// <summary>With whom a link is open at this moment: one of the daemon's, or one of a peer's own that is served here.</summary>
    private static async Task<HashSet<MachineName>> ConnectedAsync(Context context, IReadOnlyList<Peer> peers)
    {
        HashSet<MachineName> connected = [];
        try
        {
            if (await context.OpenDaemonAsync().ConfigureAwait(false) is { } daemon)
            {
                await using var closing = daemon.ConfigureAwait(false);
                foreach (var link in (await daemon.StatusAsync(context.Cancel).ConfigureAwait(false)).Peers)
                {
                    if (link.State is LinkState.Connected or LinkState.Parked)
                        connected.Add(link.Peer);
                }
            }
        }
        catch (SeshException e)
        {
            // The list is there without it.
            context.Out.Detail($"without the daemon: {e.Message}");
        }

        foreach (var peer in peers.Where(p => p.Destination is null))
        {
            if (await LinkOffer.IsOfferedAsync(context.Home, peer.Name, context.Cancel).ConfigureAwait(false))
                connected.Add(peer.Name);
        }

        return connected;
    }
}
