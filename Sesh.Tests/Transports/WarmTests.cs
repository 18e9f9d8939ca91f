using System.Net.Sockets;
using Sesh.Sync;
using Sesh.Sync.Transports;
using Xunit;

namespace Sesh.Tests.Ssh;

/// <summary>The connection that ssh leaves open for the next command, and what becomes of it.</summary>
public sealed class WarmTests
{
    [Fact]
    public async Task The_second_connection_takes_the_first_ones_way()
    {
        using var reached = new Reached();
        await TalkAsync(reached);
        var control = Assert.Single(Directory.GetFiles(Path.Join(reached.Home, "ssh")));
        Assert.Single(reached.Sshd.Sessions);
        await TalkAsync(reached);
        Assert.Single(reached.Sshd.Sessions);
        Assert.Equal(control, Assert.Single(Directory.GetFiles(Path.Join(reached.Home, "ssh"))));
    }

    [Fact]
    public async Task A_daemons_link_leaves_nothing_open_behind()
    {
        using var reached = new Reached();
        var options = reached.Options with { KeepWarm = false };
        await using (var connection = await reached.ConnectAsync(Reached.Desk(TransportKind.OpenSsh), options))
            await Reached.HelloAsync(connection);
        Until.True(() => reached.Sshd.Sessions.Count == 0, "the session is over");
        Assert.False(Directory.Exists(Path.Join(reached.Home, "ssh")));
    }

    [Fact]
    public async Task A_socket_whose_owner_died_is_removed()
    {
        using var reached = new Reached();
        var control = ControlSocket.For(Reached.Desk(TransportKind.OpenSsh), reached.Options);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixDomainSocketEndPoint(control));
        await TalkAsync(reached);
        Assert.True(ControlSocket.IsAlive(control, removeDead: false));
    }

    [Fact]
    public async Task One_whose_owner_does_not_answer_costs_one_try()
    {
        using var reached = new Reached();
        var control = ControlSocket.For(Reached.Desk(TransportKind.OpenSsh), reached.Options);
        using var frozen = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        frozen.Bind(new UnixDomainSocketEndPoint(control));
        frozen.Listen();
        var options = reached.Options with { ConnectWithin = TimeSpan.FromSeconds(0.5) };
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(Reached.Desk(TransportKind.OpenSsh), options));
        Assert.Equal("unreachable", failure.Code);
        await TalkAsync(reached);
    }

    [Fact]
    public async Task A_killed_sshd_leaves_a_dead_way_that_the_next_command_does_not_take()
    {
        using var reached = new Reached();
        await TalkAsync(reached);
        reached.Sshd.KillSessions();
        await TalkAsync(reached);
    }

    [Fact]
    public async Task A_connection_that_the_user_has_open_himself_is_shared_and_left()
    {
        using var reached = new Reached();
        var theirs = Path.Join(reached.User.Folder, "c");
        reached.User.AddToConfig($"Host desk\n  ControlPath {theirs}\n");
        reached.Run(reached.User.Program, "-M", "-N", "-f", "-o", "ControlPersist=60", "desk");
        // What is asked of the user there cannot be answered here: neither key nor known host is left.
        File.Delete(reached.User.Key.Path);
        File.WriteAllText(reached.User.KnownHosts, "");
        Assert.Contains("ControlMaster", (await TransportChoice.OfAsync(Reached.Desk(default), reached.Options, TestContext.Current.CancellationToken)).Why, StringComparison.Ordinal);
        await TalkAsync(reached);
        Assert.True(ControlSocket.IsAlive(theirs, removeDead: false));
        Assert.Single(reached.Sshd.Sessions);
    }

    [Fact]
    public async Task A_home_whose_path_is_too_long_for_sockets_is_told_with_the_number()
    {
        using var reached = new Reached();
        var home = Path.Join(reached.Home, new string('x', 100));
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(Reached.Desk(TransportKind.OpenSsh), reached.Options with { Home = home }));
        Assert.Equal("home-too-long", failure.Code);
        Assert.Contains($"{home.Length + "/ssh/".Length + 10 + 17} bytes", failure.Message, StringComparison.Ordinal);
        // The other transport has no sockets.
        await using var connection = await reached.ConnectAsync(Reached.Desk(TransportKind.SshNet), reached.Options with { Home = home });
        await Reached.HelloAsync(connection);
    }

    [Theory]
    [InlineData("with blank")]
    [InlineData("with%h")]
    [InlineData("with\"quote")]
    public async Task A_home_with_an_odd_name_is_no_other_home(string name)
    {
        using var reached = new Reached(knows: false);
        var options = reached.Options with { Home = Path.Join(reached.Home, name) };
        new AcceptedHosts(options.Home).Accept(Reached.Desk(default).Name, $"[127.0.0.1]:{reached.Sshd.Port}", HostKey.TryParseLine(reached.Sshd.HostKeys[0].Public, out var key) ? key : null!);
        await using var connection = await reached.ConnectAsync(Reached.Desk(TransportKind.OpenSsh), options);
        await Reached.HelloAsync(connection);
        Assert.Single(Directory.GetFiles(Path.Join(options.Home, "ssh")));
    }

    private static async Task TalkAsync(Reached reached)
    {
        await using var connection = await reached.ConnectAsync(TransportKind.OpenSsh);
        await Reached.HelloAsync(connection);
        await Reached.WriteAsync(connection, "x");
        Assert.Equal("x", await Reached.ReadAsync(connection, 1));
        await connection.Output.DisposeAsync();
        Assert.Null(await connection.Ended);
    }
}
