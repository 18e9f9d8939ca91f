using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

/// <summary>Live rows of two replicas that claim one machine name: a cloned home beside its original, and a machine that changed its replica id.</summary>
public sealed class ClonedLiveTests : IDisposable
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private readonly ClonedMachine _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_original_sees_alive_is_alive_elsewhere_though_its_clone_finds_nothing(bool originalFirst)
    {
        var session = Cloned();
        ClonedMachine.Look(_mesh.Original, session);
        var (first, second) = originalFirst ? (_mesh.Original, _mesh.Clone) : (_mesh.Clone, _mesh.Original);
        _mesh.Beta.TakeFrom(first);
        _mesh.Beta.TakeFrom(second);
        _mesh.Gamma.TakeFrom(_mesh.Beta);
        _mesh.Pass(1000);
        ClonedMachine.Look(_mesh.Clone);
        _mesh.Beta.TakeFrom(_mesh.Clone);

        foreach (var home in (DiskHome[])[_mesh.Beta, _mesh.Gamma])
            Assert.Equal((true, 1000), Shown(home, session));
        // What is said of an owner is nothing of elsewhere.
        Assert.Empty(_mesh.Beta.Live.LiveElsewhere(session, "alpha"));
        Assert.Equal("alpha", Assert.Single(_mesh.Gamma.Live.LiveElsewhere(session, "delta")).Machine);
    }

    [Fact]
    public void An_original_that_is_away_is_shown_as_it_was_with_its_age_but_not_for_ever()
    {
        var session = Cloned();
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Beta.TakeFrom(_mesh.Original);
        Assert.Equal((true, 3 * Hour), After(3 * Hour));
        Assert.Equal((false, 0), After(22 * Hour));

        (bool, long) After(long time)
        {
            _mesh.Pass(time);
            ClonedMachine.Look(_mesh.Clone);
            _mesh.Beta.TakeFrom(_mesh.Clone);
            return Shown(_mesh.Beta, session);
        }
    }

    [Fact]
    public void A_session_that_ends_at_the_original_is_ended_at_once()
    {
        var session = Cloned();
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Beta.TakeFrom(_mesh.Original);
        _mesh.Beta.TakeFrom(_mesh.Clone);
        Assert.True(Shown(_mesh.Beta, session).Live);
        _mesh.Pass(2000);
        ClonedMachine.Look(_mesh.Original);
        _mesh.Beta.TakeFrom(_mesh.Original);
        Assert.Equal((false, 0), Shown(_mesh.Beta, session));
    }

    [Fact]
    public void What_the_clone_sees_alive_counts_as_well()
    {
        var session = Cloned();
        ClonedMachine.Look(_mesh.Original);
        ClonedMachine.Look(_mesh.Clone, session);
        _mesh.Beta.TakeFrom(_mesh.Clone);
        _mesh.Beta.TakeFrom(_mesh.Original);
        Assert.True(Shown(_mesh.Beta, session).Live);
    }

    [Fact]
    public void On_either_of_the_two_its_own_rows_alone_count_whatever_a_copier_brings()
    {
        var session = Cloned();
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Pass(5000);
        ClonedMachine.Look(_mesh.Clone);
        foreach (var (from, to) in (IEnumerable<(DiskHome, DiskHome)>)[(_mesh.Clone, _mesh.Original), (_mesh.Original, _mesh.Clone)])
        {
            foreach (var file in Directory.GetFiles(from.File("live"), "*.live"))
                File.Copy(file, to.File("live", $"alpha.brought-by-a-copier-{Path.GetFileName(file)}"));
        }

        Assert.Equal((true, 5000), Shown(_mesh.Original, session));
        Assert.Equal(_mesh.Original.Clock.Milliseconds - 5000, _mesh.Original.Live.LastWalk);
        Assert.Equal((false, 0), Shown(_mesh.Clone, session));
        Assert.Equal(_mesh.Clone.Clock.Milliseconds, _mesh.Clone.Live.LastWalk);
        Assert.False(Assert.Single(_mesh.Clone.Live.Own()).Live);
        // Nor does either pass on what the other saw as its own word.
        Assert.Equal(Installation.Of(_mesh.Clone.Folder)!.Replica, Assert.Single(_mesh.Clone.Sharing.Offer(Sync.Store.Sharing.StateVector.Empty).OfType<Sync.Store.Sharing.LiveParcel>()).State.Replica);
        // A new file takes in what this installation saw, and nothing of the other.
        Directory.GetFiles(_mesh.Original.File("live"), "alpha.????????????????????????????????.live").ToList().ForEach(File.Delete);
        File.Delete(_mesh.Original.File("live", $"alpha.brought-by-a-copier-alpha.{Installation.Of(_mesh.Original.Folder)!.Replica}.live"));
        Assert.Null(_mesh.Original.Live.Find(session, "alpha"));
        Assert.True(_mesh.Original.Live.Merge([], complete: true));
        Assert.Empty(_mesh.Original.Live.Own());
    }

    [Fact]
    public void What_a_machine_saw_under_its_former_replica_id_does_not_outlive_that()
    {
        var session = _mesh.Original.Register("one");
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Beta.TakeFrom(_mesh.Original);
        _mesh.Pass(500);
        ClonedMachine.ChangeReplica(_mesh.Original, session);
        Assert.Equal((true, 500), Shown(_mesh.Original, session));
        ClonedMachine.Look(_mesh.Original);
        Assert.Equal((false, 0), Shown(_mesh.Original, session));
        _mesh.Pass(2 * Minute);
        ClonedMachine.Look(_mesh.Original);
        _mesh.Beta.TakeFrom(_mesh.Original);
        _mesh.Gamma.TakeFrom(_mesh.Beta);
        foreach (var home in (DiskHome[])[_mesh.Beta, _mesh.Gamma])
            Assert.Equal((false, 0), Shown(home, session));

        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Beta.TakeFrom(_mesh.Original);
        Assert.True(Shown(_mesh.Beta, session).Live);
    }

    // A session of a machine whose clone has written, and has looked.
    private SessionId Cloned()
    {
        var session = _mesh.Original.Register("one");
        ClonedMachine.Look(_mesh.Original, session);
        _mesh.Copy();
        _mesh.Pass(30_000);
        ClonedMachine.Rename(_mesh.Clone, session, "on the clone");
        ClonedMachine.Look(_mesh.Clone);
        _mesh.Pass(5000);
        ClonedMachine.Look(_mesh.Clone);
        return session;
    }

    private static (bool Live, long Age) Shown(DiskHome home, SessionId session)
    {
        var held = home.Live.Find(session, "alpha")!;
        foreach (var other in (HeldRow[])[home.Live.All(_ => "alpha")[session], home.Live.All()[session]])
            Assert.Equal((held.Row.Live, held.AgeMs, held.Ours), (other.Row.Live, other.AgeMs, other.Ours));
        return (held.Row.Live, held.AgeMs);
    }
}
