using System.CommandLine;
using System.Diagnostics;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

internal sealed class PeerInstallVerb : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "what that machine is to be called" };
    private readonly Argument<string> _destination = new("dest") { Description = "[user@]host, or a Host of ~/.ssh/config: a login that may run commands" };
    private readonly PeerOptions _options = new();
    private readonly Option<string> _back = Ask.Text("--back", "dest", "this machine's address as that one dials it; left out: this one dials");
    private readonly Option<string> _backHostKey = Ask.Text("--back-host-key", "SHA256:…", "this machine's host key, where it is not in /etc/ssh");
    private readonly Option<string> _grant = Ask.OneOf("--grant", Grants.Words, "what this machine may ask of that one (default: drive, which is running code there)");

    public override string Name => "peer install";

    public override string Usage => "<name> <dest> [options]";

    public override string Summary => "set sesh up on another machine that has but sshd, and add it";

    public override string Description =>
        """
        Copies this program to ~/.local/lib/sesh there, with a link in ~/.local/bin; gives the machine its name; makes each known to the other; exchanges, and lists the peers. What is there as it should be stays: run twice, it changes nothing.

        Where there is no key that logs in without a question, ssh asks its question on this terminal once, and a key of this home's own (link_ed25519) is made for the link and authorized there, for sesh alone. With --back, that machine dials too: by a key of its home, which may log in here, for sesh alone, and do what --allow says (default: sync).
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh peer install desk me@desk.example.org", "a new machine"),
        new("sesh peer install desk desk --back me@laptop.example.org --allow read", "one that dials this one, too"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => [.. PeerView.Fields, "did", "exchange"];

    public override int Run(Context context)
    {
        var own = context.MachineOrFail;
        var name = PeerOptions.Name(context.Get(_name)!);
        if (name == own)
            throw new UsageException($"{name} is this machine");
        if (context.Get(_back) is { } back)
        {
            Destination.Check(back);
            if (context.NameAtLogins is null)
                throw new SeshException("machine-unset", "this machine's name is in SESH_MACHINE alone, which a login from there would not have", $"run: sesh init --machine {own}");
        }

        var before = context.Peers.FirstOrDefault(p => p.Name == name);
        var peer = _options.Apply(context, (before ?? new Peer { Name = name }) with { Destination = Destination.Check(context.Get(_destination)!) });
        peer = _options.ChooseTransport(context, peer, before);
        var did = new List<string>();
        void Did(string what)
        {
            did.Add(what);
            context.Out.Note($"{name}: {what}");
        }

        bool asked;
        (asked, peer) = HostKeyQuestion.Settle(context, "install", peer, _options.HostKeyGiven(context), p => LogIn(context, p));
        var login = asked ? peer with { Transport = TransportKind.OpenSsh } : peer;
        var needsKey = asked || !Transport.HasKeyAsync(peer, context.TransportOptions, context.Cancel).GetAwaiter().GetResult();
        var installed = new Installing(Plan(context, login, needsKey), context.TransportOptions, Did, context.Cancel).Run();
        peer = peer with { Identity = installed.Identity };
        if (needsKey)
            peer = peer with { Transport = TransportChoice.OfAsync(peer, context.TransportOptions, context.Cancel).GetAwaiter().GetResult().Kind };
        var exchange = PeerConnecting.Make(context, peer, exchange: true).Exchange;
        if (peer != before)
        {
            PeersFile.Change(context.Home, peers => peers.With(peer));
            Did(before is null ? "added here" : "changed here");
        }

        Tell(context, peer, did, exchange);
        return 0;
    }

    public override Completes Complete(int position) => Completes.Nothing;

    protected override void Define(Command command)
    {
        command.Add(_name);
        command.Add(_destination);
        _options.AddTo(command);
        command.Add(_back);
        command.Add(_backHostKey);
        command.Add(_grant);
    }

    private InstallPlan Plan(Context context, Peer peer, bool needsKey)
    {
        var home = context.Variable("HOME") ?? throw new SeshException("home-unset", "HOME is not set", "set it");
        var program = Environment.ProcessPath ?? throw new SeshException("exec", "the system does not tell which program this is");
        return new InstallPlan
        {
            Peer = peer,
            Own = context.MachineOrFail,
            Home = context.Home,
            Program = program,
            Version = Product.Version,
            Grant = Grants.TryParse(context.Get(_grant), out var grant) ? grant : Grant.Drive,
            Back = context.Get(_back),
            OwnHostKeys = context.Get(_backHostKey) is { } given ? [given] : OwnHostKeys.Fingerprints(),
            Authorize = key =>
            {
                var done = new AuthorizedKeys(home).Authorize(key, ServeCommand.For(context, home, peer.Name, peer.Allow), peer.Name.Text);
                if (done.Changed)
                    new GrantMarks(context.Home).Change(done.Names);
                return done;
            },
            NeedsKey = needsKey,
        };
    }

    /// <returns>Whether somebody had to answer for it.</returns>
    private static bool LogIn(Context context, Peer peer)
    {
        try
        {
            Transport.RunAsync(peer, context.TransportOptions, ":", null, context.Cancel).GetAwaiter().GetResult();
            return false;
        }
        catch (SeshException e) when (e.Code == "login-refused" && context.Surroundings.InputIsTerminal && context.TransportOptions.Ssh is not null)
        {
            context.Out.Note($"{e.Message}; ssh asks you now, once");
            var options = context.TransportOptions;
            using var ssh = Process.Start(options.Ssh!, Transport.InteractiveAsync(peer, options, context.Cancel).GetAwaiter().GetResult());
            ssh.WaitForExit();
            if (ssh.ExitCode != 0)
                throw;
            return true;
        }
    }

    private static void Tell(Context context, Peer peer, List<string> did, ExchangeReport? exchange)
    {
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartObject();
                PeerView.Write(json, peer, context.Contacts.Of(peer.Name));
                json.Name("did"u8);
                json.StartArray();
                foreach (var what in did)
                    json.Value(what);
                json.EndArray();
                json.Name("exchange"u8);
                PeerView.Write(json, exchange);
                json.EndObject();
            });
            return;
        }

        if (did.Count == 0)
            context.Out.Note($"{peer.Name} is set up already; nothing was changed");
        PeerView.List(context.Out, [.. context.Peers.Select(p => new PeerRow(p, context.Contacts.Of(p.Name), false, null))], context.Now);
        context.Out.Remark($"next: record the sessions that are there: {peer.Ssh()} .local/bin/sesh adopt");
    }
}
