using Sesh.Sync.Daemon;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Daemon;

public sealed class StoreWatchTests
{
    [Fact]
    public void A_rename_by_another_command_is_told_as_changed_documents()
    {
        using var home = new StoreHome();
        var session = home.Register("desk", "before");
        using var seen = new Seen(home.Path);

        home.Store("desk").Write(_ => StoreHome.Rename(session, "after"));

        seen.Wait(StoreChanges.Documents);
        Assert.Equal(StoreChanges.None, seen.All & ~StoreChanges.Documents);
    }

    [Fact]
    public void Folders_made_later_are_watched()
    {
        using var home = new ScratchHome();
        var path = home.File("not", "yet");
        using var seen = new Seen(path);

        Directory.CreateDirectory(Path.Join(path, "live"));
        seen.Wait(StoreChanges.Live);
        seen.Forget();
        File.WriteAllText(Path.Join(path, "live", "desk.live.new"), "rows");
        File.Move(Path.Join(path, "live", "desk.live.new"), Path.Join(path, "live", "desk.live"));

        seen.Wait(StoreChanges.Live);
    }

    [Fact]
    public void Settings_and_private_documents_are_told_apart_and_locks_and_caches_not_at_all()
    {
        using var home = new ScratchHome();
        Directory.CreateDirectory(home.File("own"));
        Directory.CreateDirectory(home.File("cache"));
        using var seen = new Seen(home.Path);

        File.WriteAllText(home.File("own", "lock"), "");
        File.WriteAllText(home.File("own", "private.0123.sesh"), "x");
        File.WriteAllText(home.File("cache", "index.1"), "x");
        File.WriteAllText(home.File("daemon.log"), "x");
        File.WriteAllText(home.File("peers.json"), "{}");

        seen.Wait(StoreChanges.Settings);
        Assert.Equal(StoreChanges.Settings | StoreChanges.Private, seen.All);
    }

    [Fact]
    public void What_changes_while_the_callback_runs_is_told_after_it()
    {
        using var home = new ScratchHome();
        Directory.CreateDirectory(home.File("docs"));
        var entered = 0;
        using var release = new ManualResetEvent(false);
        using var watch = new StoreWatch(home.Path, _ =>
        {
            if (Interlocked.Increment(ref entered) == 1)
                release.WaitOne(TimeSpan.FromSeconds(30));
        });

        File.WriteAllText(home.File("docs", "a.sesh"), "x");
        Until.True(() => Volatile.Read(ref entered) == 1, "the first change is told");
        File.WriteAllText(home.File("docs", "b.sesh"), "x");
        release.Set();

        Until.True(() => Volatile.Read(ref entered) > 1, "the second change is told");
    }

    [Fact]
    public void A_home_put_in_the_place_of_another_is_seen_at_the_next_look()
    {
        using var home = new ScratchHome();
        var (path, other, away) = (home.File("home"), home.File("other"), home.File("away"));
        Directory.CreateDirectory(Path.Join(other, "docs"));
        File.WriteAllText(Path.Join(other, "docs", "a.sesh"), "x");
        var time = new SteppedTime();
        using var seen = new Seen(path, time);

        Directory.Move(path, away);
        Directory.Move(other, path);
        time.Step(TimeSpan.FromSeconds(30));
        time.Step(TimeSpan.FromSeconds(1));
        seen.Wait(StoreChanges.Documents);
        seen.Forget();
        File.WriteAllText(Path.Join(path, "docs", "b.sesh"), "x");

        Until.True(() =>
        {
            time.Step(TimeSpan.FromMilliseconds(10));
            return seen.All.HasFlag(StoreChanges.Documents);
        }, "the new folder is watched");
    }

    /// <summary>What a watch has told so far.</summary>
    private sealed class Seen : IDisposable
    {
        private readonly StoreWatch _watch;
        private int _all;

        public Seen(string home, TimeProvider? time = null) => _watch = new StoreWatch(home, c => Interlocked.Or(ref _all, (int)c), time);

        public StoreChanges All => (StoreChanges)Volatile.Read(ref _all);

        public void Wait(StoreChanges changes) => Until.True(() => All.HasFlag(changes), $"{changes} told");

        public void Forget() => Interlocked.Exchange(ref _all, 0);

        public void Dispose() => _watch.Dispose();
    }
}
