using System.CommandLine;
using System.Text;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

internal sealed class PeerAuthorizeVerb : Verb
{
    private const int MostBytes = 64 << 10;

    private readonly Argument<string[]> _key = Ask.Words("key", "a public key (ssh-ed25519 AAAA…), a file that holds one, or - for standard input");
    private readonly Option<string> _allow = Ask.OneOf("--allow", Grants.Words, "what the key may do here; drive is running code as you");
    private readonly Option<string> _name = Ask.Text("--name", "machine", "serve the machine of this name alone");

    public override string Name => "peer authorize";

    public override string Usage => "<key> --allow <sync|read|drive> [--name <machine>]";

    public override string Summary => "let a key reach this machine's sesh, and nothing else";

    public override string Description =>
        """
        Writes a line into ~/.ssh/authorized_keys by which sshd runs "sesh serve" for that key, whatever it asks for: no shell, no files, no forwarding. sync merges records and states; read adds transcripts and searches; drive adds all that acts, and agents do what they are told: WHOEVER HOLDS A KEY THAT MAY DRIVE RUNS CODE AS YOU.

        This holds over links that the key's machine dials. Over links that this machine dials, its entry holds ("sesh peer add --allow"); where both dial each other, one link stays, and its grant holds: say the same twice.

        Again for the same key: the line is replaced, and a link that is open by it ends, so that the next one has the new grant. Of what is changed in authorized_keys by hand an open link learns nothing: give the key here again, or take it away by "sesh peer remove --keys". A key that may log in already by another line is left alone, since that line would go on to hold.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh peer authorize laptop.pub --allow read --name laptop", "a key from a file"),
        new("ssh laptop cat .ssh/id_ed25519.pub | sesh peer authorize - --allow sync", "one from there"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["fingerprint", "allow", "name", "path", "line", "changed"];

    public override int Run(Context context)
    {
        if (!Grants.TryParse(context.Get(_allow), out var grant))
            throw new UsageException("what may the key do?", $"give --allow {string.Join('|', Grants.Words)}");
        var name = context.Get(_name) is { } given ? PeerOptions.Name(given) : null;
        var key = Read(context, string.Join(' ', context.Get(_key)!));
        var home = context.Variable("HOME") ?? throw new SeshException("home-unset", "HOME is not set", "set it: authorized_keys lies there");
        var done = new AuthorizedKeys(home).Authorize(key, ServeCommand.For(context, home, name, grant), name?.Text ?? GrantMarks.Any);
        // Also where the line stood there: somebody may have written it by hand, which no open link notices.
        new GrantMarks(context.Home).Change(done.Names);
        if (grant == Grant.Drive)
            context.Out.Warning($"whoever holds {key.Fingerprint} may now drive this machine: start agents here, which is RUNNING CODE AS YOU");
        if (context.NameAtLogins is null)
            context.Out.Warning("this machine's name is in SESH_MACHINE alone, which ssh logins do not have", $"run: sesh init --machine {context.Machine?.Text ?? "NAME"}");
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartObject();
                json.Property("fingerprint"u8, key.Fingerprint);
                json.Property("allow"u8, grant.Word());
                json.Property("name"u8, name?.Text);
                json.Property("path"u8, done.Path);
                json.Property("line"u8, done.Line);
                json.Property("changed"u8, done.Changed);
                json.EndObject();
            });
            return 0;
        }

        context.Out.Confirm($"{key.Fingerprint} may {grant.Word()} here{(name is null ? "" : $", as {name}")}{(done.Changed ? "" : "; it might before")}");
        return 0;
    }

    public override Completes Complete(int position) => Completes.Nothing;

    protected override void Define(Command command)
    {
        command.Add(_key);
        command.Add(_allow);
        command.Add(_name);
    }

    private static HostKey Read(Context context, string given)
    {
        if (HostKey.TryParseLine(given, out var itself))
            return itself;
        var path = context.FullPath(given);
        var text = given == "-" ? Text(context.Surroundings.Input()) : File.Exists(path) ? Text(File.OpenRead(path)) : throw new UsageException($"neither a public key nor a file that holds one: {given}");
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
            throw new UsageException("that is the private half, which stays where it is", $"give the public one: {given}.pub");
        return AuthorizedKeys.KeyIn(text.Trim().Split('\n')[0]) ?? throw new UsageException($"no public key in {(given == "-" ? "standard input" : given)}", "it is one line, like ssh-ed25519 AAAA…");
    }

    private static string Text(Stream stream)
    {
        using (stream)
        {
            var bytes = new byte[MostBytes];
            return Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
    }
}
