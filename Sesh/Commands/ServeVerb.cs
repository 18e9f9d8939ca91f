using System.CommandLine;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

internal sealed class ServeVerb : Verb
{
    private readonly Option<string> _peer = Ask.Text("--peer", "name", "serve this machine and no other");

    private readonly Option<string> _allow = Ask.OneOf("--allow", ["sync", "read", "drive"], "what it may do here: sync, read or drive (default: sync with --peer, else what the login may do anyway)", "grant");

    public override string Name => "serve";

    public override string Usage => "[--peer <name> --allow <grant>]";

    public override string Summary => "what a peer runs here over ssh: speaks with it on standard input and output";

    public override string Description =>
        """
        Nobody types this. A peer's sesh runs it by its ssh login; or sshd does, by a line of authorized_keys that "sesh peer authorize" writes, so that the key can do nothing else.

        sync merges records and states; read adds transcripts; drive adds all that acts. Agents do what they are told: drive is running code as this user.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh serve --peer desk --allow read", "as a forced command in authorized_keys")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override bool IsTyped => false;

    protected override void Define(Command command)
    {
        command.Add(_peer);
        command.Add(_allow);
    }

    public override int Run(Context context)
    {
        var surroundings = context.Surroundings;
        if (surroundings.InputIsTerminal || surroundings.OutputIsTerminal)
            throw new UsageException("serve speaks with another machine's sesh, not with a terminal", "to look at a peer: sesh peer test NAME");
        var peer = context.Get(_peer) is not { } given ? null
            : MachineName.TryParse(given, out var name) ? name : throw new UsageException($"not a machine name: {given}", $"a name is {MachineName.Rule}");
        var allow = context.Get(_allow) switch
        {
            "sync" => Grant.Sync,
            "read" => Grant.Read,
            "drive" => Grant.Drive,
            _ => peer is null ? Grant.Drive : Grant.Sync,
        };
        // Before anything that takes time.
        var grant = new HeldGrant(context.Home, peer);
        var log = new ServeLog(context.Home, context.Time);
        var options = new LinkOptions
        {
            Machine = context.MachineOrFail,
            Replica = Installation.Of(context.Home)?.Replica ?? default,
            Version = Product.Number,
            Sharing = context.Sharing,
            Requests = context.Service(_ => null, context.DaemonSocket, new Dialler(context.Dialling(log.Line)), log.Line).ForPeers,
            Allow = allow,
            Expected = peer,
            Stays = true,
            Time = context.Time,
            Log = log.Line,
        };
        var look = new ServedLook(context, log.Line);
        look.First();
        new Serving(context.Home, options, grant, IsMetered(context, log), hello => Met(context, hello, peer is not null || allow == Grant.Drive), look.Again, look.Peek, log.Line).RunAsync(new StandardConnection(), context.Cancel).GetAwaiter().GetResult();
        return 0;
    }

    /// <summary>For "peer list" here, and for who wants to know whether a machine is heard of. Of who may but sync under any name nothing is kept: he could make names without end.</summary>
    private static void Met(Context context, PeerHello hello, bool isTrusted)
    {
        if (!isTrusted && !context.Peers.Any(p => p.Name == hello.Machine))
            return;
        context.Contacts.Remember(hello.Machine, context.Contacts.Of(hello.Machine) with
        {
            LastContact = context.Now,
            LastError = "",
            LastErrorCode = "",
            Version = hello.Version,
            SkewMs = hello.SkewMs,
        });
    }

    private static bool IsMetered(Context context, ServeLog log)
    {
        try
        {
            return context.Configuration.Metered;
        }
        catch (SeshException e)
        {
            log.Line(e.Message);
            return false;
        }
    }
}
