namespace Sesh.Commands;

internal sealed class PeerListVerb : Verb
{
    public override string Name => "peer list";

    public override string Summary => "list the machines that this one knows (\"sesh peer\" does too)";

    public override string Description =>
        """
        MAY HERE is what the peer may ask of this machine over links that this one dials, MAY THERE what it lets this one ask. CONTACT is the last exchange by this machine's clock, BEHIND how much of what this one holds it had refused by then. In a pipe, the columns are separated by tabs, without header, and times are exact.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh peer", "who is there, and since when not heard of"), new("sesh peer list --json --jq '.[] | select(.lastError)'", "those in trouble")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => PeerView.Fields;

    public override int Run(Context context)
    {
        var peers = context.Peers;
        PeerView.List(context.Out, [.. peers.Select(p => (p, context.Contacts.Of(p.Name)))], context.Now);
        if (peers.Count == 0)
            context.Out.Remark("no peers yet: \"sesh peer add NAME [user@]host\" adds one that has sesh, \"sesh peer install NAME [user@]host\" sets one up");
        return 0;
    }
}
