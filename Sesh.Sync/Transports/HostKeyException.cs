namespace Sesh.Sync.Transports;

/// <summary>A host key that is not to be trusted: <c>host-key-unknown</c>, <c>host-key-changed</c>, <c>host-key-revoked</c>.</summary>
public sealed class HostKeyException : SeshException
{
    private HostKeyException(string code, string message, string hint, HostKey? key, string knownAs)
        : base(code, message, hint)
    {
        Key = key;
        KnownAs = knownAs;
    }

    /// <summary>What the host showed; null where that cannot be told.</summary>
    public HostKey? Key { get; }

    /// <summary>The name it is to have in known_hosts.</summary>
    public string KnownAs { get; }

    /// <summary>Nothing is known of the host: who trusts the fingerprint may accept it.</summary>
    public bool MayBeAccepted => Code == "host-key-unknown" && Key is not null;

    internal static HostKeyException Unknown(Peer peer, ResolvedHost host, HostKey? key) => new(
        "host-key-unknown",
        key is null ? $"the host key of {peer.Name} ({host.Names[0]}) is not known" : $"the host key of {peer.Name} ({host.Names[0]}) is not known: {key.Type}, {key.Fingerprint}",
        key is null ? $"log in once by hand: {peer.Ssh()}" : $"compare it there (ssh-keygen -lf /etc/ssh/ssh_host_*.pub), then: {peer.Sesh("add")} --host-key {key.Fingerprint}",
        key, host.Names[0]);

    internal static HostKeyException NeedsCertificate(Peer peer, ResolvedHost host, string? place) => new(
        "host-key-unknown", $"{peer.Name} ({host.Names[0]}) must show a host certificate: {place} names its authority",
        $"let OpenSSH check it: {peer.Sesh("add")} --transport openssh", null, host.Names[0]);

    /// <param name="place">File and line of the key that was expected.</param>
    internal static HostKeyException Changed(Peer peer, ResolvedHost host, HostKey? key, string? place) => new(
        "host-key-changed",
        $"THE HOST KEY OF {peer.Name} ({host.Names[0]}) HAS CHANGED{(key is null ? "" : $", to {key.Type}, {key.Fingerprint}")}: somebody may be listening in; the one known is in {place ?? "known_hosts"}",
        $"ask whoever runs it; if it was made anew, take that line out and run: {peer.Sesh("add")}", key, host.Names[0]);

    internal static HostKeyException Revoked(Peer peer, ResolvedHost host, HostKey? key, string? place) => new(
        "host-key-revoked", $"THE HOST KEY OF {peer.Name} ({host.Names[0]}) IS REVOKED, by {place ?? "known_hosts"}: whoever shows it is not to be trusted",
        "ask whoever runs it", key, host.Names[0]);
}
