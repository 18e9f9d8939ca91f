using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>The smallest histories by which nearby rules fail (store.md, E1 to E8).</summary>
public sealed class ExampleTests
{
    private readonly World _world = new();

    [Fact]
    public void E1_A_value_whose_replacement_was_cleared_and_compacted_stays_away()
    {
        var (a, b) = (_world.Add("A"), _world.Add("B"));
        Set(a, "a");
        a.Send(b);
        Set(b, "b");
        Set(b, null);
        b.Compact(2, 0);
        b.Send(a);
        Assert.Equal([null], Values(a));
    }

    [Fact]
    public void E2_A_value_stays_away_where_the_document_that_replaced_it_never_arrived()
    {
        var (a, b, c, m) = (_world.Add("A"), _world.Add("B"), _world.Add("C"), _world.Add("M"));
        Set(a, "a");
        a.Send(b);
        Set(b, "b");
        b.SendOnly(c, b);
        Set(c, null);
        c.SendOnly(m, c);
        a.SendOnly(m, a);
        Assert.Equal([null], Values(m));
    }

    [Fact]
    public void E3_A_value_stays_away_although_its_document_was_lost_before_it_was_cleared()
    {
        var (a, b) = (_world.Add("A"), _world.Add("B"));
        Set(a, "a");
        a.Send(b);
        Set(b, "b");
        b.Lose(a.Own.Replica);
        Set(b, null);
        b.Compact(2, 0);
        _world.Exchange();
        Assert.Equal([null], Values(a));
    }

    [Fact]
    public void E4_A_compacted_part_is_taken_whole()
    {
        var (a, b) = (_world.Add("A"), _world.Add("B"));
        Set(a, "a");
        a.Write((World.Tag, Value.True));
        a.Send(b);
        Set(a, "b");
        a.Compact(3, 0);
        Assert.Equal(["a"], Values(b));
        b.Receive(a.Own);
        Assert.Equal(["b"], Values(b));
        Assert.Equal(3, b.Documents.Single(d => d.Replica == a.Own.Replica).CompactedTo);
        Assert.Equal(0, _world.Forks);
    }

    [Fact]
    public void E5_A_writer_who_saw_one_branch_replaces_only_that()
    {
        var (a, z) = (_world.Add("A"), _world.Add("Z"));
        Set(a, "a");
        var y = a.Clone("Y");
        Set(a, "ax");
        Set(y, "ay");
        a.Send(z);
        Set(z, "z");
        _world.Exchange();
        foreach (var machine in _world.Machines)
            Assert.Equal(["ay", "z"], Values(machine).Order());
        Assert.True(z.Set.IsForked);
    }

    [Fact]
    public void E6_A_collected_session_stays_deleted_whatever_is_written_later()
    {
        var (a, b) = (_world.Add("A"), _world.Add("B"));
        Set(b, "old");
        b.Send(a);
        Set(a, "new");
        a.Write((new Register(World.Session, Field.Deleted), Value.True));
        a.Write((new Register(World.Session, Field.Collected), Value.True));
        a.Compact(3, 0);
        Assert.Equal([Field.Deleted, Field.Collected], a.Own.Base.Select(e => e.Entry.Register.Field));
        a.Write((new Register(World.Session, Field.Deleted), Value.Absent));
        _world.Exchange();
        foreach (var machine in _world.Machines)
        {
            var record = Fold.Record(machine.Set.State(World.Session)!, machine.Set.MachineOf);
            Assert.True(record is { Deleted: true, Collected: true });
        }
    }

    [Fact]
    public void E7_Compaction_keeps_what_only_another_document_replaced()
    {
        var (a, b, m) = (_world.Add("A"), _world.Add("B"), _world.Add("M"));
        Set(a, "a");
        a.Send(b);
        Set(b, "b");
        b.Send(a);
        a.Compact(1, 1);
        a.SendOnly(m, a);
        Assert.Equal(["a"], Values(m));
    }

    [Fact]
    public void E8_A_clock_400_days_ahead_is_replaced_by_whoever_saw_it_indirectly()
    {
        var (a, b, c, m) = (_world.Add("A"), _world.Add("B"), _world.Add("C"), _world.Add("M"));
        a.Skew = 400 * World.Day;
        Set(a, "a");
        a.Send(b);
        Set(b, "b");
        b.SendOnly(c, b);
        Set(c, "c");
        c.SendOnly(m, c);
        a.SendOnly(m, a);
        Assert.Equal(["c"], Values(m));
    }

    private static void Set(Machine machine, string? value) => machine.Write((World.Name, Value.Of(value)));

    private static IEnumerable<string?> Values(Machine machine) => machine.State(World.Name)!.Survivors.Select(e => e.Value.AsText());
}
