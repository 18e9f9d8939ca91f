using System.CommandLine;
using System.Globalization;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

internal sealed class PeerAddVerb : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "what that machine calls itself" };

    private readonly Argument<string?> _destination = new("dest") { Arity = ArgumentArity.ZeroOrOne, Description = "[user@]host, or a Host of ~/.ssh/config; left out: a machine that only dials in" };

    private readonly PeerOptions _options = new();

    private readonly Option<bool> _noConnect = Ask.Flag("--no-connect", "add it without connecting");

    public override string Name => "peer add";

    public override string Usage => "<name> [<dest>] [options]";

    public override string Summary => "make another machine known: connect, exchange, remember";

    public override string Description =>
        """
        The way there is found as ssh finds it, by your ~/.ssh/config. Transport sshnet speaks SSH in this program; openssh runs the system's ssh, and is taken where only that will do (jump hosts, certificates, security keys…), saying why. Nothing ever falls back from one to the other.

        A host key that is not known is shown, and asked about on a terminal; elsewhere --host-key must name its fingerprint. A changed one is always refused. For a peer that is known already, what is given is changed and the rest stays.

        --allow says what that machine may ask of this one over links that this one dials: sync (documents and states), read (transcripts and searches too), drive (everything: it starts agents, and so RUNS CODE AS YOU). What this one may do there, is said there. Over a link that the machine dials itself what "sesh peer authorize" said of its key holds, else all that its login may; where both dial each other, one link stays, and its grant holds: say the same twice.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh peer add desk me@desk.example.org", "a machine that sesh is installed on"),
        new("sesh peer add desk desk --transport openssh", "by the system's ssh"),
        new("sesh peer add phone", "one that dials in, and cannot be dialled"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => [.. PeerView.Fields, "exchange"];

    public override int Run(Context context)
    {
        var own = context.MachineOrFail;
        var name = PeerOptions.Name(context.Get(_name)!);
        if (name == own)
            throw new UsageException($"{name} is this machine");
        var before = context.Peers.FirstOrDefault(p => p.Name == name);
        var destination = context.Get(_destination) ?? before?.Destination;
        if (destination is not null)
            Destination.Check(destination);
        var peer = _options.Apply(context, (before ?? new Peer { Name = name }) with { Destination = destination });
        ExchangeReport? exchange = null;
        if (destination is not null)
        {
            peer = _options.ChooseTransport(context, peer, before);
            if (!context.Get(_noConnect))
                (exchange, peer) = HostKeyQuestion.Settle(context, "add", peer, _options.HostKeyGiven(context), p => PeerConnecting.Make(context, p, exchange: true).Exchange);
        }

        PeersFile.Change(context.Home, peers => peers.With(peer));
        Tell(context, peer, before, exchange);
        return 0;
    }

    public override Completes Complete(int position) => Completes.Nothing;

    protected override void Define(Command command)
    {
        command.Add(_name);
        command.Add(_destination);
        _options.AddTo(command);
        command.Add(_noConnect);
    }

    private static void Tell(Context context, Peer peer, Peer? before, ExchangeReport? exchange)
    {
        if (peer.Allow == Grant.Drive && before?.Allow != Grant.Drive)
            context.Out.Warning($"{peer.Name} may now drive this machine: it starts agents here, which is RUNNING CODE AS YOU");
        var contact = context.Contacts.Of(peer.Name);
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartObject();
                PeerView.Write(json, peer, contact);
                json.Name("exchange"u8);
                PeerView.Write(json, exchange);
                json.EndObject();
            });
            return;
        }

        var what = before is null ? "added" : "changed";
        if (exchange is null)
        {
            context.Out.Confirm($"{what} {peer.Name} ({peer.Destination ?? "dials in"})");
            return;
        }

        context.Out.Confirm(string.Create(
            CultureInfo.InvariantCulture,
            $"{what} {peer.Name} ({peer.Destination}, {peer.Transport.Word()}): sesh {contact.Version}, {contact.RoundTripMs} ms away; {exchange.Received} received, {exchange.Sent} sent"));
        context.Out.Remark($"it lets this machine {contact.Granted}; it may {peer.Allow.Word()} here");
    }
}
