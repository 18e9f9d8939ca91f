namespace Sesh.Sync.Transports;

/// <summary>Which transport a peer should have, by the user's own OpenSSH configuration.</summary>
/// <param name="Kind">sshnet, unless something is needed that it does not do.</param>
/// <param name="Why">For the user, to be read after "for"; empty where nothing is special.</param>
public sealed record TransportChoice(TransportKind Kind, string Why)
{
    // Settings of ssh -G that only OpenSSH acts on, with the value that means nothing.
    private static readonly (string Key, string Nothing, string Why)[] OpenSshOnly =
    [
        ("proxyjump", "none", "the way leads over another machine (ProxyJump)"),
        ("proxycommand", "none", "a program makes the connection (ProxyCommand)"),
        ("certificatefile", "none", "it logs in by a certificate (CertificateFile)"),
        ("pkcs11provider", "none", "its key is on a token (PKCS11Provider)"),
        ("knownhostscommand", "none", "a program knows its host key (KnownHostsCommand)"),
        ("bindaddress", "none", "the connection comes from an address of its own (BindAddress)"),
        ("bindinterface", "none", "the connection goes by an interface of its own (BindInterface)"),
    ];

    /// <exception cref="SeshException">Of the resolution: the configuration or the destination is bad.</exception>
    public static async Task<TransportChoice> OfAsync(Peer peer, TransportOptions options, CancellationToken cancel)
    {
        if (options.Ssh is null)
            return new TransportChoice(TransportKind.SshNet, "there is no ssh here");
        var host = await HostResolution.ResolveAsync(peer, options, cancel).ConfigureAwait(false);
        return NeedsOpenSsh(host, options) is { } why ? new TransportChoice(TransportKind.OpenSsh, why) : new TransportChoice(TransportKind.SshNet, "");
    }

    private static string? NeedsOpenSsh(ResolvedHost host, TransportOptions options)
    {
        foreach (var (key, nothing, why) in OpenSshOnly)
        {
            if (host.Settings.TryGetValue(key, out var value) && value.Length > 0 && value != nothing)
                return why;
        }

        if (host.ControlPath is { } control && ControlSocket.IsAlive(control, removeDead: false))
            return "a connection to it is open already (ControlMaster)";
        if (KnownHosts.Read([.. host.KnownHostsFiles, options.KnownHosts]).HasAuthority(host.Names))
            return "an authority vouches for its host key (@cert-authority)";
        var keys = LoginKeys.Of(host);
        if (keys.Sources.Count > 0)
            return null;
        return keys.Passed.Count > 0 ? keys.Passed[0] : "there is no key that sshnet could log in with";
    }
}
