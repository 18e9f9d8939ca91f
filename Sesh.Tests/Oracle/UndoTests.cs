using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>Undo among what others do meanwhile: the nine cases of the model, and force.</summary>
public sealed class UndoTests
{
    private readonly World _world = new();
    private readonly Machine _a;
    private readonly Machine _b;

    public UndoTests()
    {
        _a = _world.Add("A");
        _b = _world.Add("B");
    }

    private static Register Deleted { get; } = new(World.Session, Field.Deleted);

    [Fact]
    public void A_concurrent_value_stays_when_the_one_above_it_is_undone()
    {
        Set(_a, "x");
        _world.Exchange();
        Set(_a, "z");
        _world.Now += 9;
        var y = Set(_b, "y");
        _world.Exchange();
        Assert.Equal(["z", "y"], Values(_b));
        _b.Undo(y);
        _world.Exchange();
        Assert.Equal(["z"], Visible(_a));
    }

    [Fact]
    public void A_tag_two_machines_set_stays_when_one_undoes_it()
    {
        _a.Write((World.Tag, Value.True));
        _world.Now += 9;
        var tag = _b.Write((World.Tag, Value.True))!;
        _world.Exchange();
        _b.Undo(tag);
        _world.Exchange();
        Assert.Equal(Value.True, _a.Shown(World.Tag));
    }

    [Fact]
    public void A_value_somebody_asserted_again_is_left_and_named()
    {
        _world.Now += 9;
        Set(_a, "x");
        _world.Exchange();
        var y = Set(_b, "y");
        _world.Exchange();
        Set(_a, "y");
        _world.Exchange();
        Assert.Null(_b.Undo(y, force: false, out var reversal));
        Assert.Equal([World.Name], reversal.Left);
        Assert.Equal(["y"], Values(_b));
    }

    [Fact]
    public void A_restored_value_stands_beside_a_concurrent_one_not_yet_seen()
    {
        Set(_a, "x");
        _world.Exchange();
        var y = Set(_b, "y");
        _world.Now += 9;
        Set(_a, "z");
        _b.Undo(y);
        _world.Exchange();
        Assert.Equal(["x", "z"], Visible(_a).Order());
    }

    [Fact]
    public void Of_two_concurrent_deletions_one_undone_leaves_it_deleted()
    {
        var deletion = _a.Write((Deleted, Value.True))!;
        _b.Write((Deleted, Value.True));
        _a.Undo(deletion);
        _world.Exchange();
        Assert.Equal(Value.True, _b.Shown(Deleted));
    }

    [Fact]
    public void A_deletion_undone_beside_a_second_deletion_stays_deleted()
    {
        var deletion = _a.Write((Deleted, Value.True))!;
        _world.Exchange();
        _world.Now += 9;
        _a.Undo(deletion);
        _b.Write((Deleted, Value.True));
        _world.Exchange();
        Assert.Equal(Value.True, _a.Shown(Deleted));
    }

    [Fact]
    public void Undo_of_what_settled_a_conflict_brings_back_what_showed()
    {
        Set(_a, "x");
        _world.Exchange();
        Set(_b, "y");
        _world.Now += 9;
        Set(_a, "z");
        _world.Exchange();
        _a.Undo(Set(_a, "q"));
        _world.Exchange();
        Assert.Equal(["z"], Visible(_b));
    }

    [Fact]
    public void Redo_beside_a_concurrent_value_keeps_both()
    {
        Set(_a, "x");
        _world.Exchange();
        var y = Set(_b, "y");
        var undo = _b.Undo(y)!;
        Assert.Equal(["x"], Visible(_b));
        Set(_a, "k");
        _world.Now += 9;
        _world.Exchange();
        _b.Undo(undo);
        _world.Exchange();
        // Beside k the undone x gives way to it: a redo that has seen k writes absent.
        Assert.Equal(["k"], Visible(_a));
    }

    [Fact]
    public void Ones_own_later_edit_is_left_by_an_undo_of_the_first()
    {
        Set(_a, "x");
        _world.Exchange();
        var y = Set(_b, "y");
        Set(_b, "w");
        Assert.Null(_b.Undo(y, force: false, out var reversal));
        Assert.Equal([World.Name], reversal.Left);
        Assert.Equal(["w"], Visible(_b));
    }

    [Fact]
    public void Force_writes_the_value_before_over_everything_seen()
    {
        Set(_a, "x");
        _world.Exchange();
        var y = Set(_b, "y");
        Set(_b, "w");
        Assert.NotNull(_b.Undo(y, force: true, out var reversal));
        Assert.Empty(reversal.Left);
        _world.Exchange();
        Assert.Equal(["x"], Values(_a));
    }

    [Fact]
    public void Undo_of_an_undo_is_a_redo()
    {
        Set(_a, "x");
        var y = Set(_a, "y");
        var undo = _a.Undo(y)!;
        Assert.Equal(["x"], Values(_a));
        _a.Undo(undo);
        _world.Exchange();
        Assert.Equal(["y"], Values(_b));
    }

    [Fact]
    public void An_operation_that_set_a_register_twice_goes_back_to_before_both()
    {
        Set(_a, "x");
        var twice = _a.Write((World.Name, Value.Of("y")), (World.Name, Value.Of("z")))!;
        Assert.Equal([Value.Of("x"), Value.Of("y")], twice.Operation!.Before);
        _a.Undo(twice);
        Assert.Equal(["x"], Values(_a));
    }

    [Fact]
    public void What_was_written_under_an_earlier_id_is_undone_under_the_new_one()
    {
        Set(_a, "x");
        var y = Set(_a, "y");
        _a.Damage(1);
        _world.Now += 9;
        _a.Undo(y, force: false, out var reversal);
        Assert.Equal([World.Name], reversal.Left);

        var z = Set(_a, "z");
        var w = Set(_a, "w");
        _a.Damage(-1);
        _a.Undo(w);
        Assert.Equal(["z"], Visible(_a));
        Assert.NotEqual(z.Entries[0].Name.Replica, _a.Own.Replica);
    }

    private static Frame Set(Machine machine, string value) => machine.Write((World.Name, Value.Of(value)))!;

    private static IEnumerable<string?> Values(Machine machine) => machine.State(World.Name)!.Survivors.Select(e => e.Value.AsText());

    private static IEnumerable<string?> Visible(Machine machine) => Values(machine).Where(v => v is not null);
}
