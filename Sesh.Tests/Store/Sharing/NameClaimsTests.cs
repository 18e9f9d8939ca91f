using Xunit;

namespace Sesh.Tests.Store.Sharing;

/// <summary>What <c>doctor</c> is told of two installations under one machine name, and of a home that is a copy.</summary>
public sealed class NameClaimsTests : IDisposable
{
    private const long Day = 24 * 3_600_000;

    private readonly ClonedMachine _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void A_clone_is_told_of_before_its_first_write_and_after()
    {
        var session = _mesh.Original.Register("one");
        Assert.Empty(Told(_mesh.Original));
        _mesh.Copy();
        Assert.Equal(["copied-home"], Told(_mesh.Clone));
        ClonedMachine.Rename(_mesh.Clone, session, "on the clone");
        Assert.Equal(["copied-home"], Told(_mesh.Clone));
        Assert.Empty(Told(_mesh.Original));
    }

    [Fact]
    public void Two_that_both_write_are_told_of_at_each_of_them_and_at_third_machines()
    {
        var session = _mesh.Original.Register("one");
        _mesh.Copy();
        _mesh.Pass(1000);
        ClonedMachine.Rename(_mesh.Clone, session, "on the clone");
        _mesh.Original.TakeFrom(_mesh.Clone);
        _mesh.Beta.TakeFrom(_mesh.Clone);
        Assert.Equal(["name-claimed-twice"], Told(_mesh.Original));
        // It may be that the machine was put back from a backup.
        Assert.Empty(Told(_mesh.Beta));

        _mesh.Pass(1000);
        ClonedMachine.Rename(_mesh.Original, session, "on the first");
        _mesh.Beta.TakeFrom(_mesh.Original);
        _mesh.Clone.TakeFrom(_mesh.Beta);
        Assert.Equal(["name-claimed-twice"], Told(_mesh.Beta));
        Assert.Equal(["name-claimed-twice"], Told(_mesh.Clone));
        Assert.Equal(["name-claimed-twice"], Told(_mesh.Original));
        _mesh.Pass(8 * Day);
        Assert.Empty(Told(_mesh.Beta));
        ClonedMachine.Rename(_mesh.Original, session, "a week later");
        ClonedMachine.Rename(_mesh.Clone, session, "on the clone, a week later");
        _mesh.Gamma.TakeFrom(_mesh.Clone);
        _mesh.Gamma.TakeFrom(_mesh.Original);
        Assert.Equal(["name-claimed-twice"], Told(_mesh.Gamma));
    }

    [Fact]
    public void Two_of_which_one_writes_and_both_look_are_told_of_at_third_machines()
    {
        var session = _mesh.Original.Register("one");
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Copy();
        _mesh.Pass(10_000);
        ClonedMachine.Rename(_mesh.Clone, session, "on the clone");
        _mesh.Pass(10_000);
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Beta.TakeFrom(_mesh.Original);
        _mesh.Beta.TakeFrom(_mesh.Clone);
        Assert.Equal(["name-claimed-twice"], Told(_mesh.Beta));
    }

    [Fact]
    public void A_machine_that_changed_its_replica_id_claims_its_name_once()
    {
        var session = _mesh.Original.Register("one");
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Beta.TakeFrom(_mesh.Original);
        _mesh.Pass(1000);
        ClonedMachine.ChangeReplica(_mesh.Original, session);
        _mesh.Pass(1000);
        ClonedMachine.Look(_mesh.Original, session);
        ClonedMachine.Rename(_mesh.Original, session, "later");
        _mesh.Beta.TakeFrom(_mesh.Original);
        _mesh.Original.TakeFrom(_mesh.Beta);
        Assert.Empty(Told(_mesh.Original));
        Assert.Empty(Told(_mesh.Beta));
    }

    [Fact]
    public void A_machine_set_up_anew_gets_its_former_documents_and_is_no_rival_of_itself()
    {
        var session = _mesh.Original.Register("one");
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Beta.TakeFrom(_mesh.Original);
        _mesh.Pass(1000);
        // The clone's home stands for the one that was made anew: nothing was copied to it.
        var other = _mesh.Clone.Register("two");
        _mesh.Clone.TakeFrom(_mesh.Beta);
        _mesh.Beta.TakeFrom(_mesh.Clone);
        Assert.Equal("one", _mesh.Clone.Store.Read().Find(session)!.Name);
        Assert.Equal("two", _mesh.Beta.Store.Read().Find(other)!.Name);
        Assert.Empty(Told(_mesh.Clone));
        Assert.Empty(Told(_mesh.Beta));
    }

    [Fact]
    public void A_home_that_was_moved_or_put_back_says_so_for_a_week()
    {
        var session = _mesh.Original.Register("one");
        _mesh.Copy();
        _mesh.Pass(1000);
        ClonedMachine.Rename(_mesh.Clone, session, "where it is now");
        Assert.Equal(["copied-home"], Told(_mesh.Clone));
        _mesh.Pass(8 * Day);
        ClonedMachine.Rename(_mesh.Clone, session, "later");
        Assert.Empty(Told(_mesh.Clone));
    }

    private static List<string> Told(DiskHome home)
    {
        var told = home.Store.Verify().SelectMany(r => r.Notices).Where(n => n.Code is "name-claimed-twice" or "copied-home").Distinct().ToList();
        Assert.All(told, n => Assert.True(n.Quiet && n.Hint is { Length: > 0 }));
        return [.. told.Select(n => n.Code)];
    }
}
