using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Two machines with real ssh between them: what travels, when, and with which daemons.</summary>
public sealed class MeshDaemonTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");
    private readonly RunningDaemon _alphaDaemon;
    private readonly RunningDaemon _betaDaemon;

    public MeshDaemonTests()
    {
        _alphaDaemon = new RunningDaemon(_alpha.Sesh);
        _betaDaemon = new RunningDaemon(_beta.Sesh);
    }

    public void Dispose()
    {
        _alphaDaemon.Dispose();
        _betaDaemon.Dispose();
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Fact]
    public void Rename_while_the_owner_is_offline_shows_there_after_sync()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Sesh.Register("before");
        _alpha.Sesh.Run("sync").Succeeds();
        _beta.Sshd.Stop();
        _alpha.Sesh.Run("rename", uuid, "after").Succeeds();
        _alpha.Sesh.Run("sync").Fails(5);
        Assert.Equal("before", NameAt(_beta, uuid));
        _beta.Sshd.Start();

        _alpha.Sesh.Run("sync").Succeeds();

        Assert.Equal("after", NameAt(_beta, uuid));
    }

    [Theory]
    [InlineData("sshnet")]
    [InlineData("openssh")]
    public void With_a_daemon_on_one_side_a_rename_on_either_shows_on_the_other_within_a_second(string transport)
    {
        _alpha.Dials(_beta, transport: transport);
        var uuid = _beta.Sesh.Register("before");
        _alphaDaemon.Start();
        Until.True("alpha knows the session", () => NameAt(_alpha, uuid) == "before");

        Shows(_alpha, _beta, uuid, "by alpha");
        Shows(_beta, _alpha, uuid, "by beta");
    }

    [Fact]
    public void With_daemons_that_dial_each_other_one_link_is_left_and_news_goes_both_ways()
    {
        _alpha.Dials(_beta);
        _beta.Dials(_alpha);
        var uuid = _beta.Sesh.Register("before");
        _alpha.Sesh.Register("other");
        _alphaDaemon.Start();
        _betaDaemon.Start();

        Until.True("one is connected and one parked", () => string.CompareOrdinal(_alphaDaemon.Link("beta"), _betaDaemon.Link("alpha")) is not 0
            && new[] { _alphaDaemon.Link("beta"), _betaDaemon.Link("alpha") }.Order(StringComparer.Ordinal).SequenceEqual(["connected", "parked"]));
        Until.True("one login is left", () => _alpha.Sshd.Sessions.Count + _beta.Sshd.Sessions.Count == 1);
        Shows(_alpha, _beta, uuid, "by alpha");
        Shows(_beta, _alpha, uuid, "by beta");

        _alpha.Sshd.KillSessions();
        _beta.Sshd.KillSessions();
        Until.True("the link is there again", () => _alphaDaemon.Link("beta") is "connected" or "parked" && _betaDaemon.Link("alpha") is "connected" or "parked");
        Shows(_alpha, _beta, uuid, "after the break");
    }

    [Fact]
    public void Sync_tells_what_it_moved_the_same_with_and_without_a_daemon()
    {
        _alpha.Dials(_beta);
        _beta.Sesh.Register("one");
        using (var first = JsonDocument.Parse(_alpha.Sesh.Run("sync", "--json").Succeeds()))
        {
            var peer = Assert.Single(first.RootElement.EnumerateArray().ToList());
            Assert.Equal("beta", peer.GetProperty("peer").GetString());
            Assert.True(peer.GetProperty("received").GetInt32() >= 1);
            Assert.True(peer.GetProperty("bytes").GetInt64() > 100);
        }

        _alphaDaemon.Start();
        var columns = _alpha.Sesh.Run("sync", "beta").Succeeds().Split('\t');
        Assert.Equal((5, "beta", "0"), (columns.Length, columns[0], columns[1]));
        Assert.Equal("connected", _alphaDaemon.Link("beta"));
    }

    [Fact]
    public void A_dead_peer_and_a_silent_one_delay_no_other_and_the_answer_is_partial()
    {
        using var gamma = new MeshMachine("gamma");
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        _alpha.Dials(_beta);
        _alpha.Dials(gamma);
        gamma.Sshd.Stop();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        _alpha.Lists(new System.Text.Json.Nodes.JsonObject { ["name"] = "delta", ["destination"] = "127.0.0.1", ["port"] = port, ["transport"] = "sshnet" });
        _beta.Sesh.Register("one");

        foreach (var isWithDaemon in (bool[])[false, true])
        {
            if (isWithDaemon)
                _alphaDaemon.Start();
            var clock = Stopwatch.StartNew();
            var run = _alpha.Sesh.Run("sync", "--json");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(9), $"it took {clock.Elapsed}");
            Assert.Equal(5, run.Exit);
            using var answer = JsonDocument.Parse(run.Output);
            Assert.Equal("beta", Assert.Single(answer.RootElement.GetProperty("results").EnumerateArray().ToList()).GetProperty("peer").GetString());
            Assert.Equal(["delta", "gamma"], answer.RootElement.GetProperty("unreachable").EnumerateArray().Select(u => u.GetProperty("machine").GetString()!).Order(StringComparer.Ordinal));
            Assert.Contains("sesh: warning: gamma: ", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal("connected", _alphaDaemon.Link("beta"));
        Assert.Contains(_alphaDaemon.Link("gamma"), (string[])["back-off", "dialling"]);
    }

    [Fact]
    public void Who_waits_for_a_peer_syncs_as_soon_as_it_is_there()
    {
        _alpha.Dials(_beta);
        _beta.Sesh.Register("one");
        _beta.Sshd.Stop();
        using var waiting = _alpha.Sesh.Start("sync", "--wait", "-v");
        string? line;
        do
            line = waiting.StandardError.ReadLine();
        while (line is not null && !line.Contains("waiting for beta", StringComparison.Ordinal));
        _beta.Sshd.Start();

        Assert.StartsWith("beta\t", waiting.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        waiting.WaitForExit();
        Assert.Equal(0, waiting.ExitCode);
    }

    [Fact]
    public void Without_peers_and_with_one_misspelt_sync_says_what_to_do()
    {
        Assert.Equal("sesh: this machine has no peers yet; add one: sesh peer add NAME user@host", _alpha.Sesh.Run("sync").Fails(1));
        _alpha.Dials(_beta);
        Assert.Equal("sesh: no peer is called bela; did you mean beta?", _alpha.Sesh.Run("sync", "bela").Fails(1));
    }

    [Fact]
    public void A_daemon_that_stops_says_goodbye_and_one_that_is_killed_in_the_middle_loses_nothing()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Sesh.Register("before");
        _alphaDaemon.Start();
        Until.True("alpha knows the session", () => NameAt(_alpha, uuid) == "before");
        _alpha.Sesh.Run("daemon", "stop").Succeeds();
        Until.True("beta serves nobody", () => _beta.Sesh.Strays().Count == 0, seconds: 5);

        for (var round = 0; round < 5; round++)
        {
            _alphaDaemon.Start();
            _alpha.Sesh.Run("rename", uuid, $"round {round}").Succeeds();
            _alphaDaemon.Kill();
        }

        _alphaDaemon.Start();
        Until.True("beta has the last name", () => NameAt(_beta, uuid) == "round 4");
        Assert.DoesNotContain("fail", _beta.Sesh.Run("doctor").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_turn_that_begins_and_an_agent_that_ends_show_on_the_other_machine_in_a_moment()
    {
        using var tmux = new Tmux.PrivateTmux();
        _alpha.Sesh.Environment["SESH_TMUX_SOCKETS"] = tmux.Socket;
        _alpha.Sesh.Environment["PATH"] = FakeAgentFolder.In(_alpha.Sesh.Root) + ":" + _alpha.Sesh.Environment["PATH"];
        _alpha.Dials(_beta);
        // Logins have no name but the one that was written with.
        _beta.Sesh.Register("other");
        _alphaDaemon.Start();
        var uuid = _alpha.Sesh.Run("new", "--agent", "claude", "--name", "worker", "--target", tmux.Socket + ":main").Succeeds();
        Until.True("beta sees it idle", () => StatusAt(_beta, uuid) == "idle true");
        var pane = _alpha.Sesh.Run("info", uuid, "--jq", ".tmux.pane").Succeeds();

        tmux.Server.Do(["send-keys", "-l", "-t", pane, "--", "[[sleep:4]]hello"], ["send-keys", "-t", pane, "Enter"]);
        Until.True("beta sees it busy", () => StatusAt(_beta, uuid) == "busy true", seconds: 4);
        Until.True("beta sees it idle again", () => StatusAt(_beta, uuid) == "idle true");
        tmux.Server.Do(["kill-pane", "-t", pane]);
        Until.True("beta sees it gone", () => StatusAt(_beta, uuid) == "idle false");
    }

    [Fact]
    public void A_machine_that_only_dials_in_is_synced_with_over_its_own_link()
    {
        _beta.Dials(_alpha);
        _alpha.Expects(_beta);
        _alpha.Sesh.Register("one");
        var error = _alpha.Sesh.Run("sync", "beta", "--json");
        Assert.Equal(5, error.Exit);
        Assert.Contains("\"code\": \"unreachable\"", error.Output, StringComparison.Ordinal);

        _betaDaemon.Start();
        Until.True("beta's link is there", () => _betaDaemon.Link("alpha") == "connected");

        Until.True("it is offered", () => _alpha.Sesh.Run("sync", "beta").Output.StartsWith("beta\t", StringComparison.Ordinal));
    }

    private static string StatusAt(MeshMachine machine, string uuid) =>
        machine.Sesh.Run("info", uuid, "--jq", "\"\\(.turnStatus) \\(.live)\"").Output.TrimEnd('\n');

    private static string NameAt(MeshMachine machine, string uuid) => machine.Sesh.Run("info", uuid, "--jq", ".name").Output.TrimEnd('\n');

    private static void Shows(MeshMachine from, MeshMachine to, string uuid, string name)
    {
        from.Sesh.Run("rename", uuid, name).Succeeds();
        // Two processes that look are a good part of this.
        Until.True($"{to.Name} shows {name}", () => NameAt(to, uuid) == name, seconds: 2);
    }
}
