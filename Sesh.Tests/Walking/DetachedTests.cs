using Sesh.Agents;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class DetachedTests
{
    [Fact]
    public void What_did_not_change_is_not_written_again()
    {
        var clock = new SetClock();
        using var stage = new Stage { Time = clock };
        var records = Enumerable.Range(0, 20).Select(i => Stage.Record($"id-{i}")).ToArray();
        foreach (var record in records)
            stage.Agent.Write(record.AgentSessionId, "m");
        var first = stage.Look([], records).Rows;
        Assert.Equal(20, first.Count);
        Assert.Equal(0, stage.Agent.Located); // one listing instead of twenty searches

        clock.Milliseconds += 60_000;
        Assert.Empty(stage.Look(first, records).Rows);
    }

    [Fact]
    public void A_change_is_seen_within_a_minute_of_looking_each_second()
    {
        var clock = new SetClock();
        using var stage = new Stage { Time = clock };
        var record = Stage.Record("one");
        stage.Agent.Write("one", "before");
        var rows = stage.Look([], record).Rows;
        stage.Agent.Write("one", "after all");
        var (seen, last) = (0, clock.Milliseconds);
        for (var second = 0; second < 60; second++)
        {
            clock.Milliseconds += 1000;
            var found = stage.Walk.Look(RecordSource.Of(record), [record], rows, last).Rows;
            last = clock.Milliseconds;
            if (found.Count > 0)
                (seen, rows) = (seen + 1, found);
        }

        Assert.Equal(1, seen);
        Assert.Equal("after all", rows[0].Model);
    }

    [Fact]
    public void A_transcript_that_is_purged_is_seen_to_be_gone()
    {
        var clock = new SetClock();
        using var stage = new Stage { Time = clock };
        var record = Stage.Record("one");
        var path = stage.Agent.Write("one", "m");
        var before = Assert.Single(stage.Look([], record).Rows);
        File.Delete(path);
        clock.Milliseconds += 60_000;
        var row = Assert.Single(stage.Look([before], record).Rows);
        Assert.Equal((path, 0, before.LastActivity), (row.FilePath, row.FileSize, row.LastActivity));
        Assert.True(row.LastActivity > 0);
        Assert.Equal(TranscriptState.Present, State(record, before));
        Assert.Equal(TranscriptState.Purged, State(record, row));

        // Put back, it is there again.
        stage.Agent.Write("one", "m");
        clock.Milliseconds += 60_000;
        Assert.Equal(TranscriptState.Present, State(record, Assert.Single(stage.Look([row], record).Rows)));
    }

    [Fact]
    public void Transcripts_that_nobody_has_time_to_read_come_again()
    {
        using var stage = new Stage();
        var records = Enumerable.Range(0, 3).Select(i => Stage.Record($"id-{i}")).ToArray();
        foreach (var record in records)
            stage.Agent.Write(record.AgentSessionId, "m");
        var may = true;
        var read = stage.Facts;
        // After the first there is no more time.
        stage.Facts = (agent, file, _) =>
        {
            var facts = may ? read(agent, file, true) : null;
            may = false;
            return facts;
        };
        Assert.Single(stage.Look([], records).Rows);
        may = true;
        Assert.Single(stage.Look([], records).Rows);
    }

    [Fact]
    public void A_turn_cut_off_is_not_busy()
    {
        using var stage = new Stage();
        var record = Stage.Record("one");
        stage.Agent.Write("one", "m");
        stage.Facts = (_, _, _) => new TranscriptFacts { LastTurn = TurnEnd.Open, LastActivity = 5 };
        var row = Assert.Single(stage.Look([], record).Rows);
        Assert.Equal(TurnStatus.Idle, row.TurnStatus);
        Assert.Contains(row.Evidence, e => e is { Source: "transcript", At: 5 });
    }

    private static TranscriptState State(SessionRecord record, LiveRow row) => new SessionView(record, new HeldRow(row, record.Machine, 0, Ours: true)).Transcript;
}
