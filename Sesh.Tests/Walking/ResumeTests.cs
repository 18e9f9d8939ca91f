using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Store;
using Sesh.Tests.Processes;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class ResumeTests
{
    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void A_detached_session_goes_on_in_a_new_window_and_then_is_gone_to(string agent)
    {
        using var world = new World();
        var session = world.New(agent);
        world.Turn(session, "one");
        var id = world.Record(session.Uuid).AgentSessionId;
        world.End(session.Uuid);

        var resumed = world.Resume(session.Uuid);
        Assert.True(resumed.Started);
        Assert.NotNull(resumed.Attach);
        Assert.Equal(id, world.Record(session.Uuid).AgentSessionId);
        Assert.Equal("sesh", resumed.Place.Session);
        world.Turn(session with { Tmux = resumed.Place }, "two");
        Assert.Equal(world.Work, ProcessTable.Open().WorkingDirectory(world.Row(session.Uuid).Pid));

        var again = world.Resume(session.Uuid);
        Assert.Equal((false, resumed.Place.Pane), (again.Started, again.Place.Pane));
        Assert.Single(world.LiveAgents());
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    public void A_fork_is_a_session_of_its_own(string agent)
    {
        using var world = new World();
        var session = world.New(agent);
        world.Turn(session, "one");

        // Also while the first lives.
        var forked = world.Resume(session.Uuid, world.Request(fork: true));
        Assert.NotEqual(session.Uuid, forked.Session);
        Assert.Equal(session.Uuid, world.Record(forked.Session).Parent);
        Assert.Equal($"a {agent} (fork)", world.Record(forked.Session).Name);
        Assert.Contains($"a {agent} (fork)", world.Tmux.Server.Do(["list-windows", "-a", "-F", "#{window_name}"]), StringComparison.Ordinal);
        Until.True(() => world.Row(forked.Session) is { Live: true } && world.Record(forked.Session).AgentSessionId.Length > 0, "the fork shows its id");
        Assert.NotEqual(world.Record(session.Uuid).AgentSessionId, world.Record(forked.Session).AgentSessionId);
        Assert.True(world.Row(session.Uuid).Live);
    }

    [Fact]
    public void A_fork_in_a_folder_that_has_become_private_is_private_and_its_origin_stays_shared()
    {
        using var world = new World();
        var session = world.New("claude");
        world.Turn(session, "one");
        world.IsPrivate = folder => folder == world.Work;
        var forked = world.Resume(session.Uuid, world.Request(fork: true));
        Assert.Equal((true, false), (world.Record(forked.Session).Private, world.Record(session.Uuid).Private));
    }

    [Fact]
    public void A_session_live_without_a_pane_is_refused_even_by_force()
    {
        using var world = new World();
        var uuid = world.New(world.Wanted("claude", launch: false)).Uuid;
        using var headless = new Spawned(
            world.Binary(world.Agent("claude")), ["-p", "--session-id", uuid.ToString(), "[[sleep:60]] hi"], world.Work, new() { ["HOME"] = world.Home });
        Until.True(() => world.Row(uuid).Live, "it is live");
        var failure = Assert.Throws<SeshException>(() => world.Resume(uuid, world.Request(force: true)));
        Assert.Equal("live-elsewhere", failure.Code);
        Assert.Contains(headless.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Message, StringComparison.Ordinal);
        Assert.Single(world.Tmux.Panes());
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void An_agent_that_is_still_ending_is_waited_for_and_never_has_company(string agent)
    {
        using var world = new World();
        var session = Lingering(world, agent, "2");
        var resumed = world.Resume(session.Uuid);
        Assert.True(resumed.Started);
        Assert.Equal(resumed.Place, world.Row(session.Uuid).Tmux);
        Assert.Single(world.LiveAgents());
    }

    [Fact]
    public void An_agent_that_outlives_its_pane_is_refused_in_the_end_and_said_how_to_end_it()
    {
        using var world = new World();
        var session = Lingering(world, "claude", "120");
        // Also for whoever comes later, and has not seen it in its pane.
        world.Look();
        var pid = world.Row(session.Uuid).Pid;
        var notes = new List<string>();
        var failure = Assert.Throws<SeshException>(() => world.Here().Resuming.Run(world.Record(session.Uuid), world.Request(force: true), notes.Add, CancellationToken.None));
        Assert.Equal(("live-elsewhere", $"its terminal is gone and it does not end: end it with \"kill {pid}\", or give --fork"), (failure.Code, failure.Hint));
        Assert.Equal([$"waiting for pid {pid} to end, which still holds {session.Uuid}"], notes);
        Assert.Single(world.LiveAgents());
        _ = Libc.Kill(pid, Libc.SigKill);
    }

    [Fact]
    public void What_is_gone_is_told_by_name()
    {
        using var world = new World();
        var session = world.New("claude");
        world.Turn(session, "one");
        var file = world.Row(session.Uuid).FilePath;
        world.End(session.Uuid);

        Directory.Move(world.Work, world.Work + ".moved");
        Assert.Equal("cwd-gone", Assert.Throws<SeshException>(() => world.Resume(session.Uuid, world.Request() with { Current = "/" })).Code);
        Directory.Move(world.Work + ".moved", world.Work);
        File.Delete(file);
        Assert.Equal("transcript-gone", Assert.Throws<SeshException>(() => world.Resume(session.Uuid)).Code);
        Assert.Single(world.Tmux.Panes());
    }

    [Fact]
    public void A_session_of_another_machine_is_named_as_such()
    {
        using var world = new World();
        var record = world.Record(world.New(world.Wanted("claude", launch: false)).Uuid) with { Machine = "beta" };
        var failure = Assert.Throws<SeshException>(() => world.Here().Resuming.Run(record, world.Request(), _ => { }, CancellationToken.None));
        Assert.Contains("owned by beta", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_nothing_is_started_unless_a_target_says_where()
    {
        using var world = new World { IsTerminal = false };
        var uuid = world.New(world.Wanted("claude", launch: false)).Uuid;
        Assert.Equal("no-terminal", Assert.Throws<SeshException>(() => world.Resume(uuid)).Code);
        Assert.Single(world.Tmux.Panes());

        var resumed = world.Resume(uuid, world.Request(target: world.Tmux.Socket + ":there"));
        Assert.Equal(("there", true), (resumed.Place.Session, resumed.Attach is null));
    }

    [Fact]
    public void It_waits_for_the_turn_that_runs_and_can_be_cancelled()
    {
        using var world = new World();
        var uuid = world.New(world.Wanted("claude", launch: false)).Uuid;
        using var cancel = new CancellationTokenSource();
        using var turn = TurnLock.TryTake(world.Store.Options.Home, uuid)!;
        var told = "";
        Assert.ThrowsAny<OperationCanceledException>(() => world.Here().Resuming.Run(
            world.Record(uuid),
            world.Request(),
            note =>
            {
                told = note;
                cancel.Cancel();
            },
            cancel.Token));
        Assert.Contains("waiting for the turn", told, StringComparison.Ordinal);
        Assert.Single(world.Tmux.Panes());
    }

    [Fact]
    public void Clear_gives_claude_a_new_id_and_the_record_follows()
    {
        using var world = new World();
        var session = world.New("claude");
        world.Turn(session, "one");
        world.Tmux.Server.Do(["send-keys", "-l", "-t", session.Tmux!.Pane, "/clear"], ["send-keys", "-t", session.Tmux.Pane, "Enter"]);
        Until.True(() =>
        {
            world.Look();
            return world.Record(session.Uuid).AgentSessionId != session.AgentSessionId;
        }, "the new id is taken up");
        var row = world.Row(session.Uuid);
        Assert.True(row.Live);
        Assert.Single(world.LiveAgents());
        Assert.Equal([session.Uuid], world.Store.Read().Match(session.AgentSessionId).Select(r => r.Uuid));
        Assert.Equal([session.Uuid], world.Store.Read().Match(world.Record(session.Uuid).AgentSessionId).Select(r => r.Uuid));
    }

    /// <summary>One whose pane has just been closed, and whose agent takes so many seconds to end.</summary>
    private static StartedSession Lingering(World world, string agent, string seconds)
    {
        world.Tmux.Server.Do(["set-environment", "-g", "FAKE_LINGER", seconds]);
        var session = world.New(agent);
        world.Tmux.Server.Do(["set-environment", "-g", "-u", "FAKE_LINGER"]);
        world.Turn(session, "one");
        world.Tmux.Server.KillPane(session.Tmux!.Pane);
        return session;
    }
}
