using Sesh.Processes;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class IdentityTests
{
    [Fact]
    public void A_new_id_in_the_process_that_held_the_session_is_a_drift()
    {
        using var stage = new Stage();
        var record = Stage.Record("old");
        var pane = stage.Probe("old");
        var before = stage.Look([], record).Rows;
        stage.Agent.Say(pane.Pid, "new");

        var result = stage.Look(before, record);
        var drift = Assert.Single(result.Drifts);
        Assert.Equal((record.Uuid, "old", "new"), (drift.Session, drift.From, drift.To));
        Assert.True(Assert.Single(result.Rows).Live);
        Assert.Empty(result.Unregistered);
    }

    [Fact]
    public void A_new_id_in_a_pane_stamped_for_that_process_is_a_drift()
    {
        using var stage = new Stage();
        var record = Stage.Record("old");
        var pane = stage.Probe("old");
        stage.Tmux.Server.Stamp(pane.Id, record.Uuid, ProcessTable.Open().Find(pane.Pid));
        stage.Agent.Say(pane.Pid, "new");
        Assert.Equal("new", Assert.Single(stage.Look([], record).Drifts).To);
    }

    [Fact]
    public void An_id_chosen_late_is_taken_up()
    {
        using var stage = new Stage(choosesId: false);
        var record = Stage.Record("");
        var pane = stage.Probe();
        stage.Tmux.Server.Stamp(pane.Id, record.Uuid, ProcessTable.Open().Find(pane.Pid));

        var fresh = stage.Look([], record);
        Assert.True(Assert.Single(fresh.Rows).Live);
        Assert.Empty(fresh.Drifts);
        Assert.Empty(fresh.Unresolvable);

        stage.Agent.Say(pane.Pid, "chosen");
        var drift = Assert.Single(stage.Look(fresh.Rows, record).Drifts);
        Assert.Equal(("", "chosen"), (drift.From, drift.To));
    }

    [Fact]
    public void Another_session_in_a_stamped_pane_makes_the_stamp_stale()
    {
        using var stage = new Stage();
        var record = Stage.Record("old");
        var pane = stage.Probe("other");
        stage.Agent.Say(pane.Pid, "other");
        // Stamped for a process that was there before.
        stage.Tmux.Server.Stamp(pane.Id, record.Uuid, new ProcessRow(pane.Pid, 1, 12345, "probe"));

        var result = stage.Look([], record);
        Assert.Empty(result.Drifts);
        Assert.False(Assert.Single(result.Rows).Live);
        var stranger = Assert.Single(result.Unregistered);
        Assert.Contains(stranger.Evidence, e => e is { Fact: "stamp", Value: "stale" });
    }

    [Fact]
    public void A_stamp_for_a_dead_agent_does_not_claim_one_that_shows_nothing()
    {
        using var stage = new Stage(choosesId: false);
        var record = Stage.Record("");
        var pane = stage.Probe();
        stage.Tmux.Server.Stamp(pane.Id, record.Uuid, new ProcessRow(pane.Pid, 1, 12345, "probe"));
        var result = stage.Look([], record);
        Assert.False(Assert.Single(result.Rows).Live);
        Assert.Single(result.Unresolvable);
    }

    [Fact]
    public void A_stamped_pane_without_an_agent_is_not_live()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        stage.Tmux.Server.Stamp("%0", record.Uuid, ProcessTable.Open().Find(stage.Tmux.Pane("%0").Pid));
        Assert.False(Assert.Single(stage.Look([], record).Rows).Live);
    }

    [Fact]
    public void The_id_that_a_process_was_started_with_is_no_proof_of_a_drift()
    {
        using var stage = new Stage();
        var record = Stage.Record("old");
        var pane = stage.Probe("argv-only");
        stage.Tmux.Server.Stamp(pane.Id, record.Uuid, ProcessTable.Open().Find(pane.Pid));
        var result = stage.Look([], record);
        Assert.Empty(result.Drifts);
        Assert.Equal("argv-only", Assert.Single(result.Unregistered).Sighting.Agent.AgentId);
    }

    [Fact]
    public void A_recycled_pid_is_not_the_process_it_was()
    {
        using var stage = new Stage();
        var record = Stage.Record("old");
        var pane = stage.Probe("new");
        stage.Agent.Say(pane.Pid, "new");
        var last = new LiveRow { Uuid = record.Uuid, ObservedAt = 1, Live = true, Pid = pane.Pid, PidStart = 12345 };
        Assert.Empty(stage.Look([last], record).Drifts);
    }

    [Fact]
    public void A_former_id_shown_again_becomes_the_current_one()
    {
        using var stage = new Stage();
        var record = Stage.Record("second") with { FormerIds = ["first"] };
        var pane = stage.Probe("first");
        Assert.Empty(stage.Look([], record).Drifts); // by argv alone: it may have gone on since
        stage.Agent.Say(pane.Pid, "first");
        var result = stage.Look([], record);
        Assert.Equal(("second", "first"), (Assert.Single(result.Drifts).From, result.Drifts[0].To));
        Assert.True(Assert.Single(result.Rows).Live);
    }

    [Fact]
    public void A_registered_session_taken_up_in_the_same_process_is_no_drift_of_the_one_before()
    {
        using var stage = new Stage();
        var (one, two) = (Stage.Record("one"), Stage.Record("two"));
        var pane = stage.Probe("one");
        stage.Agent.Say(pane.Pid, "one");
        var before = stage.Look([], one, two).Rows;
        stage.Agent.Say(pane.Pid, "two");

        var result = stage.Look(before, one, two);
        Assert.Empty(result.Drifts);
        Assert.Equal([(one.Uuid, false), (two.Uuid, true)], result.Rows.Select(r => (r.Uuid, r.Live)).OrderBy(r => r.Live));
    }

    [Fact]
    public void A_session_of_another_machine_does_not_drift_here()
    {
        using var stage = new Stage();
        var record = Stage.Record("old", machine: "beta");
        var pane = stage.Probe("old");
        stage.Tmux.Server.Stamp(pane.Id, record.Uuid, ProcessTable.Open().Find(pane.Pid));
        stage.Agent.Say(pane.Pid, "new");
        Assert.Empty(stage.Look([], record).Drifts);
    }

    [Fact]
    public void Namesakes_are_told_apart_by_their_folder()
    {
        using var stage = new Stage();
        var (here, there) = (Stage.Record("same", cwd: "/"), Stage.Record("same", cwd: "/elsewhere"));
        stage.Probe("same");
        Assert.True(stage.Look([], there, here).Rows.Single(r => r.Uuid == here.Uuid).Live);
        Assert.True(stage.Look([], here, there).Rows.Single(r => r.Uuid == here.Uuid).Live);
    }
}
