using Sesh.Agents;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class AdoptPlanTests
{
    private const string Id = "8b7b4450-0000-4000-8000-000000000001";

    [Fact]
    public void A_transcript_nobody_recorded_is_adopted_under_the_agents_id()
    {
        var (row, birth) = Plan([], Transcript("claude", Id, "/w/a")).Single();

        Assert.Equal(Adoption.Adopted, row.Outcome);
        Assert.Equal(SessionId.Parse(Id), row.Uuid);
        Assert.Equal("/w/a", birth!.Cwd);
        Assert.Equal("say hello", birth.Name);
        Assert.Contains(birth.Changes(), c => c.Register.Field == Field.AgentSessionId && c.Value == Value.Of(Id));
    }

    [Fact]
    public void A_session_recorded_under_another_uuid_is_known_by_its_agents_id()
    {
        var record = Record(SessionId.New(), "codex", agentId: Id);

        Assert.Equal((Adoption.Known, record.Uuid), Outcome(Plan([record], Transcript("codex", Id, "/w/a")).Single()));
    }

    [Fact]
    public void A_session_whose_id_has_drifted_is_known_by_its_former_id()
    {
        var record = Record(SessionId.New(), "claude", agentId: "8b7b4450-0000-4000-8000-000000000002", former: Id);

        Assert.Equal((Adoption.Known, record.Uuid), Outcome(Plan([record], Transcript("claude", Id, "/w/a")).Single()));
    }

    [Fact]
    public void A_deleted_session_stays_deleted()
    {
        var record = Record(SessionId.Parse(Id), "claude") with { Deleted = true };

        Assert.Equal((Adoption.Deleted, record.Uuid), Outcome(Plan([record], Transcript("claude", Id, "/w/a")).Single()));
    }

    [Fact]
    public void A_session_of_another_machine_is_not_taken_from_it()
    {
        var (row, birth) = Plan([Record(SessionId.Parse(Id), "claude", machine: "beta")], Transcript("claude", Id, "/w/a")).Single();

        Assert.Equal(Adoption.OwnedElsewhere, row.Outcome);
        Assert.Equal("owned by beta", row.Detail);
        Assert.Null(birth);
    }

    [Fact]
    public void A_session_whose_adoption_was_undone_can_be_adopted_again()
    {
        var nothingLeft = new SessionRecord { Uuid = SessionId.Parse(Id) };

        Assert.Equal(Adoption.Adopted, Plan([nothingLeft], Transcript("claude", Id, "/w/a")).Single().Row.Outcome);
    }

    [Fact]
    public void Two_folders_with_one_pi_id_become_two_sessions_and_stay_two()
    {
        var here = Transcript("pi", "work", "/w/here");
        var there = Transcript("pi", "work", "/w/there");

        var first = Plan([], here, there);
        var uuids = first.Select(r => r.Row.Uuid!.Value).ToList();
        Assert.Equal(2, uuids.Distinct().Count());

        var recorded = first.Select(r => Record(r.Row.Uuid!.Value, "pi", agentId: "work", cwd: r.Birth!.Cwd)).ToArray();
        foreach (var order in (Found[][])[[here, there], [there, here]])
        {
            var again = Plan(recorded, order);
            Assert.All(again, r => Assert.Equal(Adoption.Known, r.Row.Outcome));
            Assert.Equal(order.Select(f => uuids[f == here ? 0 : 1]), again.Select(r => r.Row.Uuid!.Value));
        }
    }

    [Fact]
    public void Workers_and_empty_transcripts_are_left_out_unless_all_are_wanted()
    {
        var worker = Transcript("codex", Id, "/w/a", hidden: true);
        var empty = Transcript("claude", "8b7b4450-0000-4000-8000-000000000003", "/w/a", empty: true);

        Assert.Equal([Adoption.Worker, Adoption.Empty], Plan([], worker, empty).Select(r => r.Row.Outcome));
        Assert.Equal([Adoption.Adopted, Adoption.Adopted], Plan(all: true, [], worker, empty).Select(r => r.Row.Outcome));
    }

    [Fact]
    public void An_agent_alive_without_a_transcript_is_adopted_and_one_without_an_id_is_named_unresolvable()
    {
        var fresh = new Found("claude", Id, null, new LiveAgent("claude", 41, 1, Id, "/w/a", false, []));
        var nameless = new Found("pi", "", null, new LiveAgent("pi", 42, 1, "", "/w/b", false, []));

        var rows = Plan([], fresh, nameless);

        Assert.Equal((Adoption.Adopted, "/w/a", true), (rows[0].Row.Outcome, rows[0].Row.Cwd, rows[0].Row.Live));
        Assert.Equal((Adoption.Unresolvable, "pid 42"), (rows[1].Row.Outcome, rows[1].Row.Detail));
    }

    [Fact]
    public void Only_unknown_transcripts_and_those_that_share_an_id_are_read()
    {
        var known = Transcript("claude", Id, "/w/a");
        var fresh = Transcript("claude", "8b7b4450-0000-4000-8000-000000000004", "/w/a");
        Found[] twins = [Transcript("pi", "work", "/w/here"), Transcript("pi", "work", "/w/there")];
        var records = KnownSessions.Of([Record(SessionId.Parse(Id), "claude"), Record(SessionId.New(), "pi", agentId: "work", cwd: "/w/here")]);

        Assert.Equal([fresh, .. twins], AdoptPlan.NeedReading("alpha", records, [known, fresh, .. twins]));
    }

    private static IReadOnlyList<(AdoptedRow Row, Birth? Birth)> Plan(SessionRecord[] records, params Found[] finds) => Plan(all: false, records, finds);

    private static IReadOnlyList<(AdoptedRow Row, Birth? Birth)> Plan(bool all, SessionRecord[] records, params Found[] finds) =>
        new AdoptPlan("alpha", all, _ => false).Make(KnownSessions.Of(records), finds);

    private static (Adoption, SessionId?) Outcome((AdoptedRow Row, Birth? Birth) planned) => (planned.Row.Outcome, planned.Row.Uuid);

    private static Found Transcript(string agent, string id, string cwd, bool hidden = false, bool empty = false) =>
        new(agent, id, new TranscriptFile(agent, $"/agents{cwd}/{id}.jsonl", id, 10, 1_000), null)
        {
            Digest = new Found.Digested(cwd, "say hello", 500, hidden, empty, ""),
        };

    private static SessionRecord Record(SessionId uuid, string agent, string? agentId = null, string machine = "alpha", string cwd = "/w/a", string? former = null) => new()
    {
        Uuid = uuid,
        Agent = agent,
        Machine = machine,
        Cwd = cwd,
        AgentSessionId = agentId ?? uuid.ToString(),
        FormerIds = former is null ? [] : [former],
    };
}
