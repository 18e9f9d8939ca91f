using System.Net.Sockets;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Daemon;

public sealed class SeshDaemonTests
{
    [Fact]
    public async Task A_rename_shows_on_the_other_machine_at_once_whichever_side_has_the_daemon()
    {
        await using var desk = new DaemonHome("desk");
        await using var laptop = new DaemonHome("laptop");
        var session = desk.Home.Register("desk", "before");
        desk.Start(laptop);
        Until.True(() => laptop.NameOf(session) == "before", "the laptop knows the session");

        desk.Store.Write(_ => StoreHome.Rename(session, "by desk"));
        Until.True(() => laptop.NameOf(session) == "by desk", "the laptop has the desk's name");
        laptop.Store.Write(_ => StoreHome.Rename(session, "by laptop"));
        Until.True(() => desk.NameOf(session) == "by laptop", "the desk has the laptop's name");
    }

    [Fact]
    public async Task What_was_written_while_no_daemon_ran_is_there_after_its_start()
    {
        await using var desk = new DaemonHome("desk");
        await using var laptop = new DaemonHome("laptop");
        var session = desk.Home.Register("desk", "one");
        var other = laptop.Home.Register("laptop", "two");

        desk.Start(laptop);

        Until.True(() => laptop.NameOf(session) == "one" && desk.NameOf(other) == "two", "both know both");
    }

    [Fact]
    public async Task A_turn_that_begins_shows_on_a_machine_two_links_away()
    {
        await using var desk = new DaemonHome("desk");
        await using var hub = new DaemonHome("hub");
        await using var laptop = new DaemonHome("laptop");
        var session = desk.Home.Register("desk", "s");
        hub.Start(desk, laptop);
        Until.True(() => laptop.NameOf(session) == "s", "the laptop knows the session");

        desk.Live.Merge([new LiveRow { Uuid = session, ObservedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), TurnStatus = TurnStatus.Busy, Live = true, Pid = 1 }], complete: false);

        Until.True(() => laptop.Live.Find(session, "desk")?.Row.TurnStatus == TurnStatus.Busy, "the laptop sees that it is busy");
    }

    [Fact]
    public async Task Status_tells_of_links_and_sessions_and_sync_of_what_was_moved()
    {
        await using var desk = new DaemonHome("desk");
        await using var laptop = new DaemonHome("laptop");
        desk.Home.Register("desk", "s");
        desk.Start(laptop);
        await using var client = await desk.OpenAsync();

        var outcome = Assert.Single(await client.SyncAsync([], TestContext.Current.CancellationToken));
        var status = await client.StatusAsync(TestContext.Current.CancellationToken);

        Assert.Equal((laptop.Name, null), (outcome.Peer, outcome.Failure));
        Assert.Equal((desk.Name, 1, Environment.ProcessId, "0.0"), (status.Machine, status.Sessions, status.Process, status.Version));
        var link = Assert.Single(status.Peers);
        Assert.Equal((LinkState.Connected, "", "0.0"), (link.State, link.LastError, link.Version));
        var unknown = await Assert.ThrowsAsync<SeshException>(() => client.SyncAsync([MachineName.Parse("nobody")], TestContext.Current.CancellationToken));
        Assert.Equal("unknown-peer", unknown.Code);
    }

    [Fact]
    public async Task A_peer_added_to_the_file_is_dialled_and_a_file_that_is_broken_changes_nothing()
    {
        await using var desk = new DaemonHome("desk");
        await using var laptop = new DaemonHome("laptop");
        await using var phone = new DaemonHome("phone");
        var session = desk.Home.Register("desk", "s");
        desk.Start(laptop);
        Until.True(() => laptop.NameOf(session) == "s", "the laptop knows the session");

        desk.WritePeers(laptop, phone);
        Until.True(() => phone.NameOf(session) == "s", "the phone knows the session");
        File.WriteAllText(Path.Join(desk.Home.Path, "peers.json"), "{ broken");
        Until.True(() =>
        {
            lock (desk.Log)
                return desk.Log.Exists(l => l.StartsWith("kept as it was", StringComparison.Ordinal));
        }, "it is told");

        Assert.Equal(2, (await desk.StatusAsync()).Peers.Count);
    }

    [Fact]
    public async Task Whoever_speaks_nonsense_on_the_socket_is_hung_up_on_and_others_are_served()
    {
        await using var desk = new DaemonHome("desk");
        desk.Start();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(desk.Socket), TestContext.Current.CancellationToken);
        await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("desk", (await desk.StatusAsync()).Machine.Text);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(desk.Socket));
    }

    [Fact]
    public async Task A_socket_left_behind_is_replaced_and_gone_after_the_end()
    {
        await using var desk = new DaemonHome("desk");
        Directory.CreateDirectory(desk.Home.Path);
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            left.Bind(new UnixDomainSocketEndPoint(desk.Socket));

        desk.Start();
        await desk.StatusAsync();
        await desk.StopAsync();

        Assert.False(File.Exists(desk.Socket));
        Assert.Null(await DaemonClient.OpenAsync(desk.Socket, desk.Name, "0.0", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_path_too_long_for_a_socket_is_told_with_its_length()
    {
        var socket = "/tmp/" + new string('x', 120);
        var options = new DaemonOptions
        {
            Home = "/tmp",
            Socket = socket,
            Dialling = new DiallerOptions
            {
                Machine = MachineName.Parse("desk"),
                Replica = () => default,
                Version = "0.0",
                Sharing = NothingShared.Instance,
                Transport = _ => throw new InvalidOperationException(),
            },
            Peers = () => [],
        };

        var refused = Assert.Throws<SeshException>(() => SeshDaemon.Start(options));

        Assert.Equal("socket-path", refused.Code);
        Assert.Contains("125", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looks_begin_when_a_session_is_recorded_and_a_look_that_fails_is_told_once()
    {
        await using var desk = new DaemonHome("desk");
        var looks = 0;
        desk.Look = _ => Interlocked.Increment(ref looks) < 3 ? default : throw new InvalidOperationException("no tmux today");
        desk.Start();
        Until.True(() => Volatile.Read(ref looks) == 1, "one look, which finds no sessions");

        desk.Home.Register("desk", "s");
        Until.True(() => Volatile.Read(ref looks) == 2, "a session was recorded: another look");
        desk.Home.Register("desk", "t");
        Until.True(() => Volatile.Read(ref looks) > 4, "looks go on after one that failed");

        lock (desk.Log)
            Assert.Single(desk.Log, l => l.Contains("no tmux today", StringComparison.Ordinal));
    }
}
