using System.Net;
using System.Net.Sockets;
using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Tests.Built;
using Xunit;

namespace Sesh.Tests.Ssh;

/// <summary>Both transports against a real sshd: what must be the same whichever a peer has.</summary>
public sealed class TransportTests
{
    public static TheoryData<TransportKind> Both => [TransportKind.SshNet, TransportKind.OpenSsh];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Bytes_go_both_ways_and_an_orderly_end_is_one(TransportKind transport)
    {
        using var reached = new Reached();
        var connection = await reached.ConnectAsync(transport);
        Assert.Equal("", await Reached.HelloAsync(connection));
        await Reached.WriteAsync(connection, "to and fro");
        Assert.Equal("to and fro", await Reached.ReadAsync(connection, 10));
        await connection.Output.DisposeAsync();
        Assert.Equal(0, await connection.Input.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Null(await connection.Ended);
        await connection.DisposeAsync();
        Assert.Equal("ssh desk", connection.Description);
    }

    [Theory]
    [InlineData(TransportKind.SshNet, "/bin/bash")]
    [InlineData(TransportKind.OpenSsh, "/bin/bash")]
    [InlineData(TransportKind.OpenSsh, "/bin/dash")]
    [InlineData(TransportKind.OpenSsh, "/usr/bin/fish")]
    [InlineData(TransportKind.OpenSsh, "/bin/csh")]
    public async Task Any_login_shell_will_do(TransportKind transport, string shell)
    {
        using var reached = new Reached(shell);
        var program = Reached.Script(Path.Join(Directory.CreateDirectory(Path.Join(reached.Sshd.Home, "a b")).FullName, "sesh"), "echo \"$SESH_HOME|$*\"; " + Reached.Greeting);
        var peer = Reached.Desk(transport) with { RemoteSesh = "~/a b/sesh", RemoteHome = "/srv/x y" };
        await using var connection = await reached.ConnectAsync(peer);
        Assert.Equal("/srv/x y|serve\n", await Reached.HelloAsync(connection));
        await using var same = await reached.ConnectAsync(peer with { RemoteSesh = program });
        Assert.Equal("/srv/x y|serve\n", await Reached.HelloAsync(same));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_start_up_files_print_comes_before_and_does_no_harm(TransportKind transport)
    {
        using var reached = new Reached();
        File.WriteAllText(Path.Join(reached.Sshd.Home, ".bashrc"), "echo noise; echo complaint >&2\n");
        await using var connection = await reached.ConnectAsync(transport);
        Assert.Equal("noise\n", await Reached.HelloAsync(connection));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_large_stream_arrives_whole_in_both_directions_at_once(TransportKind transport)
    {
        using var reached = new Reached();
        await using var connection = await reached.ConnectAsync(transport);
        await Reached.HelloAsync(connection);
        var sent = new byte[8 << 20];
        new Random(1).NextBytes(sent);
        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length; at += 64 << 10)
                await connection.Output.WriteAsync(sent.AsMemory(at, 64 << 10), TestContext.Current.CancellationToken);
            await connection.Output.DisposeAsync();
        }, TestContext.Current.CancellationToken);
        var received = new byte[sent.Length];
        await connection.Input.ReadExactlyAsync(received, TestContext.Current.CancellationToken);
        await writing;
        Assert.True(sent.AsSpan().SequenceEqual(received));
        Assert.Null(await connection.Ended);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_machine_without_sesh_is_told_with_the_next_step(TransportKind transport)
    {
        using var reached = new Reached();
        File.Delete(Path.Join(reached.Sshd.Home, ".local", "bin", "sesh"));
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(transport));
        Assert.Equal("no-sesh-there", failure.Code);
        Assert.Contains("sesh peer install desk desk", failure.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_machine_without_sesh_whose_start_up_files_print_is_told_all_the_same(TransportKind transport)
    {
        using var reached = new Reached();
        File.Delete(Path.Join(reached.Sshd.Home, ".local", "bin", "sesh"));
        File.WriteAllText(Path.Join(reached.Sshd.Home, ".bashrc"), "echo noise; echo complaint >&2\n");
        Assert.Equal("no-sesh-there", (await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(transport))).Code);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_sesh_that_fails_is_told_by_its_last_words(TransportKind transport)
    {
        using var reached = new Reached();
        reached.Serves("echo 'sesh: this machine has no name' >&2; exit 1");
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(transport));
        Assert.Equal("remote-failed", failure.Code);
        Assert.Contains("status 1: this machine has no name", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_sesh_that_fails_later_is_no_orderly_end(TransportKind transport)
    {
        using var reached = new Reached();
        reached.Serves(Reached.Greeting + "; read line; echo 'sesh: disk full' >&2; exit 7");
        await using var connection = await reached.ConnectAsync(transport);
        await Reached.HelloAsync(connection);
        await Reached.WriteAsync(connection, "go on\n");
        Assert.Equal(0, await connection.Input.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Contains("disk full", await connection.Ended, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_key_that_is_not_authorized_is_refused(TransportKind transport)
    {
        using var reached = new Reached(mayLogIn: false);
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(transport));
        Assert.Equal("login-refused", failure.Code);
        Assert.Contains("authorized_keys", failure.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_unknown_host_key_is_refused_and_its_fingerprint_told(TransportKind transport)
    {
        using var reached = new Reached(knows: false);
        var failure = await Assert.ThrowsAsync<HostKeyException>(() => reached.ConnectAsync(transport));
        Assert.Equal("host-key-unknown", failure.Code);
        Assert.Contains(reached.Sshd.HostKeys[0].Fingerprint, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"sesh peer add desk desk --host-key {reached.Sshd.HostKeys[0].Fingerprint}", failure.Hint, StringComparison.Ordinal);
        Assert.True(failure.MayBeAccepted);
        Assert.Equal($"[127.0.0.1]:{reached.Sshd.Port}", failure.KnownAs);
        Assert.Equal("", File.ReadAllText(reached.User.KnownHosts));
        Assert.False(Directory.Exists(reached.Home) && Directory.GetFiles(reached.Home, "known_hosts*").Length > 0);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_host_key_that_sesh_was_told_to_accept_is_good(TransportKind transport)
    {
        using var reached = new Reached(knows: false);
        var failure = await Assert.ThrowsAsync<HostKeyException>(() => reached.ConnectAsync(transport));
        new AcceptedHosts(reached.Home).Accept(Reached.Desk(transport).Name, failure.KnownAs, failure.Key!);
        await using var connection = await reached.ConnectAsync(transport);
        Assert.Equal("", await Reached.HelloAsync(connection));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_changed_host_key_is_refused_loudly_with_file_and_line(TransportKind transport)
    {
        using var reached = new Reached(knows: false);
        var other = SshKey.Make(Path.Join(reached.User.Folder, "other"));
        File.AppendAllText(reached.User.KnownHosts, $"# a comment\n[127.0.0.1]:{reached.Sshd.Port} {other.Public}\n");
        var failure = await Assert.ThrowsAsync<HostKeyException>(() => reached.ConnectAsync(transport));
        Assert.Equal("host-key-changed", failure.Code);
        Assert.Contains("HAS CHANGED", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{reached.User.KnownHosts}:2", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.MayBeAccepted);
        // Not even where the entry itself names the new one.
        await Assert.ThrowsAsync<HostKeyException>(() => reached.ConnectAsync(Reached.Desk(transport) with { HostKey = reached.Sshd.HostKeys[0].Fingerprint }));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_revoked_host_key_is_refused(TransportKind transport)
    {
        using var reached = new Reached();
        File.AppendAllText(reached.User.KnownHosts, $"@revoked * {reached.Sshd.HostKeys[0].Public}\n");
        Assert.Equal("host-key-revoked", (await Assert.ThrowsAsync<HostKeyException>(() => reached.ConnectAsync(transport))).Code);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Hashed_names_are_known(TransportKind transport)
    {
        using var reached = new Reached();
        SshKey.Keygen("-q", "-H", "-f", reached.User.KnownHosts);
        await using var connection = await reached.ConnectAsync(transport);
        Assert.Equal("", await Reached.HelloAsync(connection));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Of_several_host_keys_the_known_one_is_asked_for(TransportKind transport)
    {
        using var reached = new Reached(knows: false, hostKeys: ["ed25519", "ecdsa", "rsa"]);
        File.AppendAllText(reached.User.KnownHosts, reached.Sshd.KnownHost("rsa") + "\n");
        await using var connection = await reached.ConnectAsync(transport);
        Assert.Equal("", await Reached.HelloAsync(connection));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_host_key_alias_is_looked_up_alone(TransportKind transport)
    {
        using var reached = new Reached(knows: false);
        reached.User.AddToConfig("Host desk\n  HostKeyAlias the-desk\n");
        File.AppendAllText(reached.User.KnownHosts, $"the-desk {reached.Sshd.HostKeys[0].Public}\n");
        await using var connection = await reached.ConnectAsync(transport);
        Assert.Equal("", await Reached.HelloAsync(connection));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_closed_port_is_told_at_once(TransportKind transport)
    {
        using var reached = new Reached();
        reached.Sshd.Stop();
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(transport));
        Assert.Equal("unreachable", failure.Code);
        Assert.Contains($"nothing listens on port {reached.Sshd.Port}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_name_that_nobody_knows_is_told(TransportKind transport)
    {
        using var reached = new Reached();
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(Reached.Desk(transport) with { Destination = "no-such-host.invalid" }));
        Assert.Equal("unreachable", failure.Code);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_black_hole_is_given_up(TransportKind transport)
    {
        using var reached = new Reached();
        // Takes connections and says nothing, ever.
        using var hole = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        hole.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        hole.Listen();
        var peer = Reached.Desk(transport) with { Port = ((IPEndPoint)hole.LocalEndPoint!).Port };
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(peer, reached.Options with { ConnectWithin = TimeSpan.FromSeconds(1) }));
        Assert.Equal("unreachable", failure.Code);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Whoever_stops_waiting_leaves_nothing_behind(TransportKind transport)
    {
        using var reached = new Reached();
        reached.Serves("exec sleep 1000");
        using var impatient = new CancellationTokenSource();
        var connecting = Transport.For(Reached.Desk(transport), reached.Options with { KeepWarm = false }).ConnectAsync(Reached.Desk(transport), impatient.Token);
        Until.True(() => reached.Sshd.Sessions.Count > 0, "it runs there");
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Until.True(() => reached.Sshd.Sessions.Count == 0, "the session is over");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_killed_sshd_in_the_middle_is_no_orderly_end(TransportKind transport)
    {
        using var reached = new Reached();
        await using var connection = await reached.ConnectAsync(transport);
        await Reached.HelloAsync(connection);
        reached.Sshd.KillSessions();
        Assert.Equal(0, await connection.Input.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.NotNull(await connection.Ended);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_frozen_machine_does_not_hold_up_the_end(TransportKind transport)
    {
        using var reached = new Reached();
        var connection = await reached.ConnectAsync(transport);
        await Reached.HelloAsync(connection);
        var frozen = reached.Sshd.Sessions;
        Assert.All(frozen, pid => Signal.Send(pid, Signal.Stop));
        var reading = connection.Input.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        await connection.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        await Task.WhenAny(reading).WaitAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        await connection.DisposeAsync();
        Assert.All(frozen, pid => Signal.Send(pid, Signal.Kill));
    }

    [Fact]
    public async Task A_flood_that_nobody_reads_ends_the_connection_instead_of_filling_the_memory()
    {
        using var reached = new Reached();
        reached.Serves($"{Reached.Greeting}; exec cat /dev/zero");
        await using var connection = await reached.ConnectAsync(TransportKind.SshNet);
        Assert.Contains("far more than it was asked for", await connection.Ended.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_reading_that_is_cancelled_ends_at_once(TransportKind transport)
    {
        using var reached = new Reached();
        await using var connection = await reached.ConnectAsync(transport);
        await Reached.HelloAsync(connection);
        using var impatient = new CancellationTokenSource();
        var reading = connection.Input.ReadAsync(new byte[1], impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_forced_command_runs_instead_of_what_we_ask(TransportKind transport)
    {
        using var reached = new Reached(mayLogIn: false);
        reached.Sshd.Authorize(reached.User.Key, $"restrict,command=\"{reached.Serves("echo \"forced $*\"; " + Reached.Greeting)} serve --peer me\"");
        await using var connection = await reached.ConnectAsync(transport);
        Assert.Equal("forced serve --peer me\n", await Reached.HelloAsync(connection));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_peer_without_an_address_is_not_dialled(TransportKind transport)
    {
        using var reached = new Reached();
        Assert.Equal("dials-in", (await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(Reached.Desk(transport) with { Destination = null }))).Code);
        Assert.Equal("destination", (await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(Reached.Desk(transport) with { Destination = "-oProxyCommand=x" }))).Code);
    }
}
