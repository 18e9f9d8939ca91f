using Sesh.Sessions.Explain;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class ExplainingTests
{
    private static readonly SessionId Session = SessionId.Parse("8b7b4450-0000-4000-8000-000000000001");
    private static readonly ReplicaId Alpha = new(1);
    private static readonly ReplicaId Beta = new(2);

    [Fact]
    public void Of_two_concurrent_names_the_later_shows_and_the_other_is_told_with_its_writer()
    {
        var state = State(
            Of(Field.Machine, Entry(Alpha, 1, 100, Field.Machine, Value.Of("alpha"))),
            Of(Field.Name, Entry(Alpha, 2, 200, Field.Name, Value.Of("from alpha")), Entry(Beta, 1, 300, Field.Name, Value.Of("from beta"))));

        var names = Explaining.Of(Record(), state, null, MachineOf).Where(s => s.Field == "name").ToList();

        Assert.Equal([("from beta", true, "beta", 300L, "beta's"), ("from alpha", false, "alpha", 200L, "alpha's")],
            names.Select(s => (s.Value, s.Shows, s.By, s.At, s.Clock)));
        Assert.Contains("the value of beta", names[1].OverriddenBy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_strangers_word_on_identity_is_shown_as_not_believed()
    {
        var state = State(
            Of(Field.Machine, Entry(Alpha, 1, 100, Field.Machine, Value.Of("alpha"))),
            Of(Field.Cwd, Entry(Alpha, 2, 200, Field.Cwd, Value.Of("/w")), Entry(Beta, 1, 300, Field.Cwd, Value.Of("/evil"))));

        var cwd = Explaining.Of(Record(), state, null, MachineOf).Where(s => s.Field == "cwd").ToList();

        Assert.Equal([("/w", true), ("/evil", false)], cwd.Select(s => (s.Value, s.Shows)));
        Assert.Equal("beta is not the owner: not believed", cwd[1].OverriddenBy);
    }

    [Fact]
    public void An_absent_value_beside_a_tag_is_told_as_never_winning()
    {
        var tag = new Register(Session, Field.Tag, "x");
        var state = State(new RegisterState(tag, [Entry(Alpha, 2, 100, tag, Value.True), Entry(Beta, 1, 300, tag, Value.Absent)], Context.Empty));

        var said = Explaining.Of(Record(), state, null, MachineOf).Where(s => s.Field == "tag x").ToList();

        Assert.Equal([("true", true), ("-", false)], said.Select(s => (s.Value, s.Shows)));
        Assert.Equal("a concurrent value: absent never wins", said[1].OverriddenBy);
    }

    [Fact]
    public void A_turn_status_is_told_with_its_evidence_and_what_it_overrides()
    {
        var row = new LiveRow
        {
            Uuid = Session,
            ObservedAt = 5_000,
            Live = true,
            TurnStatus = TurnStatus.Busy,
            Evidence = [new Evidence("turnStatus", "idle", "title", "✳ n", 0), new Evidence("turnStatus", "busy", "status file", "41.json", 4_000)],
        };

        var said = Explaining.Of(Record(), null, new HeldRow(row, "alpha", 2_000, true), MachineOf).Where(s => s.Field == "turnStatus").ToList();

        Assert.Equal([("busy", true, "status file 41.json", 4_000L), ("idle", false, "title ✳ n", 5_000L)], said.Select(s => (s.Value, s.Shows, s.Evidence, s.At)));
        Assert.Equal("a newer look by alpha; this one is 2 s old", said[0].OverriddenBy);
    }

    [Fact]
    public void Without_a_look_states_are_unknown_and_say_why() =>
        Assert.Equal([("live", "unknown", "nothing heard from alpha"), ("turnStatus", "unknown", "nothing heard from alpha")],
            Explaining.Of(Record(), null, null, MachineOf).Select(s => (s.Field, s.Value, s.Evidence)));

    private static SessionRecord Record() => new() { Uuid = Session, Machine = "alpha", Agent = "claude" };

    private static string MachineOf(ReplicaId replica) => replica == Alpha ? "alpha" : replica == Beta ? "beta" : "";

    private static SessionState State(params RegisterState[] registers) => new(Session, [.. registers]);

    private static RegisterState Of(Field field, params Entry[] entries) => new(new Register(Session, field), [.. entries], Context.Empty);

    private static Entry Entry(ReplicaId replica, long seq, long wall, Field field, Value value) => Entry(replica, seq, wall, new Register(Session, field), value);

    private static Entry Entry(ReplicaId replica, long seq, long wall, Register register, Value value) =>
        new(new EntryName(replica, seq, new Check((ulong)seq)), Hlc.AtWall(wall), register, value, Context.Empty);
}
