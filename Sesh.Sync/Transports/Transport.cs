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

    /// <summary>Runs the peer's own sesh to its end.</summary>
    /// <param name="words">Options and arguments, none of which a shell would read as more than a word or two.</param>
    /// <param name="input">Its standard input; null for none.</param>
    /// <exception cref="SeshException">As of <see cref="ITransport.ConnectAsync"/>.</exception>
    public static Task<RemoteRun> RunSeshAsync(Peer peer, TransportOptions options, string words, Stream? input, CancellationToken cancel) =>
        Make(peer, options).RunAsync(peer, RemoteCommand.Sesh(peer, words), input, cancel);

    /// <summary>Whether there is a key to log in with that needs nobody's answer: in the agent, or in a file without a passphrase.</summary>
    /// <exception cref="SeshException"><c>destination</c>, <c>dials-in</c>, <c>ssh-config</c>.</exception>
    public static async Task<bool> HasKeyAsync(Peer peer, TransportOptions options, CancellationToken cancel) =>
        LoginKeys.Of(await HostResolution.ResolveAsync(peer, options, cancel).ConfigureAwait(false)).Sources.Count > 0;

    /// <summary>
    /// Words for <c>ssh</c> by which a user at a terminal answers whatever it asks, once: the connection stays open for a minute for <see cref="TransportKind.OpenSsh"/>.
    /// </summary>
    /// <exception cref="SeshException"><c>home-too-long</c>; the home cannot be written; of the resolution.</exception>
    public static async Task<IReadOnlyList<string>> InteractiveAsync(Peer peer, TransportOptions options, CancellationToken cancel) =>
        OpenSshTransport.Interactive(peer, await HostResolution.ResolveAsync(peer, options, cancel).ConfigureAwait(false), options);

    /// <summary>Words for <c>ssh</c> that run the peer's own sesh on the user's terminal; it may ask him whatever it likes.</summary>
    /// <param name="words">For that sesh; what a shell could read differently is refused.</param>
    /// <exception cref="SeshException"><c>remote-word</c>; <c>home-too-long</c>; the home cannot be written; of the resolution.</exception>
    public static async Task<IReadOnlyList<string>> OnTerminalAsync(Peer peer, TransportOptions options, IEnumerable<string> words, CancellationToken cancel)
    {
        var command = RemoteCommand.Sesh(peer, string.Join(' ', words.Select(RemoteCommand.Word)));
        return new OpenSshTransport(options).OnTerminal(peer, await HostResolution.ResolveAsync(peer, options, cancel).ConfigureAwait(false), command);
    }

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
