using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class NewTests
{
    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void An_agent_is_started_recorded_and_seen(string agent)
    {
        using var world = new World();
        var started = world.New(agent);
        var record = world.Record(started.Uuid);
        Assert.Equal((agent, "alpha", world.Work, $"a {agent}", "t"), (record.Agent, record.Machine, record.Cwd, record.Name, Assert.Single(record.Tags)));

        // codex chooses its id itself: taken from the lock it holds.
        Assert.NotEqual("", record.AgentSessionId);
        Assert.Equal(agent != "codex", record.AgentSessionId == record.Uuid.ToString());
        Assert.Equal(started.AgentSessionId, record.AgentSessionId);

        var pane = world.Tmux.Pane(started.Tmux!.Pane);
        Assert.Equal((started.Uuid.ToString(), $"a {agent}"), (pane.Stamp, pane.Window));
        Until.True(() => world.Row(started.Uuid).TurnStatus == TurnStatus.Idle, "it waits for its first prompt");
        var row = world.Row(started.Uuid);
        Assert.Equal((true, pane.Pid, pane.Place), (row.Live, row.Pid, row.Tmux));
        Assert.Single(world.LiveAgents());
    }

    [Fact]
    public void One_that_dies_leaves_its_last_words_and_nothing_else()
    {
        using var world = new World();
        world.Tmux.Server.Do(["set-environment", "-g", "FAKE_LAST_WORDS", "no credit left"]);
        var starting = world.Here().Starting;
        var plan = starting.Plan(world.Wanted("claude"), world.Work);
        var failure = Assert.Throws<SeshException>(() => starting.Run(plan, CancellationToken.None));
        Assert.Equal(("launch-failed", "claude ended at once: no credit left"), (failure.Code, failure.Message));
        Assert.True(world.Store.Read().Find(plan.Uuid) is not { } record || KnownSessions.IsVoid(record));
        Assert.Single(world.Tmux.Panes());
    }

    [Fact]
    public void One_that_hangs_is_started_all_the_same()
    {
        using var world = new World();
        world.Tmux.Server.Do(["set-environment", "-g", "FAKE_HANG", "1"]);
        var started = world.New("claude");
        Assert.True(world.Row(started.Uuid).Live);
        Assert.Equal(TurnStatus.Unknown, world.Row(started.Uuid).TurnStatus);
    }

    [Fact]
    public void Cancelled_it_takes_back_the_record_and_the_window()
    {
        using var world = new World();
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var starting = world.Here().Starting;
        var plan = starting.Plan(world.Wanted("claude"), world.Work);
        Assert.ThrowsAny<OperationCanceledException>(() => starting.Run(plan, cancel.Token));
        Assert.True(world.Store.Read().Find(plan.Uuid) is not { } record || KnownSessions.IsVoid(record));
        Assert.Single(world.Tmux.Panes());
    }

    [Fact]
    public void Without_a_launch_it_is_only_recorded_and_begins_when_resumed()
    {
        using var world = new World();
        var uuid = SessionId.New();
        var started = world.New(world.Wanted("claude", uuid.ToString().ToUpperInvariant(), launch: false));
        Assert.Equal((uuid, (TmuxPlace?)null), (started.Uuid, started.Tmux));
        Assert.Single(world.Tmux.Panes());

        var resumed = world.Resume(uuid);
        Assert.True(resumed.Started);
        Assert.Contains("--session-id", ProcessTable.Open().Arguments(world.Row(uuid).Pid));
    }

    [Fact]
    public void An_id_must_be_well_formed_and_free()
    {
        using var world = new World();
        var starting = world.Here().Starting;
        var taken = world.New(world.Wanted("claude", launch: false)).Uuid.ToString();
        Assert.Equal("in-use", Assert.Throws<SeshException>(() => starting.Plan(world.Wanted("claude", taken), world.Work)).Code);
        Assert.Equal(2, Assert.Throws<SeshException>(() => starting.Plan(world.Wanted("claude", taken[..8]), world.Work)).ExitCode);

        // Nothing recorded has it, and a transcript does.
        var spoken = world.New("claude");
        world.Turn(spoken, "hello");
        world.End(spoken.Uuid);
        var elsewhere = SessionStore.Open(new StoreOptions(Path.Combine(world.Home, "other"), World.Name, TimeProvider.System));
        var other = new Starting(elsewhere, world.Live, World.Name, world.Here().Walk, world.Here().Launcher, world.Tmux.Outside, _ => false, TimeProvider.System);
        Assert.Equal("in-use", Assert.Throws<SeshException>(() => other.Plan(world.Wanted("claude", spoken.Uuid.ToString()), world.Work)).Code);
    }

    [Fact]
    public void The_folder_must_be_there_and_its_links_are_resolved()
    {
        using var world = new World();
        var starting = world.Here().Starting;
        Directory.CreateDirectory(Path.Combine(world.Work, "real", "below"));
        Directory.CreateSymbolicLink(Path.Combine(world.Work, "link"), "real");
        Assert.Equal(Path.Combine(world.Work, "real", "below"), starting.Plan(world.Wanted("claude", cwd: "link/below/."), world.Work).Birth.Cwd);

        File.WriteAllText(Path.Combine(world.Work, "file"), "");
        Assert.Equal("bad-cwd", Assert.Throws<SeshException>(() => starting.Plan(world.Wanted("claude", cwd: "file"), world.Work)).Code);
        Assert.Equal("bad-cwd", Assert.Throws<SeshException>(() => starting.Plan(world.Wanted("claude", cwd: "none"), world.Work)).Code);
        Assert.Equal(2, Assert.Throws<SeshException>(() => starting.Plan(world.Wanted("claude", cwd: ""), world.Work)).ExitCode);
    }
}
