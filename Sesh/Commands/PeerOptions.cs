using System.CommandLine;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

/// <summary>Options that make a peer's entry.</summary>
internal sealed class PeerOptions
{
    private readonly Option<int?> _port = Ask.Count("--port", "port", "where sshd listens, if not as ~/.ssh/config says");
    private readonly Option<string> _identity = Ask.Text("--identity", "file", "the private key to log in with", "-i");
    private readonly Option<string> _transport = Ask.OneOf("--transport", ["sshnet", "openssh"], "how to reach it; else sesh chooses");
    private readonly Option<string> _hostKey = Ask.Text("--host-key", "SHA256:…", "the fingerprint of its host key, which is then accepted");
    private readonly Option<string> _allow = Ask.OneOf("--allow", Grants.Words, "what it may ask of this machine (default: sync); drive is running code as you");
    private readonly Option<bool> _relay = Ask.Flag("--relay", "pass on what it asks of others");
    private readonly Option<bool> _noRelay = Ask.Flag("--no-relay", "do not, or no longer (the default)");
    private readonly Option<string> _remoteHome = Ask.Text("--remote-home", "dir", "SESH_HOME there, if not ~/.sesh");
    private readonly Option<string> _remoteSesh = Ask.Text("--remote-sesh", "path", "the program there, if neither on the PATH of its ssh logins nor at ~/.local/bin/sesh");

    public static MachineName Name(string text) => MachineName.TryParse(text, out var name) ? name : throw new UsageException($"not a machine name: {text}", $"a name is {MachineName.Rule}");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_port, _identity, _transport, _hostKey, _allow, _relay, _noRelay, _remoteHome, _remoteSesh])
            command.Add(option);
    }

    /// <summary>The fingerprint that was given; null where none was.</summary>
    public string? HostKeyGiven(Context context) => context.Get(_hostKey);

    /// <summary>The entry with what was given in place of what was there.</summary>
    public Peer Apply(Context context, Peer peer)
    {
        if (context.Get(_relay) && context.Get(_noRelay))
            throw new UsageException("--relay and --no-relay exclude each other");
        if (context.Get(_port) is { } port)
            peer = peer with { Port = port is >= 1 and <= 65535 ? port : throw new UsageException($"not a port: {port}", "a port is from 1 to 65535") };
        if (context.Get(_identity) is { } identity)
            peer = peer with { Identity = Identity(context, identity) };
        if (context.Get(_transport) is { } transport)
            peer = peer with { Transport = transport == "openssh" ? TransportKind.OpenSsh : TransportKind.SshNet };
        if (context.Get(_hostKey) is { } hostKey)
            peer = peer with { HostKey = HostKey.IsFingerprint(hostKey) ? hostKey : throw new UsageException($"not a fingerprint: {hostKey}", "it is SHA256: and 43 letters, as ssh-keygen -l prints it") };
        if (context.Get(_allow) is { } allow && Grants.TryParse(allow, out var grant))
            peer = peer with { Allow = grant };
        if (context.Get(_relay) || context.Get(_noRelay))
            peer = peer with { Relay = context.Get(_relay) };
        if (context.Get(_remoteHome) is { } home)
            peer = peer with { RemoteHome = RemoteCommand.CheckPath(home, "--remote-home") };
        if (context.Get(_remoteSesh) is { } sesh)
            peer = peer with { RemoteSesh = RemoteCommand.CheckPath(sesh, "--remote-sesh") };
        return peer;
    }

    /// <summary>With the transport that was given, else one that will do, saying why.</summary>
    public Peer ChooseTransport(Context context, Peer peer, Peer? before)
    {
        // One that was chosen for this address, by us or by the user, is not thought over again.
        if (context.IsGiven(_transport) || (before is not null && before.Destination == peer.Destination))
            return peer;
        var choice = TransportChoice.OfAsync(peer, context.TransportOptions, context.Cancel).GetAwaiter().GetResult();
        if (choice.Why.Length > 0)
            context.Out.Note($"transport {choice.Kind.Word()}: {choice.Why}");
        return peer with { Transport = choice.Kind };
    }

    private static string Identity(Context context, string given)
    {
        var path = given.StartsWith("~/", StringComparison.Ordinal) && context.Variable("HOME") is { } home ? Path.Join(home, given[2..]) : context.FullPath(given);
        return File.Exists(path) ? path : throw new UsageException($"there is no key at {path}");
    }
}
