using Sesh.Sync.Documents;
using Sesh.Tests.Oracle;
using Xunit;

namespace Sesh.Tests.Documents;

public sealed class RecordTests
{
    private readonly World _world = new();
    private readonly Machine _a;
    private readonly Machine _b;
    private readonly Machine _c;

    public RecordTests()
    {
        _a = _world.Add("A");
        _b = _world.Add("B");
        _c = _world.Add("C");
    }

    [Fact]
    public void A_session_nobody_labelled_has_the_defaults()
    {
        Set(_a, Field.Machine, "A");
        var record = Record(_a);
        Assert.Equal(("", true, "", 0, false, false, ""), (record.Name, record.AutoRename, record.Summary, record.LastAutoNameTurnCount, record.Archived, record.Deleted, record.Cwd));
        Assert.True(record.Tags.IsEmpty && record.Meta.IsEmpty && record.FormerIds.IsEmpty && record.Conflicts.IsEmpty && record.Parent is null);
        Assert.Equal(("A", 1, _world.Now), (record.Machine, record.OriginSeq, record.UpdatedAt));
    }

    [Fact]
    public void Every_field_shows_what_was_set()
    {
        var parent = SessionId.New();
        _a.Write(
            (Of(Field.Machine), Value.Of("A")), (Of(Field.Name), Value.Of("n")), (Of(Field.AutoRename), Value.False), (Of(Field.Summary), Value.Of("s")),
            (Of(Field.LastAutoNameTurnCount), Value.Of(7)), (Of(Field.Tag, "b"), Value.True), (Of(Field.Tag, "B"), Value.True), (Of(Field.Archived), Value.True),
            (Of(Field.Parent), Value.Of(parent.ToString())), (Of(Field.Meta, "k"), Value.Of("v")), (Of(Field.Agent), Value.Of("claude")),
            (Of(Field.Cwd), Value.Of("/x")), (Of(Field.AgentSessionId), Value.Of("id")), (Of(Field.FormerId, "old"), Value.True),
            (Of(Field.CreatedAt), Value.Of(12)), (Of(Field.Kept), Value.True));
        var record = Record(_a);
        Assert.Equal(("n", false, "s", 7, true), (record.Name, record.AutoRename, record.Summary, record.LastAutoNameTurnCount, record.Archived));
        Assert.Equal(["B", "b"], record.Tags);
        Assert.Equal(parent, record.Parent);
        Assert.Equal("v", record.Meta["k"]);
        Assert.Equal(("claude", "A", "/x", "id", 12, true), (record.Agent, record.Machine, record.Cwd, record.AgentSessionId, record.CreatedAt, record.Kept));
        Assert.Equal(["old"], record.FormerIds);
        Assert.Equal((16, false), (record.OriginSeq, record.Deleted));
    }

    [Fact]
    public void Values_of_a_wrong_kind_and_absurd_numbers_count_as_none()
    {
        Value[] absurd =
        [
            Value.Of(long.MaxValue), Value.Of(long.MinValue), Value.Of("\0\u202e../../x"), Value.True, Value.False, Value.OfOpaque([0xc1, 0xff]), Value.Of(new string('x', 100_000)),
        ];
        foreach (var value in absurd)
        {
            var world = new World { Now = (1L << 48) - 1 };
            var machine = world.Add("A");
            machine.Write(Enumerable.Range(0, 256).Select(f => (Of((Field)f, ((Field)f).IsKeyed() ? "\0" : null), value)));
            var record = Fold.Record(machine.Set.State(World.Session)!, machine.Set.MachineOf);
            Assert.InRange(record.CreatedAt, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
            Assert.InRange(record.UpdatedAt, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
            Assert.True(record.LastAutoNameTurnCount >= 0);
            Assert.Equal(value == Value.True, record.Deleted);
            Assert.Null(record.Parent);
            Assert.Empty(record.Conflicts);
            Assert.True(MachineName.TryParse(record.Machine, out _) || record.Machine.Length == 0);
        }
    }

    [Fact]
    public void A_value_that_does_not_show_is_a_conflict_until_somebody_writes_again()
    {
        _a.Write((Of(Field.Name), Value.Of("a")), (Of(Field.Tag, "t"), Value.True));
        _world.Now += 9;
        _b.Write((Of(Field.Name), Value.Of("b")), (Of(Field.Tag, "t"), Value.True));
        _world.Exchange();
        var record = Record(_c);
        Assert.Equal("b", record.Name);
        var conflict = Assert.Single(record.Conflicts);
        Assert.Equal((Field.Name, (string?)null, Value.Of("a"), _a.Own.Replica, "A"), (conflict.Field, conflict.Key, conflict.Value, conflict.Replica, conflict.Machine));
        Set(_c, Field.Name, "c");
        Assert.Empty(Record(_c).Conflicts);
    }

    [Fact]
    public void Equal_values_are_no_conflict()
    {
        Set(_a, Field.Name, "same");
        Set(_b, Field.Name, "same");
        _world.Exchange();
        Assert.Equal(2, _a.State(World.Name)!.Survivors.Length);
        Assert.Empty(Record(_a).Conflicts);
    }

    [Fact]
    public void A_tag_set_again_while_another_removes_it_stays()
    {
        _a.Write((Of(Field.Tag, "t"), Value.True));
        _world.Exchange();
        _a.Write((Of(Field.Tag, "t"), Value.True));
        _world.Now += 9;
        _b.Write((Of(Field.Tag, "t"), Value.Absent));
        _world.Exchange();
        Assert.Equal(["t"], Record(_b).Tags);
    }

    [Fact]
    public void Deleted_beats_a_concurrent_revival_and_gives_way_to_a_later_one()
    {
        _a.Write((Of(Field.Deleted), Value.True));
        _world.Exchange();
        _b.Write((Of(Field.Deleted), Value.Absent));
        _c.Write((Of(Field.Deleted), Value.True));
        _world.Exchange();
        Assert.True(Record(_a).Deleted);
        _a.Write((Of(Field.Deleted), Value.Absent));
        Assert.False(Record(_a).Deleted);
    }

    [Fact]
    public void The_last_entry_of_the_owners_document_is_its_origin()
    {
        Set(_a, Field.Machine, "A");
        Set(_a, Field.Name, "a");
        _world.Exchange();
        Set(_b, Field.Name, "b");
        Set(_b, Field.Summary, "b");
        _world.Exchange();
        Assert.Equal(2, Record(_c).OriginSeq);
    }

    [Fact]
    public void Unknown_fields_are_folded_and_shown_nowhere()
    {
        _a.Write((Of((Field)200, "k"), Value.Of("x")));
        _b.Write((Of((Field)200, "k"), Value.Of("y")));
        _world.Exchange();
        Assert.Equal(2, _a.Set.State(World.Session)!.Registers.Single().Survivors.Length);
        Assert.Empty(Record(_a).Conflicts);
    }

    private static Register Of(Field field, string? key = null) => new(World.Session, field, key);

    private static void Set(Machine machine, Field field, string value) => machine.Write((Of(field), Value.Of(value)));

    private static SessionRecord Record(Machine machine) => Fold.Record(machine.Set.State(World.Session)!, machine.Set.MachineOf);
}
