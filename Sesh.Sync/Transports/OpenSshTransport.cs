using System.ComponentModel;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Transports;

/// <summary>
/// The system's <c>ssh</c> as a child: all that the user's configuration can say. It never asks, never accepts a host key, forwards nothing, and is told apart from what it runs
/// by its exit status 255.
/// </summary>
internal sealed class OpenSshTransport(TransportOptions options) : SshTransport(options)
{
    private const int ItsOwnFailure = 255;

    protected override async Task<IRemoteProgram> StartAsync(Peer peer, ResolvedHost host, string command, CancellationToken cancel)
    {
        var (sharing, control) = Sharing(peer, host);
        var program = Spawn([.. sharing, .. Usual, .. Known(host, Options), .. HostResolution.Options(peer), "--", peer.Destination!, command]);
        return new Running(this, program, peer, host, control);
    }

    // Without asking what the configuration says: the way is there, and that took a third of the time.
    protected override IRemoteProgram? StartWarm(Peer peer, string command)
    {
        if (!Options.KeepWarm || peer.Destination is not { } destination || !Destination.IsSafe(destination) || ControlSocket.For(peer, Options) is not { } control || !ControlSocket.IsAlive(control, removeDead: true))
            return null;
        var program = Spawn(["-o", "ControlMaster=no", "-o", $"ControlPath={Quoted(control)}", .. Usual, "-o", "StrictHostKeyChecking=yes", .. HostResolution.Options(peer), "--", destination, command]);
        return new Running(this, program, peer, ResolvedHost.Plain(destination, Options), control, isWarm: true);
    }

    /// <summary>See <see cref="Transport.InteractiveAsync"/>.</summary>
    public static IReadOnlyList<string> Interactive(Peer peer, ResolvedHost host, TransportOptions options)
    {
        var control = ControlSocket.For(peer, options);
        ControlSocket.Remove(control);
        return
        [
            "-T", "-a", "-x", "-o", "ControlMaster=yes", "-o", "ControlPersist=60", "-o", $"ControlPath={Quoted(control)}", "-o", "RemoteCommand=none", "-o", "ClearAllForwardings=yes",
            .. Known(host, options), .. HostResolution.Options(peer), "--", peer.Destination!, "true",
        ];
    }

    /// <summary>See <see cref="Transport.OnTerminalAsync"/>.</summary>
    public IReadOnlyList<string> OnTerminal(Peer peer, ResolvedHost host, string command) =>
    [
        .. Sharing(peer, host).Options, "-t", "-a", "-x", "-o", $"ConnectTimeout={Math.Max(1, (int)Options.ConnectWithin.TotalSeconds)}", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3",
        "-o", "LogLevel=ERROR", "-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no", "-o", "RemoteCommand=none", "-o", "Tunnel=no",
        .. Known(host, Options), .. HostResolution.Options(peer), "--", peer.Destination!, command,
    ];

    /// <summary>The key the host shows, from a connection that stops before logging in; null where it does not come so far.</summary>
    private async Task<HostKey?> ProbeAsync(Peer peer, ResolvedHost host, CancellationToken cancel)
    {
        var seen = Path.Join(Options.Home, $"known_hosts.{Environment.ProcessId}.{Guid.NewGuid():N}");
        try
        {
            var program = Spawn(
            [
                .. Alone, "-o", "StrictHostKeyChecking=accept-new", "-o", $"UserKnownHostsFile={Quoted(seen)}", "-o", "GlobalKnownHostsFile=/dev/null", "-o", "HashKnownHosts=no",
                "-o", "PreferredAuthentications=none", .. Usual, .. HostResolution.Options(peer), "--", peer.Destination!, "true",
            ]);
            await using (program.ConfigureAwait(false))
                await program.Exited.WaitAsync(cancel).ConfigureAwait(false);
            foreach (var line in File.Exists(seen) ? await File.ReadAllLinesAsync(seen, cancel).ConfigureAwait(false) : [])
            {
                if (KnownHostsLine.TryParse(line, out var parsed) && host.Names.Any(parsed.Names))
                    return parsed.Key;
            }

            return null;
        }
        finally
        {
            File.Delete(seen);
        }
    }

    private static IReadOnlyList<string> Alone => ["-o", "ControlMaster=no", "-o", "ControlPath=none"];

    private IReadOnlyList<string> Usual =>
    [
        "-T", "-a", "-x", "-o", "BatchMode=yes", "-o", $"ConnectTimeout={Math.Max(1, (int)Options.ConnectWithin.TotalSeconds)}", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3",
        "-o", "LogLevel=ERROR", "-o", "UpdateHostKeys=no", "-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no", "-o", "RemoteCommand=none", "-o", "Tunnel=no",
    ];

    // In its list the user's files stand first: a key that he knows and we do not is still his to judge.
    private static IReadOnlyList<string> Known(ResolvedHost host, TransportOptions options) =>
        ["-o", "StrictHostKeyChecking=yes", "-o", $"UserKnownHostsFile={string.Join(' ', host.KnownHostsFiles.Take(host.UserKnownHosts).Append(options.KnownHosts).Select(Quoted))}"];

    private (IReadOnlyList<string> Options, string? Control) Sharing(Peer peer, ResolvedHost host)
    {
        // A connection that the user himself has open, perhaps after a question that we could not answer.
        if (host.ControlPath is { } theirs && ControlSocket.IsAlive(theirs, removeDead: false))
            return (["-o", "ControlMaster=no"], null);
        if (!Options.KeepWarm)
            return (Alone, null);
        var control = ControlSocket.For(peer, Options);
        ControlSocket.IsAlive(control, removeDead: true);
        return (["-o", "ControlMaster=auto", "-o", "ControlPersist=60", "-o", $"ControlPath={Quoted(control)}"], control);
    }

    private SpawnedProgram Spawn(IReadOnlyList<string> arguments)
    {
        try
        {
            HomeFolder.Prepare(PosixFiles.Instance, new StorePaths(Options.Home));
            return SpawnedProgram.Start(Options.Ssh ?? throw OpenSshFailure.NoSsh(null), arguments, Options.Environment);
        }
        catch (Win32Exception e)
        {
            throw OpenSshFailure.NoSsh(e.Message);
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Writing(e);
        }
    }

    // For a value of -o, which is read like a line of the configuration, with % for tokens.
    private static string Quoted(string path) => $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}\"";

    private sealed class Running : IRemoteProgram
    {
        // A program whose input has ended is given this long to end by itself.
        private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

        private readonly SpawnedProgram _program;
        private readonly string? _control;

        public Running(OpenSshTransport transport, SpawnedProgram program, Peer peer, ResolvedHost host, string? control, bool isWarm = false)
        {
            _program = program;
            _control = control;
            Ended = EndAsync(transport, peer, host, isWarm);
        }

        public Stream Output => _program.Output;

        public Stream Input => _program.Input;

        public Task<RemoteEnd> Ended { get; }

        public async ValueTask DisposeAsync()
        {
            await _program.Input.DisposeAsync().ConfigureAwait(false);
            await Task.WhenAny(_program.Exited, Task.Delay(Grace)).ConfigureAwait(false);
            // Whoever must be killed may hang on a connection that is dead: not for the next one.
            if (!_program.Exited.IsCompleted && _control is not null)
                ControlSocket.Remove(_control);
            await _program.DisposeAsync().ConfigureAwait(false);
        }

        private async Task<RemoteEnd> EndAsync(OpenSshTransport transport, Peer peer, ResolvedHost host, bool isWarm)
        {
            var status = await _program.Exited.ConfigureAwait(false);
            var words = _program.Complaint;
            if (status != ItsOwnFailure)
                return status > 128 && words.Length == 0 ? new RemoteEnd(null, words, new SeshException("link-lost", $"ssh was ended by signal {status - 128}")) : new RemoteEnd(status, words);
            var failure = OpenSshFailure.Of(peer, host, words);
            if (isWarm || failure is not HostKeyException { Code: "host-key-unknown" })
                return new RemoteEnd(null, words, failure);
            using var patience = new CancellationTokenSource(transport.Options.ConnectWithin * 2);
            try
            {
                return new RemoteEnd(null, words, HostKeyException.Unknown(peer, host, await transport.ProbeAsync(peer, host, patience.Token).ConfigureAwait(false)));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or UnauthorizedAccessException or SeshException)
            {
                // The fingerprint is a help; that the key is unknown is the failure.
                return new RemoteEnd(null, words, failure);
            }
        }
    }
}
