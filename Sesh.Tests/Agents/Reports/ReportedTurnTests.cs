using Sesh.Agents;
using Sesh.Agents.Reports;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Agents.Reports;

public sealed class ReportedTurnTests
{
    private const long Now = 10_000_000;
    private const string Id = "11111111-1111-4111-8111-111111111111";

    private static TurnReading Read(string agent, TurnStatus reported, long ageMs, TurnStatus own, string source, long statusAgeMs = -1, TranscriptFacts? facts = null, long ownAt = Now)
    {
        var evidence = statusAgeMs < 0 ? [] : new Evidence[] { new("turnStatus", "x", "status file", "f", Now - statusAgeMs) };
        var live = new LiveAgent(agent, 50, 7, Id, "/a", false, evidence) { Report = new Report(agent, 50, 7, Now - ageMs, reported, "Hook", Id, reported == TurnStatus.Blocked ? "why?" : "") };
        return ReportedTurn.Of(live, facts, Now, () => new TurnReading(own, "", own == TurnStatus.Unknown ? [] : [new Evidence("turnStatus", "x", source, "", ownAt)]));
    }

    [Theory]
    [InlineData(TurnStatus.Busy, 500, TurnStatus.Idle, TurnStatus.Busy)] // the title is behind
    [InlineData(TurnStatus.Busy, 60_000, TurnStatus.Idle, TurnStatus.Idle)] // Esc: no Stop
    [InlineData(TurnStatus.Idle, 60_000, TurnStatus.Busy, TurnStatus.Busy)] // its reporter is gone
    [InlineData(TurnStatus.Busy, 3_600_000, TurnStatus.Unknown, TurnStatus.Busy)] // nothing says otherwise
    [InlineData(TurnStatus.Blocked, 60_000, TurnStatus.Idle, TurnStatus.Blocked)]
    [InlineData(TurnStatus.Blocked, 300_000, TurnStatus.Idle, TurnStatus.Idle)]
    [InlineData(TurnStatus.Unknown, 100, TurnStatus.Idle, TurnStatus.Idle)]
    [InlineData(TurnStatus.Busy, -3_600_000, TurnStatus.Idle, TurnStatus.Idle)] // the clock was set back
    public void A_report_outranks_the_pane_for_a_bounded_time(TurnStatus reported, long age, TurnStatus pane, TurnStatus status) =>
        Assert.Equal(status, Read("claude", reported, age, pane, "title").Status);

    [Theory]
    [InlineData(TurnStatus.Busy, 100, 500, TurnStatus.Idle, TurnStatus.Busy)] // the file is behind by a moment
    [InlineData(TurnStatus.Busy, 600, 500, TurnStatus.Idle, TurnStatus.Idle)] // the file is newer
    [InlineData(TurnStatus.Idle, 5_000, 9_000, TurnStatus.Busy, TurnStatus.Busy)] // another Stop hook made it go on
    public void The_agents_own_status_file_is_as_good(TurnStatus reported, long age, long fileAge, TurnStatus file, TurnStatus status) =>
        Assert.Equal(status, Read("claude", reported, age, file, "status file", fileAge).Status);

    [Theory]
    [InlineData(TurnStatus.Unknown, TurnStatus.Idle)]
    [InlineData(TurnStatus.Busy, TurnStatus.Busy)]
    [InlineData(TurnStatus.Blocked, TurnStatus.Blocked)]
    public void Codexs_ends_count_against_nothing(TurnStatus own, TurnStatus status) => Assert.Equal(status, Read("codex", TurnStatus.Idle, 1, own, "title").Status);

    [Fact]
    public void Codexs_end_is_none_where_a_turn_was_begun_since()
    {
        var facts = new TranscriptFacts { LastTurn = TurnEnd.Open, LastActivity = Now - 10 };
        Assert.Equal(TurnStatus.Unknown, Read("codex", TurnStatus.Idle, 100, TurnStatus.Unknown, "", facts: facts).Status);
        Assert.Equal(TurnStatus.Idle, Read("codex", TurnStatus.Idle, 5, TurnStatus.Unknown, "", facts: facts).Status);
    }

    [Fact]
    public void A_transcript_that_ended_before_the_report_does_not_contradict_it()
    {
        Assert.Equal(TurnStatus.Busy, Read("claude", TurnStatus.Busy, 60_000, TurnStatus.Idle, "transcript", ownAt: Now - 70_000).Status);
        Assert.Equal(TurnStatus.Idle, Read("claude", TurnStatus.Busy, 60_000, TurnStatus.Idle, "transcript", ownAt: Now - 50_000).Status);
    }

    [Fact]
    public void The_report_is_in_the_evidence_whoever_wins()
    {
        Assert.Equal("reporter", Read("claude", TurnStatus.Busy, 100, TurnStatus.Idle, "title").Evidence[0].Source);
        Assert.Contains(Read("claude", TurnStatus.Busy, 60_000, TurnStatus.Idle, "title").Evidence, e => e.Source == "reporter" && e.At == Now - 60_000);
    }

    [Fact]
    public void A_young_report_spares_the_look_at_the_screen()
    {
        var live = new LiveAgent("claude", 50, 7, Id, "/a", false, []) { Report = new Report("claude", 50, 7, Now, TurnStatus.Busy, "Hook", Id, "") };
        Assert.Equal(TurnStatus.Busy, ReportedTurn.Of(live, null, Now, () => throw new InvalidOperationException("asked")).Status);
    }
}
