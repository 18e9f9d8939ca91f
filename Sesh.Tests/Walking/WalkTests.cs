using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class WalkTests
{
    [Fact]
    public void A_session_in_a_pane_is_live_there_with_its_state_and_transcript()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        var path = stage.Agent.Write("one", "model-1");
        var pane = stage.Probe("one");
        stage.Tmux.Server.Do(["select-pane", "-t", pane.Id, "-T", "busy"]);

        var result = stage.Look([], record);
        var row = Assert.Single(result.Rows);
        Assert.True(result.Complete);
        Assert.Equal((record.Uuid, true, pane.Pid, TurnStatus.Busy), (row.Uuid, row.Live, row.Pid, row.TurnStatus));
        Assert.Equal(stage.Tmux.Pane(pane.Id).Place, row.Tmux);
        Assert.Equal((path, 7L, "model-1"), (row.FilePath, row.FileSize, row.Model));
        Assert.Empty(result.Drifts);
        Assert.Contains(row.Evidence, e => e is { Fact: "live", Source: "process" } && e.Detail.Contains(pane.Id, StringComparison.Ordinal));
    }

    [Fact]
    public void Wrappers_may_stand_between_the_pane_and_its_agent()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        var pane = stage.Probe("one", "sh", "-c", "sh -c '\"$0\" \"$@\"; :' \"$0\" \"$@\"; :");
        var row = Assert.Single(stage.Look([], record).Rows);
        Assert.NotEqual(pane.Pid, row.Pid);
        Assert.Equal(pane.Id, row.Tmux!.Pane);
    }

    [Fact]
    public void A_session_without_a_pane_is_live_all_the_same()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        using var process = new Processes.Spawned(stage.Agent.Program, ["1000"], "/", new() { ["PROBE_ID"] = "one" });
        var row = Assert.Single(stage.Look([], record).Rows);
        Assert.Equal((true, process.Pid), (row.Live, row.Pid));
        Assert.Null(row.Tmux);
    }

    [Fact]
    public void What_nothing_holds_is_detached_and_idle()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        stage.Agent.Write("one", "m");
        var row = Assert.Single(stage.Look([], record).Rows);
        Assert.Equal((false, TurnStatus.Idle, "m"), (row.Live, row.TurnStatus, row.Model));
        Assert.Null(row.Tmux);
    }

    [Fact]
    public void An_agent_that_does_not_show_its_session_leaves_those_of_its_folder_in_doubt()
    {
        using var stage = new Stage();
        stage.Probe();
        var (same, other) = (Stage.Record("one", cwd: "/"), Stage.Record("two", cwd: "/elsewhere"));
        var result = stage.Look([], same, other);
        Assert.Single(result.Unresolvable);
        Assert.Equal(TurnStatus.Unknown, result.Rows.Single(r => r.Uuid == same.Uuid).TurnStatus);
        Assert.Equal(TurnStatus.Idle, result.Rows.Single(r => r.Uuid == other.Uuid).TurnStatus);
    }

    [Fact]
    public void Sessions_of_others_and_deleted_ones_get_no_row()
    {
        using var stage = new Stage();
        stage.Probe("theirs");
        stage.Probe("gone");
        var (theirs, gone) = (Stage.Record("theirs", machine: "beta"), Stage.Record("gone") with { Deleted = true });
        var result = stage.Look([], theirs, gone);
        Assert.Empty(result.Rows);
        Assert.Equal("gone", Assert.Single(result.Unregistered).Sighting.Agent.AgentId);
        Assert.Contains(result.All, o => o.Record == theirs);
    }

    [Fact]
    public void The_screen_is_asked_where_nothing_cheaper_decides()
    {
        using var stage = new Stage(byScreen: true);
        var record = Stage.Record("one");
        var pane = stage.Tmux.Server.Do(
            ["new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=main:", "-e", "PROBE_ID=one", "sh", "-c", "echo busy; \"$0\" 1000; :", stage.Agent.Program]);
        Until.True(() => stage.Tmux.Server.Capture(pane, 3) == "busy" && stage.Lookout.InPane(stage.Tmux.Pane(pane), ProcessTable.Open()) is not null, "it shows");
        var row = Assert.Single(stage.Look([], record).Rows);
        Assert.Equal(TurnStatus.Busy, row.TurnStatus);
        Assert.Contains(row.Evidence, e => e.Source == "screen" && e.Detail == "busy");
    }

    [Fact]
    public void A_session_that_runs_twice_is_told_and_the_younger_counts()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        var older = stage.Probe("one");
        var younger = stage.Probe("one");
        Until.True(() => ProcessTable.Open().Find(stage.PidIn(younger))!.Start >= ProcessTable.Open().Find(stage.PidIn(older))!.Start, "they are of an age");

        var result = stage.Look([], record);
        var row = Assert.Single(result.Rows);
        Assert.Equal(younger.Id, row.Tmux!.Pane);
        Assert.Contains(row.Evidence, e => e.Detail.Contains(older.Id, StringComparison.Ordinal));
        Assert.Equal("live-twice", Assert.Single(result.Notices).Code);
    }

    [Fact]
    public void A_server_that_hangs_keeps_the_panes_it_was_seen_with()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        var pane = stage.Probe("one");
        var before = stage.Look([], record).Rows;
        stage.Tmux.Stop();

        var result = stage.Look(before, record);
        Assert.False(result.Complete);
        Assert.Equal("tmux-hung", Assert.Single(result.Notices).Code);
        var row = Assert.Single(result.Rows);
        Assert.True(row.Live);
        Assert.Equal(pane.Id, row.Tmux!.Pane);
    }

    [Fact]
    public void When_the_tmux_server_is_killed_its_sessions_are_detached()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        var pid = stage.PidIn(stage.Probe("one"));
        var before = stage.Look([], record).Rows;
        _ = Libc.Kill(stage.Tmux.Pid, Libc.SigKill);
        Until.True(() => ProcessTable.Open().Find(pid) is null, "the pane's process got its hang-up");

        var result = stage.Look(before, record);
        Assert.True(result.Complete);
        var row = Assert.Single(result.Rows);
        Assert.False(row.Live);
        Assert.Null(row.Tmux);
    }

    [Fact]
    public void A_dead_pane_that_remains_is_nobodys()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        var pane = stage.Probe("one");
        stage.Tmux.Server.Do(["set-option", "-p", "-t", pane.Id, "remain-on-exit", "on"]);
        _ = Libc.Kill(pane.Pid, Libc.SigKill);
        Until.True(() => stage.Tmux.Pane(pane.Id).Dead, "the pane is dead");
        Assert.False(Assert.Single(stage.Look([], record).Rows).Live);
    }

    [Fact]
    public void Observing_one_session_tells_what_the_walk_tells()
    {
        using var stage = new Stage();
        var (live, detached) = (Stage.Record("one"), Stage.Record("two"));
        var pane = stage.Probe("one");
        var snapshot = RecordSource.Of(live, detached);
        var (row, owned, _) = stage.Walk.Observe(snapshot, live, null);
        Assert.Equal((true, pane.Id, pane.Pid), (row.Live, row.Tmux!.Pane, owned!.Sighting.Agent.Pid));
        Assert.Equal((false, (Owned?)null), (stage.Walk.Observe(snapshot, detached, null).Row.Live, stage.Walk.Observe(snapshot, detached, null).Live));
    }

    [Fact]
    public void Fifty_panes_are_all_seen()
    {
        using var stage = new Stage();
        var records = Enumerable.Range(0, 50).Select(i => Stage.Record($"id-{i}")).ToArray();
        List<string> words = [];
        foreach (var record in records)
            words.AddRange([";", "new-window", "-d", "-t", "=main:", "-e", $"PROBE_ID={record.AgentSessionId}", stage.Agent.Program, "1000"]);
        Assert.True(ChildProcess.Run(stage.Tmux.Server.Program, ["-S", stage.Tmux.Socket, .. words.Skip(1)], TimeSpan.FromSeconds(20)).Succeeded);
        Until.True(() => stage.Look([], records).Rows.Count(r => r.Live) == 50, "all fifty are live");
        var result = stage.Look([], records);
        Assert.Equal(50, result.Rows.Select(r => r.Tmux!.Pane).Distinct().Count());
    }
}
