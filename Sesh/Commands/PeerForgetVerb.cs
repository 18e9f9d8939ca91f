using System.CommandLine;
using Sesh.Sync;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

internal sealed class PeerForgetVerb : Verb
{
    private readonly Argument<string> _machine = new("machine") { Description = "its name" };

    public override string Name => "peer forget";

    public override string Usage => "<machine>";

    public override string Summary => "drop what is remembered of a machine: contact, host key, its sessions' states";

    public override string Description =>
        """
        For a machine that is gone, or was set up anew. Its records stay: "sesh list --machine NAME" shows them as detached and of unknown state. A peer that still holds the states may bring them again; an entry of the list of peers stays, too ("sesh peer remove").
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh peer remove old && sesh peer forget old", "a machine that is no more")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["machine", "hostKeys", "states"];

    public override int Run(Context context)
    {
        var name = PeerOptions.Name(context.Get(_machine)!);
        if (name == context.Machine)
            throw new SeshException("own-machine", $"{name} is this machine", "what it knows of itself cannot be forgotten");
        var isKnown = context.Contacts.Of(name) != new Contact() || context.Peers.Any(p => p.Name == name) || context.Snapshot.Records().Any(r => r.Machine == name.Text);
        var hostKeys = new AcceptedHosts(context.Home).Forget(name);
        var states = context.Live.ForgetMachine(name.Text);
        if (!isKnown && hostKeys + states == 0)
            throw new SeshException("not-found", $"nothing is known of a machine {name}", "see: sesh peer; sesh list --json --fields machine");
        context.Contacts.Forget(name);
        if (context.Peers.Any(p => p.Name == name && p.HostKey is not null))
            PeersFile.Change(context.Home, peers => peers.Find(name.Text) is { } peer ? peers.With(peer with { HostKey = null }) : peers);
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartObject();
                json.Property("machine"u8, name.Text);
                json.Property("hostKeys"u8, hostKeys);
                json.Property("states"u8, states);
                json.EndObject();
            });
            return 0;
        }

        context.Out.Confirm($"forgot {name}: {hostKeys} host keys, {states} states of sessions");
        if (context.Peers.Any(p => p.Name == name))
            context.Out.Remark($"it is a peer still: sesh peer remove {name}");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.OtherMachine : Completes.Nothing;

    protected override void Define(Command command) => command.Add(_machine);
}
