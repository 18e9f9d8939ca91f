using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Tmux;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class PaneTests
{
    [Fact]
    public void A_panes_session_is_known_from_the_live_file_else_from_the_stamp()
    {
        using var world = new World();
        var session = world.New("claude");
        var (pane, snapshot) = (session.Tmux!.Pane, world.Store.Read());
        Assert.Equal(session.Uuid, world.Here().PaneOwner.Of(pane, world.Tmux.Socket, snapshot.Find)!.Uuid);
        Assert.Null(world.Here().PaneOwner.Of("%0", world.Tmux.Socket, snapshot.Find));

        Directory.Delete(Path.Combine(world.Store.Options.Home, "live"), recursive: true);
        Assert.Equal(session.Uuid, world.Here().PaneOwner.Of(pane, world.Tmux.Socket, snapshot.Find)!.Uuid);

        world.Tmux.Server.Stamp(pane, session.Uuid, new ProcessRow(world.Tmux.Pane(pane).Pid, 1, 12345, "claude"));
        Assert.Null(world.Here().PaneOwner.Of(pane, world.Tmux.Socket, snapshot.Find));
        Assert.Null(world.Here().PaneOwner.Of("%77", world.Tmux.Socket, snapshot.Find));
        Assert.Null(world.Here().PaneOwner.Of(pane, world.Tmux.Socket + ".none", snapshot.Find));
    }

    [Fact]
    public void The_agent_in_a_pane_is_resolved_recorded_or_not()
    {
        using var world = new World();
        var resolving = world.Here().PaneResolving;
        Assert.Equal(PaneFinding.NoAgent, resolving.Resolve(world.Store.Read(), "%0", world.Tmux.Socket, []).Finding);
        Assert.Equal(PaneFinding.NoAgent, resolving.Resolve(world.Store.Read(), "%77", world.Tmux.Socket, []).Finding);

        var recorded = world.New("codex");
        var found = resolving.Resolve(world.Store.Read(), recorded.Tmux!.Pane, world.Tmux.Socket, []);
        Assert.Equal((PaneFinding.Resolved, "codex", (SessionId?)recorded.Uuid, world.Work), (found.Finding, found.Agent, found.Uuid, found.Cwd));

        var id = SessionId.New();
        var byHand = Hand(world, "claude", "--session-id", id.ToString());
        Until.True(() => resolving.Resolve(world.Store.Read(), byHand, world.Tmux.Socket, []).Uuid == id, "claude by hand is resolved");

        var bare = Hand(world, "pi");
        Until.True(() => resolving.Resolve(world.Store.Read(), bare, world.Tmux.Socket, []).Finding == PaneFinding.Unresolvable, "pi by hand shows nothing");
    }

    [Fact]
    public void Keys_and_captures_reach_the_sessions_own_pane()
    {
        using var world = new World();
        var session = world.New("claude");
        var (driving, snapshot, record) = (world.Here().PaneDriving, world.Store.Read(), world.Record(session.Uuid));
        driving.Press(snapshot, record, ["h", "i", "Enter"]);
        Until.True(() => driving.Capture(snapshot, record, 50).Contains("echo: hi", StringComparison.Ordinal), "it answers");
        Assert.Equal("bad-key", Assert.Throws<SeshException>(() => driving.Press(snapshot, record, ["Entre"])).Code);
        Assert.Equal("bad-count", Assert.Throws<SeshException>(() => driving.Capture(snapshot, record, 0)).Code);
        Assert.Equal("not-owner", Assert.Throws<SeshException>(() => driving.Capture(snapshot, record with { Machine = "beta" }, 5)).Code);
        world.End(session.Uuid);
        Assert.Equal("no-pane", Assert.Throws<SeshException>(() => driving.Press(snapshot, record, ["Enter"])).Code);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("%")]
    [InlineData("%a")]
    [InlineData("@1")]
    [InlineData("")]
    public void These_are_no_panes(string pane) =>
        Assert.Equal(2, Assert.Throws<SeshException>(() => PaneChoice.Of(pane, null, new TmuxSurroundings(null, null, null, null, null))).ExitCode);

    [Fact]
    public void Without_a_name_the_callers_pane_is_meant_on_the_callers_server_only()
    {
        var inside = new TmuxSurroundings("/own,1,0", "%4", "/tmp/sesh-x", null, null);
        Assert.Equal(("%4", "/own"), PaneChoice.Of(null, null, inside));
        Assert.Equal(("%5", "/own"), PaneChoice.Of("%5", null, inside));
        Assert.Equal(("%5", "/other"), PaneChoice.Of("%5", "/other", inside));
        Assert.Null(PaneChoice.Of(null, "/other", inside));
        Assert.Null(PaneChoice.Of(null, null, new TmuxSurroundings(null, null, null, null, null)));
    }

    private static string Hand(World world, string agent, params string[] arguments) => world.Tmux.Server.Do(
        ["new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=main:", "-e", $"HOME={world.Home}", "-c", world.Work, "env", world.Binary(world.Agent(agent)), .. arguments]);
}
