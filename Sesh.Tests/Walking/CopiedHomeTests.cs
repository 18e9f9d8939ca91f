using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Walking;

/// <summary>A conversation that an agent holds on a machine it does not belong to.</summary>
public sealed class CopiedHomeTests
{
    private static readonly MachineName Beta = MachineName.Parse("beta");

    [Fact]
    public void Another_machines_session_that_lives_here_is_seen_and_changes_nothing_of_what_is_shown()
    {
        using var world = new World();
        var session = world.New("claude");
        world.Turn(session, "one");
        // The same session, as it is where beta was first.
        using var other = new World();
        var store = SessionStore.Open(new StoreOptions(Path.Combine(other.Home, ".sesh"), Beta, TimeProvider.System));
        var birth = new Birth(session.Uuid, "claude", "beta") { Cwd = world.Work, AgentSessionId = session.Uuid.ToString(), CreatedAt = 1 };
        store.Write(_ => new Draft("register", [], [.. birth.Changes()]));
        foreach (var document in Directory.GetFiles(Path.Combine(other.Home, ".sesh", "docs")))
            File.Copy(document, Path.Combine(world.Store.Options.Home, "docs", Path.GetFileName(document)));
        Assert.Equal("beta", world.Record(session.Uuid).Machine);

        var look = world.Look();
        Assert.DoesNotContain(look.Rows, r => r.Uuid == session.Uuid);
        Assert.True(Assert.Single(look.Guests).Live);
        Assert.Null(world.Live.Find(session.Uuid, "beta"));
        var held = Assert.Single(world.Live.LiveElsewhere(session.Uuid, "beta"));
        Assert.Equal("alpha", held.Machine);
        world.Tmux.Server.KillPane(session.Tmux!.Pane);
        Until.True(() =>
        {
            world.Look();
            return world.Live.LiveElsewhere(session.Uuid, "beta").Count == 0;
        }, "it is not live any more");
    }

    [Fact]
    public void A_session_that_is_live_on_a_machine_that_does_not_own_it_is_resumed_by_force_or_as_a_fork_alone()
    {
        using var world = new World();
        var session = world.New("claude");
        world.Turn(session, "one");
        world.End(session.Uuid);
        using var other = new World();
        var beta = new LiveStore(new StoreOptions(Path.Combine(other.Home, ".sesh"), Beta, TimeProvider.System));
        beta.Merge([new LiveRow { Uuid = session.Uuid, Live = true, ObservedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() }], complete: false);
        foreach (var file in Directory.GetFiles(Path.Combine(other.Home, ".sesh", "live")))
            File.Copy(file, Path.Combine(world.Store.Options.Home, "live", Path.GetFileName(file)));

        var refused = Assert.Throws<SeshException>(() => world.Resume(session.Uuid));
        Assert.Equal("live-on-other", refused.Code);
        Assert.Contains("is live on beta, which does not own it", refused.Message, StringComparison.Ordinal);
        Assert.NotEqual(session.Uuid, world.Resume(session.Uuid, world.Request(fork: true)).Session);
        Assert.True(world.Resume(session.Uuid, world.Request(force: true)).Started);
    }
}
