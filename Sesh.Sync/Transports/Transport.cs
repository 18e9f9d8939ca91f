namespace Sesh.Sync.Transports;

/// <summary>The transports by what a peer's entry names.</summary>
public static class Transport
{
    public static ITransport For(Peer peer, TransportOptions options) => Make(peer, options);

    /// <summary>Runs a command on a peer to its end: for setting it up.</summary>
    /// <param name="peer">How it is reached.</param>
    /// <param name="script">For <c>sh</c>; without single quotes, backslashes, line ends and <c>!</c>.</param>
    /// <param name="input">Its standard input; null for none.</param>
    /// <exception cref="SeshException">As of <see cref="ITransport.ConnectAsync"/>.</exception>
    public static Task<RemoteRun> RunAsync(Peer peer, TransportOptions options, string script, Stream? input, CancellationToken cancel) =>
        Make(peer, options).RunAsync(peer, RemoteCommand.Shell(script), input, cancel);

    /// <summary>Where a peer's entry leads by the user's OpenSSH configuration: <c>me@10.0.0.1:22</c>. For messages.</summary>
    /// <exception cref="SeshException"><c>destination</c>, <c>dials-in</c>, <c>ssh-config</c>.</exception>
    public static async Task<string> WhereAsync(Peer peer, TransportOptions options, CancellationToken cancel)
    {
        var host = await HostResolution.ResolveAsync(peer, options, cancel).ConfigureAwait(false);
        return $"{host.User}@{(host.HostName.Contains(':', StringComparison.Ordinal) ? $"[{host.HostName}]" : host.HostName)}:{host.Port}";
    }

    /// <summary>Its word in peers.json and on command lines.</summary>
    public static string Word(this TransportKind kind) => kind == TransportKind.OpenSsh ? "openssh" : "sshnet";

    private static SshTransport Make(Peer peer, TransportOptions options) =>
        peer.Transport == TransportKind.OpenSsh ? new OpenSshTransport(options) : new SshNetTransport(options);
}
