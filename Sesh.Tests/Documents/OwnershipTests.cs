using Sesh.Sync.Documents;
using Sesh.Tests.Oracle;
using Xunit;

namespace Sesh.Tests.Documents;

/// <summary>Identity fields count from the owner alone, and only the owner hands a session over.</summary>
public sealed class OwnershipTests
{
    private readonly World _world = new();
    private readonly Machine _a;
    private readonly Machine _b;
    private readonly Machine _c;
    private readonly Machine _d;

    public OwnershipTests()
    {
        _a = _world.Add("A");
        _b = _world.Add("B");
        _c = _world.Add("C");
        _d = _world.Add("D");
        _a.Write((Of(Field.Machine), Value.Of("A")), (Of(Field.Cwd), Value.Of("/a")));
        _world.Exchange();
    }

    [Fact]
    public void Identity_by_another_is_ignored_and_named_although_it_came_later()
    {
        _b.Write((Of(Field.Cwd), Value.Of("/b")), (Of(Field.Agent), Value.Of("codex")), (World.Name, Value.Of("b")));
        _world.Exchange();
        foreach (var machine in _world.Machines)
        {
            var record = Record(machine);
            Assert.Equal(("/a", "", "b", "A"), (record.Cwd, record.Agent, record.Name, record.Machine));
            var ignored = Fold.Ignored(machine.Set.State(World.Session)!, machine.Set.MachineOf);
            Assert.Equal([Field.Agent, Field.Cwd], ignored.Select(e => e.Register.Field).Order());
            Assert.All(ignored, e => Assert.Equal(_b.Own.Replica, e.Name.Replica));
        }
    }

    [Fact]
    public void A_hand_over_by_who_does_not_own_it_is_ignored()
    {
        Move(_c, "B");
        _b.Write((Of(Field.Cwd), Value.Of("/b")));
        _world.Exchange();
        Assert.Equal(("A", "/a"), (Record(_d).Machine, Record(_d).Cwd));
        Assert.Equal(2, Fold.Ignored(_d.Set.State(World.Session)!, _d.Set.MachineOf).Length);
    }

    [Fact]
    public void A_session_moved_round_belongs_to_whom_it_was_last_moved_to()
    {
        Move(_a, "B");
        Assert.Equal("B", Record(_d).Machine);
        _b.Write((Of(Field.Cwd), Value.Of("/b")));
        _world.Exchange();
        Assert.Equal("/b", Record(_d).Cwd);
        Move(_b, "C");
        Assert.Equal("C", Record(_d).Machine);
        Move(_c, "A");
        Assert.Equal("A", Record(_d).Machine);
        Move(_a, "D");
        Assert.Equal("D", Record(_b).Machine);
        Assert.Empty(Fold.Ignored(_d.Set.State(World.Session)!, _d.Set.MachineOf));
    }

    [Fact]
    public void A_move_counts_although_the_old_owners_documents_are_compacted()
    {
        Move(_a, "B");
        Move(_b, "C");
        foreach (var machine in _world.Machines)
        {
            if (machine.Own.End > 0)
                machine.Compact(machine.Own.End, machine.Own.End);
        }

        _world.Exchange();
        Assert.Equal("C", Record(_d).Machine);
    }

    [Fact]
    public void An_owner_under_a_new_replica_id_is_the_owner_still()
    {
        _a.Damage(0);
        _world.Now += 9;
        _a.Write((Of(Field.Cwd), Value.Of("/a2")));
        Move(_a, "B");
        Assert.Equal(("B", "/a2"), (Record(_d).Machine, Record(_d).Cwd));
    }

    [Fact]
    public void Two_births_at_once_show_the_later_and_the_other_as_a_conflict()
    {
        var session = new SessionId(9);
        var register = new Register(session, Field.Machine);
        _b.Write((register, Value.Of("B")));
        _world.Now += 9;
        _c.Write((register, Value.Of("C")));
        _world.Exchange();
        var record = Fold.Record(_a.Set.State(session)!, _a.Set.MachineOf);
        Assert.Equal("C", record.Machine);
        Assert.Equal(Value.Of("B"), Assert.Single(record.Conflicts).Value);
    }

    [Fact]
    public void Without_any_claim_everybody_counts()
    {
        var session = new SessionId(9);
        _b.Write((new Register(session, Field.Cwd), Value.Of("/b")));
        var record = Fold.Record(_b.Set.State(session)!, _b.Set.MachineOf);
        Assert.Equal(("", "/b"), (record.Machine, record.Cwd));
    }

    [Fact]
    public void A_name_that_is_no_machine_name_claims_nothing()
    {
        _a.Write((Of(Field.Machine), Value.Of("../x")));
        _world.Exchange();
        Assert.Equal("", Record(_b).Machine);
    }

    private static Register Of(Field field) => new(World.Session, field);

    private static SessionRecord Record(Machine machine) => Fold.Record(machine.Set.State(World.Session)!, machine.Set.MachineOf);

    private void Move(Machine from, string to)
    {
        _world.Now += 1000;
        from.Write((Of(Field.Machine), Value.Of(to)));
        _world.Exchange();
    }
}
