using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Sesh.Sync.Transports;

/// <summary>
/// SSH.NET, in this process. What it lacks is here: the user's OpenSSH configuration, known_hosts (left alone it takes any host key), the agent.
/// </summary>
internal sealed class SshNetTransport(TransportOptions options) : SshTransport(options)
{
    protected override async Task<IRemoteProgram> StartAsync(Peer peer, ResolvedHost host, string command, CancellationToken cancel)
    {
        if (host.Settings.GetValueOrDefault("proxyjump", "none") != "none" || host.Settings.GetValueOrDefault("proxycommand", "none") != "none")
        {
            throw new SeshException(
                "ssh-config", $"the way to {peer.Name} leads over another machine, by ~/.ssh/config, and sshnet cannot take it", $"use OpenSSH's: {peer.Sesh("add")} --transport openssh");
        }

        var keys = LoginKeys.Of(host);
        if (keys.Sources.Count == 0)
            throw OpenSshFailure.LoginRefused(peer, host, keys.Passed.Count > 0 ? keys.Passed[0] : "there is no key to log in with, neither in an agent nor in ~/.ssh");
        var known = KnownHosts.Read([.. host.KnownHostsFiles, Options.KnownHosts]);
        var login = new ConnectionInfo(host.HostName, host.Port, host.User, new PrivateKeyAuthenticationMethod(host.User, [.. keys.Sources]))
        {
            Timeout = Options.ConnectWithin,
        };
        Prefer(login, known.TypesOf(host.Names));
        var client = new SshClient(login);
        HostKeyException? refusal = null;
        client.HostKeyReceived += (_, shown) =>
        {
            refusal = Judge(peer, host, known, shown.HostKey);
            shown.CanTrust = refusal is null;
        };
        try
        {
            await client.ConnectAsync(cancel).ConfigureAwait(false);
            return await SshNetProgram.StartAsync(client, host, command, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SshException or SocketException or IOException or InvalidOperationException)
        {
            _ = SshNetProgram.DisposeAsync(client);
            cancel.ThrowIfCancellationRequested();
            throw refusal ?? Explain(peer, host, keys, e);
        }
        catch (OperationCanceledException)
        {
            _ = SshNetProgram.DisposeAsync(client);
            throw;
        }
    }

    private static HostKeyException? Judge(Peer peer, ResolvedHost host, KnownHosts known, byte[] shown)
    {
        if (!HostKey.TryParse(shown, out var key))
            return HostKeyException.Unknown(peer, host, null);
        var verdict = known.Check(host.Names, key);
        return verdict.Trust switch
        {
            HostTrust.Trusted => null,
            HostTrust.Revoked => HostKeyException.Revoked(peer, host, key, verdict.Place),
            HostTrust.Changed => HostKeyException.Changed(peer, host, key, verdict.Place),
            HostTrust.NeedsCertificate => HostKeyException.NeedsCertificate(peer, host, verdict.Place),
            _ => peer.HostKey == key.Fingerprint ? null : HostKeyException.Unknown(peer, host, key),
        };
    }

    // Of the types that are known first; and neither certificates, which are not checked here, nor SHA-1.
    private static void Prefer(ConnectionInfo login, IReadOnlyList<string> types)
    {
        var all = login.HostKeyAlgorithms.ToList();
        login.HostKeyAlgorithms.Clear();
        foreach (var (name, make) in all.Where(a => !a.Key.Contains("-cert-", StringComparison.Ordinal) && a.Key != "ssh-rsa")
                     .OrderByDescending(a => types.Contains(a.Key.StartsWith("rsa-", StringComparison.Ordinal) ? "ssh-rsa" : a.Key)))
        {
            login.HostKeyAlgorithms.Add(name, make);
        }
    }

    private static SeshException Explain(Peer peer, ResolvedHost host, LoginKeys keys, Exception e)
    {
        var where = $"{peer.Name} ({host.HostName})";
        return e switch
        {
            SshAuthenticationException => OpenSshFailure.LoginRefused(peer, host, keys.Passed.Count > 0 ? keys.Passed[0] : SshWords.Last(e.Message)),
            SshOperationTimeoutException => OpenSshFailure.Unreachable(where, "no answer", "is it on, and is the network the right one?"),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => OpenSshFailure.Unreachable(where, $"nothing listens on port {host.Port}", "is sshd running there, on that port?"),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => OpenSshFailure.Unreachable(where, "its name is not known", "check the name, and the network"),
            SocketException { SocketErrorCode: SocketError.TimedOut } => OpenSshFailure.Unreachable(where, "no answer", "is it on, and is the network the right one?"),
            SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => OpenSshFailure.Unreachable(where, "there is no way to it", "is it on, and is the network the right one?"),
            _ => OpenSshFailure.Unreachable(where, SshWords.Last(e.Message), $"try by hand: {peer.Ssh()} true"),
        };
    }
}
