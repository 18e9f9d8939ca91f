using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Asking over links that daemons keep, from either side.</summary>
public sealed class AskingByDaemonTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");
    private readonly RunningDaemon _alphaDaemon;
    private readonly RunningDaemon _betaDaemon;

    public AskingByDaemonTests()
    {
        _alphaDaemon = new RunningDaemon(_alpha.Sesh);
        _betaDaemon = new RunningDaemon(_beta.Sesh);
        _alpha.Sesh.Register("near");
    }

    public void Dispose()
    {
        _alphaDaemon.Dispose();
        _betaDaemon.Dispose();
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Fact]
    public void A_command_borrows_the_daemons_warm_link()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alphaDaemon.Start();
        Until.True("the link is there and has brought the session", () => _alphaDaemon.Link("beta") == "connected" && _alpha.Sesh.Run("find", uuid).Exit == 0);
        // Nobody can connect any more; the link that is there stays.
        Signal.Send(_beta.Sshd.Pid, Signal.Kill);
        Assert.Equal(_beta.Sesh.Run("tail", uuid).Succeeds(), _alpha.Sesh.Run("tail", uuid).Succeeds());
        Assert.Equal(2, _alpha.Sesh.Run("tail", uuid, "-n", "few").Exit);
        Assert.Contains("no daemon", _alpha.Sesh.Run("daemon", "status", "--machine", "beta").Error, StringComparison.Ordinal);
        Assert.Contains("\"message\": \"beta\"", _alpha.Sesh.Run("doctor", "--machine", "beta", "--json").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_machine_that_only_dials_out_is_asked_over_its_own_link_within_its_grant(bool withDaemonHere)
    {
        _beta.Dials(_alpha, allow: "read");
        _alpha.Expects(_beta);
        var uuid = _beta.Adopt("hello there");
        if (withDaemonHere)
            _alphaDaemon.Start();
        _betaDaemon.Start();
        Until.True("alpha has the session and the link", () => _alpha.Sesh.Run("find", uuid).Exit == 0 && _betaDaemon.Link("alpha") == "connected" && File.Exists(Path.Combine(_alpha.Sesh.Home, "links", "beta.sock")));
        Assert.Equal(_beta.Sesh.Run("tail", uuid).Succeeds(), _alpha.Sesh.Run("tail", uuid).Succeeds());
        Assert.Contains("alpha may read on beta, and new needs drive", _alpha.Sesh.Run("new", "--agent", "claude", "--no-launch", "--machine", "beta").Fails(1), StringComparison.Ordinal);

        using var follower = _alpha.Sesh.Start("tail", uuid, "-f", "--raw", "-n", "1");
        Assert.NotNull(follower.StandardOutput.ReadLine());
        _alpha.Sshd.KillSessions();
        var path = Directory.EnumerateFiles(_beta.Sesh.UserHome, uuid + ".jsonl", SearchOption.AllDirectories).Single();
        File.AppendAllText(path, "{\"said\":1}\n");
        Assert.Equal("{\"said\":1}", follower.StandardOutput.ReadLine());
        Signal.Send(follower.Id, Signal.Interrupt);
        Assert.Equal("", follower.StandardOutput.ReadToEnd());
        follower.WaitForExit();
    }

    [Fact]
    public void Where_both_daemons_dial_each_other_each_lists_the_grant_of_the_link_that_stays()
    {
        _beta.Sesh.Register("there");
        _alpha.Dials(_beta, allow: "read");
        _beta.Dials(_alpha, allow: "read");
        _alphaDaemon.Start();
        _betaDaemon.Start();
        // One dialled it and says by its entry; at the other a login serves it, which has no limit here.
        Until.True("one link is left", () => ((string[])[InForce(_alpha), InForce(_beta)]).Order(StringComparer.Ordinal).SequenceEqual(["drive by login", "read by peers.json"]));
        var served = InForce(_alpha) == "drive by login" ? _alpha : _beta;
        var test = served.Sesh.Run("peer", "test", served == _alpha ? "beta" : "alpha").Succeeds();
        Assert.EndsWith("it may drive here over its own link, which is open, as its login may anyway; over links that this one dials read", test, StringComparison.Ordinal);

        static string InForce(MeshMachine machine) => machine.Sesh.Run("peer", "--jq", ".[0] | \"\\(.mayHere) by \\(.mayHereBy)\"").Output.Trim().Trim('"');
    }

    [Fact]
    public void A_follower_outlives_the_daemon_it_asked_by()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alphaDaemon.Start();
        Until.True("the link is there and has brought the session", () => _alphaDaemon.Link("beta") == "connected" && _alpha.Sesh.Run("find", uuid).Exit == 0);
        using var follower = _alpha.Sesh.Start("tail", uuid, "-f", "--raw", "-n", "1");
        Assert.NotNull(follower.StandardOutput.ReadLine());
        _alphaDaemon.Kill();
        var path = Directory.EnumerateFiles(_beta.Sesh.UserHome, uuid + ".jsonl", SearchOption.AllDirectories).Single();
        File.AppendAllText(path, "{\"said\":1}\n");
        Assert.Equal("{\"said\":1}", follower.StandardOutput.ReadLine());
        Signal.Send(follower.Id, Signal.Interrupt);
        Assert.Equal("", follower.StandardOutput.ReadToEnd());
        follower.WaitForExit();
        Until.True("nothing of it runs on the owner", () => _beta.Sesh.Strays().Count == 0);
    }

    [Fact]
    public void A_machine_that_dials_in_to_a_relay_is_reached_through_it()
    {
        using var gamma = new MeshMachine("gamma");
        using var gammaDaemon = new RunningDaemon(gamma.Sesh);
        _alpha.Dials(_beta);
        _beta.Expects(_alpha, relay: true);
        _beta.Expects(gamma);
        gamma.Dials(_beta, allow: "read");
        _beta.Sesh.Register("between");
        var uuid = gamma.Adopt("far away");
        _alpha.Takes(gamma);
        gammaDaemon.Start();
        Until.True("gamma's link is offered at beta", () => File.Exists(Path.Combine(_beta.Sesh.Home, "links", "gamma.sock")));
        Assert.Equal(gamma.Sesh.Run("tail", uuid).Succeeds(), _alpha.Sesh.Run("tail", uuid).Succeeds());
    }
}
