using System.CommandLine;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

internal sealed class PeerRemoveVerb : Verb
{
    private readonly Argument<string> _name = new("peer") { Description = "its name" };

    private readonly Option<bool> _keys = Ask.Flag("--keys", "also take out of ~/.ssh/authorized_keys what \"sesh peer authorize\" put there under its name");

    public override string Name => "peer remove";

    public override string Usage => "<peer> [--keys]";

    public override string Summary => "take a machine off the list of peers";

    public override string Description =>
        """
        It is no longer dialled, and links that it has open here end. What it gave stays, its sessions as well; "sesh peer forget" drops what they looked like.

        A key of its that "sesh peer authorize" let in may dial again, which is said, unless --keys takes it away as well; with --keys the machine need not be a peer.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh peer remove desk", "no longer a peer"), new("sesh peer remove desk --keys", "and it may no longer come in")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override int Run(Context context)
    {
        var name = PeerOptions.Name(context.Get(_name)!);
        var takeOut = context.Get(_keys);
        var isPeer = context.Peers.Any(p => p.Name == name);
        if (!isPeer && !takeOut)
            _ = context.Peer(name.Text);
        var lines = context.Variable("HOME") is { } home ? new AuthorizedKeys(home).Of(name.Text, takeOut) : [];
        if (!isPeer && lines.Count == 0)
            throw new SeshException("not-found", $"no peer is called {name}, and no key was authorized under that name", "\"sesh peer list\" shows the peers");
        PeersFile.Change(context.Home, peers => peers.Without(name.Text));
        new GrantMarks(context.Home).Change(name.Text);
        if (takeOut)
            context.Out.Note(lines.Count == 0 ? $"no key was authorized under the name {name}" : $"taken out: {string.Join(", ", lines)}");
        else if (lines.Count > 0)
            context.Out.Warning($"{name} may still dial this machine, by {string.Join(", ", lines)}", $"if it should not: sesh peer remove {name} --keys");
        context.Out.Confirm($"removed {name}");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Peer : Completes.Nothing;

    protected override void Define(Command command)
    {
        command.Add(_name);
        command.Add(_keys);
    }
}
