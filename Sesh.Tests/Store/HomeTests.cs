using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store;

public sealed class HomeTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void A_home_that_is_a_file_is_refused()
    {
        using var home = new StoreHome();
        File.WriteAllText(home.Path, "");
        Assert.Equal("home-not-a-folder", Assert.Throws<SeshException>(() => home.Store("alpha")).Code);
    }

    [Fact]
    public void A_home_under_a_file_is_refused()
    {
        using var home = new StoreHome();
        File.WriteAllText(home.Path, "");
        var store = SessionStore.Open(new StoreOptions(Path.Join(home.Path, "deeper"), MachineName.Parse("alpha"), TimeProvider.System));
        Assert.Equal(0, store.Read().Count);
        Assert.Equal("home-not-a-folder", Assert.Throws<SeshException>(() => store.Write(_ => StoreHome.Birth(SessionId.New(), "alpha", "x"))).Code);
    }

    [Fact]
    public void What_is_made_is_for_its_owner_alone_and_an_open_home_is_closed()
    {
        using var home = new StoreHome();
        Directory.CreateDirectory(home.Path);
        File.SetUnixFileMode(home.Path, (UnixFileMode)0b111_111_111);
        home.Register("alpha", "one");
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(home.Path));
        foreach (var folder in (string[])[home.Own, home.Docs])
            Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.All(Directory.EnumerateFiles(home.Path, "*", SearchOption.AllDirectories), f => Assert.Equal(OwnerOnly, File.GetUnixFileMode(f)));
    }

    [Fact]
    public void A_home_several_folders_deep_is_made()
    {
        using var home = new StoreHome();
        var deep = new StoreOptions(Path.Join(home.Path, "a", "b"), MachineName.Parse("alpha"), TimeProvider.System);
        SessionStore.Open(deep).Write(_ => StoreHome.Birth(SessionId.New(), "alpha", "one"));
        Assert.Equal(1, SessionStore.Open(deep).Read().Count);
    }

    [Fact]
    public void A_private_session_never_gets_into_docs()
    {
        using var home = new StoreHome();
        var shared = home.Register("alpha", "open");
        var session = home.Register("alpha", "secret-name", isPrivate: true);
        home.Store("alpha").Write(_ => new Draft("tag", [], [
            new Change(new Register(session, Field.Tag, "secret-tag"), Value.True), new Change(new Register(shared, Field.Tag, "open-tag"), Value.True)]));
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "secret-name-2"));
        home.Store("alpha").Compact();
        var record = home.Store("alpha").Read().Find(session)!;
        Assert.True(record.Private);
        Assert.Equal(("secret-name-2", "secret-tag"), (record.Name, Assert.Single(record.Tags)));
        Assert.Equal(["open-tag"], home.Store("alpha").Read().Find(shared)!.Tags);
        var uuid = new byte[16];
        session.Write(uuid);
        foreach (var file in Directory.EnumerateFiles(home.Docs))
        {
            var bytes = File.ReadAllBytes(file).AsSpan();
            Assert.Equal(-1, bytes.IndexOf("secret"u8));
            Assert.Equal(-1, bytes.IndexOf(uuid));
        }
    }

    [Fact]
    public void A_private_session_made_shared_is_whole_there_and_its_context_names_no_private_replica()
    {
        using var home = new StoreHome();
        using var peer = new StoreHome();
        var session = home.Register("alpha", "was private", isPrivate: true);
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "still private"));
        home.Store("alpha").SetPrivate(session, isPrivate: false);
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "open"));
        peer.CopyDocsOf(home);
        foreach (var at in (StoreHome[])[home, peer])
        {
            var record = at.Store(null).Read().Find(session)!;
            Assert.False(record.Private);
            Assert.Equal(("open", "alpha"), (record.Name, record.Machine));
            Assert.Empty(record.Conflicts);
        }

        var entries = peer.Store(null).Read().State(session)!.Registers.SelectMany(r => r.Survivors);
        Assert.All(entries, e => Assert.True(e.Context.IsEmpty));
        Assert.Equal("already-shared", Assert.Throws<SeshException>(() => home.Store("alpha").SetPrivate(session, isPrivate: true)).Code);
        var moved = home.Store("alpha").Log(10).Single(o => o.Operation.Verb == "private" && o.Entries[0].Value != Value.Absent);
        Assert.Equal("already-shared", Assert.Throws<SeshException>(() => home.Store("alpha").Undo(moved.Id.ToString(), force: false)).Code);
    }

    [Fact]
    public void Compaction_keeps_what_shows_drops_what_aged_and_undo_still_reaches_what_did_not()
    {
        var clock = new SetClock();
        using var home = new StoreHome { Time = clock };
        var session = home.Register("alpha", "old");
        for (var i = 0; i < 50; i++)
            home.Store("alpha").Write(_ => StoreHome.Rename(session, $"old {i}"));
        clock.Milliseconds += (long)TimeSpan.FromDays(31).TotalMilliseconds;
        for (var i = 0; i < 50; i++)
            home.Store("alpha").Write(_ => StoreHome.Rename(session, $"new {i}"));
        var (before, after) = home.Store("alpha").Compact();
        Assert.True(after < before / 3, $"{before} to {after}");
        Assert.Equal("new 49", home.Store("alpha").Read().Find(session)!.Name);
        Assert.Equal(50, home.Store("alpha").Log(1000).Count);
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "last"));
        home.Store("alpha").Undo(null, force: false);
        home.Store("alpha").Undo(null, force: false);
        Assert.Equal("new 48", home.Store("alpha").Read().Find(session)!.Name);
        var (_, again) = home.Store("alpha").Compact();
        Assert.True(again > 0);
        Assert.Equal("new 48", home.Store("alpha").Read().Find(session)!.Name);
        Assert.All(home.Store("alpha").Verify(), r => Assert.Empty(r.Notices));
    }

    [Fact]
    public void A_document_full_of_garbage_compacts_itself_while_it_is_small()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "start");
        for (var i = 0; i < 300; i++)
            home.Store("alpha").Write(_ => StoreHome.Rename(session, $"{i} {new string('x', 200)}"));
        var report = home.Store("alpha").Verify().First(r => r.Ours);
        Assert.True(report is { Generation: > 0, Bytes: < 70_000 }, $"generation {report.Generation}, {report.Bytes} bytes");
        Assert.StartsWith("299 ", home.Store("alpha").Read().Find(session)!.Name, StringComparison.Ordinal);
        Assert.Equal(301, home.Store("alpha").Log(1000).Count);
        for (var i = 0; i < 250; i++)
            home.Store("alpha").Undo(null, force: false);
        Assert.StartsWith("49 ", home.Store("alpha").Read().Find(session)!.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collected_tombstone_stays_deleted_after_compaction_and_takes_little_room()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "gone");
        Assert.Equal("not-deleted", Assert.Throws<SeshException>(() => home.Store("alpha").Collect([session])).Code);
        home.Store("alpha").Write(_ => new Draft("delete", [], [new Change(new Register(session, Field.Deleted), Value.True)]));
        home.Store("alpha").Collect([session]);
        home.Store("alpha").Compact();
        var record = home.Store("alpha").Read().Find(session)!;
        Assert.True(record is { Deleted: true, Collected: true, Name: "" });
    }
}
