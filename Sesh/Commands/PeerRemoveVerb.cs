using System.CommandLine;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

internal sealed class PeerRemoveVerb : Verb
{
    private readonly Argument<string> _name = new("peer") { Description = "its name" };

    public override string Name => "peer remove";

    public override string Usage => "<peer>";

    public override string Summary => "take a machine off the list of peers";

    public override string Description => "It is no longer dialled. What it gave stays, its sessions as well; \"sesh peer forget\" drops what they looked like. Its key stays in ~/.ssh/authorized_keys where \"sesh peer authorize\" put it.";

    public override IReadOnlyList<Example> Examples => [new("sesh peer remove desk", "no longer a peer")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override int Run(Context context)
    {
        var peer = context.Peer(context.Get(_name)!);
        PeersFile.Change(context.Home, peers => peers.Without(peer.Name.Text));
        context.Out.Confirm($"removed {peer.Name}");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Peer : Completes.Nothing;

    protected override void Define(Command command) => command.Add(_name);
}
