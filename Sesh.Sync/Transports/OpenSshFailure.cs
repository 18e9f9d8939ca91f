using System.Text.RegularExpressions;

namespace Sesh.Sync.Transports;

/// <summary>What <c>ssh</c> means by its last words, which it says in English wherever it runs.</summary>
internal static partial class OpenSshFailure
{
    public static SeshException Of(Peer peer, ResolvedHost host, string words)
    {
        var where = $"{peer.Name} ({host.HostName})";
        if (Says("REMOTE HOST IDENTIFICATION HAS CHANGED"))
            return HostKeyException.Changed(peer, host, Shown(words), Offender().Match(words) is { Success: true } place ? place.Groups[1].Value : null);
        if (Says("REVOKED HOST KEY DETECTED") || Says("is marked as revoked"))
            return HostKeyException.Revoked(peer, host, null, Offender().Match(words) is { Success: true } place ? place.Groups[1].Value : null);
        if (Says("host key is known for") || Says("Host key verification failed"))
            return HostKeyException.Unknown(peer, host, null);
        if (Says("Permission denied (") || Says("Too many authentication failures"))
            return LoginRefused(peer, host, SshWords.Last(words));
        if (Says("Could not resolve hostname"))
            return Unreachable(where, "its name is not known", "check the name, and the network");
        if (Says("Connection refused"))
            return Unreachable(where, $"nothing listens on port {host.Port}", "is sshd running there, on that port?");
        if (Says("timed out"))
            return Unreachable(where, "no answer", "is it on, and is the network the right one?");
        if (Says("No route to host") || Says("Network is unreachable"))
            return Unreachable(where, "there is no way to it", "is it on, and is the network the right one?");
        if (Says("bad configuration option") || Says("Bad configuration option"))
            return new SeshException("ssh-config", $"ssh refuses its configuration: {SshWords.Last(words)}", "mend ~/.ssh/config");
        return Unreachable(where, SshWords.Last(words), $"try by hand: {peer.Ssh()} true");

        bool Says(string what) => words.Contains(what, StringComparison.Ordinal);
    }

    public static SeshException Unreachable(string where, string why, string hint) => new("unreachable", $"cannot reach {where}: {why}", hint);

    public static SeshException LoginRefused(Peer peer, ResolvedHost host, string why) => new(
        "login-refused", $"{peer.Name} ({host.HostName}) refuses the login of {host.User}: {why}",
        $"have your public key in its ~/.ssh/authorized_keys, and the key in your agent or without a passphrase; try: {peer.Ssh("-o BatchMode=yes ")} true");

    /// <summary>The program itself is at fault: it could not be started.</summary>
    public static SeshException NoSsh(string? why) => new(
        "no-ssh", why is null ? "this machine has no ssh on its PATH" : $"ssh does not start: {why}", "install OpenSSH's client, or use --transport sshnet");

    private static HostKey? Shown(string words) => null;

    [GeneratedRegex(@"(?:Offending \S+ key|Matching \S+ key|revoked.*) in (\S+:\d+)")]
    private static partial Regex Offender();
}
