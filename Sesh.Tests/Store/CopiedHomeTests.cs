using System.Diagnostics;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Store;

/// <summary>R8: directories merged by hand, rsync, git; a home cloned, a backup put back.</summary>
public sealed class CopiedHomeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_copies_of_docs_merged_file_by_file_lose_nothing_whichever_side_wins(bool firstWins)
    {
        using var a = new StoreHome();
        using var b = new StoreHome();
        var (atA, atB) = (a.Register("alpha", "a1"), b.Register("beta", "b1"));
        a.CopyDocsOf(b);
        b.CopyDocsOf(a);
        // Both go on; each holds a newer copy of its own document and an older one of the other's.
        var (moreA, moreB) = (a.Register("alpha", "a2"), b.Register("beta", "b2"));
        var (winner, loser) = firstWins ? (a, b) : (b, a);
        loser.CopyDocsOf(winner);
        winner.CopyDocsOf(loser);
        // Whoever was put back to an older copy of its own document writes once, and publishes it anew.
        a.Store("alpha").Write(_ => StoreHome.Rename(atA, "a1'"));
        b.Store("beta").Write(_ => StoreHome.Rename(atB, "b1'"));
        a.CopyDocsOf(b);
        a.Store("alpha").Write(_ => StoreHome.Rename(atA, "a1''"));
        b.CopyDocsOf(a);
        foreach (var home in (StoreHome[])[a, b])
        {
            var names = home.Store(null).Read().Records().ToDictionary(r => r.Uuid, r => r.Name);
            Assert.Equal("a1''", names[atA]);
            Assert.Equal("b1'", names[atB]);
            Assert.Equal("a2", names[moreA]);
            Assert.Equal("b2", names[moreB]);
        }
    }

    [Fact]
    public void An_older_copy_of_its_own_document_in_docs_harms_nothing()
    {
        using var a = new StoreHome();
        var session = a.Register("alpha", "one");
        var published = Directory.EnumerateFiles(a.Docs).Single();
        var older = File.ReadAllBytes(published);
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "two"));
        File.WriteAllBytes(published, older);
        Assert.Equal("two", a.Store("alpha").Read().Find(session)!.Name);
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "three"));
        Assert.Equal("three", a.Store("alpha").Read().Find(session)!.Name);
        Assert.Single(Directory.EnumerateFiles(a.Own, "*.sesh"));
        Assert.Equal(File.ReadAllBytes(Directory.EnumerateFiles(a.Own, "*.sesh").Single()), File.ReadAllBytes(published));
    }

    [Fact]
    public void A_published_document_that_was_removed_or_emptied_is_published_again()
    {
        using var a = new StoreHome();
        var session = a.Register("alpha", "one");
        var published = Directory.EnumerateFiles(a.Docs).Single();
        foreach (var spoil in (Action<string>[])[File.Delete, p => File.WriteAllBytes(p, [])])
        {
            spoil(published);
            a.Store("alpha").Write(_ => StoreHome.Rename(session, "two"));
            Assert.Equal(File.ReadAllBytes(Directory.EnumerateFiles(a.Own, "*.sesh").Single()), File.ReadAllBytes(published));
        }
    }

    [Fact]
    public void A_clone_of_a_home_writes_under_an_id_of_its_own_and_both_are_kept()
    {
        using var a = new StoreHome();
        using var clone = new StoreHome();
        var session = a.Register("alpha", "one");
        Run("cp", "-a", a.Path, clone.Path);
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "on the first"));
        var store = clone.Store("alpha");
        store.Write(_ => StoreHome.Rename(session, "on the clone"));
        Assert.Contains(store.Notices, n => n is { Code: "new-replica", Quiet: false });
        clone.CopyDocsOf(a);
        a.CopyDocsOf(clone);
        foreach (var home in (StoreHome[])[a, clone])
        {
            var record = home.Store(null).Read().Find(session)!;
            Assert.Equal("on the clone", record.Name);
            Assert.Equal("on the first", Assert.Single(record.Conflicts).Value.AsText());
            Assert.DoesNotContain(home.Store(null).Verify().SelectMany(r => r.Notices), n => n.Code == "forked");
        }

        var again = clone.Store("alpha");
        again.Write(_ => StoreHome.Rename(session, "settled"));
        Assert.DoesNotContain(again.Notices, n => n.Code == "new-replica");
    }

    [Fact]
    public void A_backup_put_back_whole_is_noticed_by_what_peers_have_seen()
    {
        using var a = new StoreHome();
        using var b = new StoreHome();
        using var backup = new StoreHome();
        var session = a.Register("alpha", "one");
        Run("rsync", "-a", a.Path + "/", backup.Path + "/");
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "after the backup"));
        b.CopyDocsOf(a);
        b.Store("beta").Write(_ => StoreHome.Rename(session, "by beta"));
        // In place and with the table of replicas untouched, as rsync does: nothing but the peer's documents tells.
        Run("rsync", "-a", "--delete", "--inplace", "--exclude", "own/replicas", backup.Path + "/", a.Path + "/");
        a.CopyDocsOf(b);
        var store = a.Store("alpha");
        store.Write(_ => StoreHome.Rename(session, "after the restore"));
        Assert.Contains(store.Notices, n => n is { Code: "new-replica", Quiet: false });
        b.CopyDocsOf(a);
        foreach (var home in (StoreHome[])[a, b])
        {
            var snapshot = home.Store(null).Read();
            Assert.Equal("after the restore", snapshot.Find(session)!.Name);
            Assert.Contains(home.Store(null).History(session), h => h.Entry.Value.AsText() == "after the backup");
        }
    }

    [Fact]
    public void Two_branches_of_one_replica_are_both_kept_and_told()
    {
        using var a = new StoreHome();
        using var twin = new StoreHome();
        var session = a.Register("alpha", "one");
        // A disk image: the same file, inode and host, so nothing binds.
        var own = Directory.EnumerateFiles(a.Own, "*.sesh").Single();
        var before = File.ReadAllBytes(own);
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "first branch"));
        var branch = File.ReadAllBytes(own);
        File.WriteAllBytes(own, before);
        File.Delete(Directory.EnumerateFiles(a.Docs).Single());
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "second branch"));
        File.WriteAllBytes(Path.Join(a.Docs, Path.GetFileName(Directory.EnumerateFiles(a.Docs).Single()).Replace(".sesh", ".sync-conflict-1.sesh")), branch);

        Assert.Contains(a.Store(null).Verify().SelectMany(r => r.Notices), n => n.Code == "forked");
        var names = Shown(a.Store(null).Read().Find(session)!);
        Assert.Equal(["first branch", "second branch"], names);
        var store = a.Store("alpha");
        store.Write(_ => StoreHome.Rename(session, "joined"));
        Assert.Contains(store.Notices, n => n is { Code: "new-replica", Quiet: false });
        Assert.Equal(["joined"], Shown(a.Store(null).Read().Find(session)!));
        twin.CopyDocsOf(a);
        Assert.Equal(["joined"], Shown(twin.Store(null).Read().Find(session)!));
    }

    [Fact]
    public void A_branch_put_over_the_published_document_overwrites_neither()
    {
        using var a = new StoreHome();
        using var peer = new StoreHome();
        var session = a.Register("alpha", "one");
        var own = Directory.EnumerateFiles(a.Own, "*.sesh").Single();
        var published = Directory.EnumerateFiles(a.Docs).Single();
        var before = File.ReadAllBytes(own);
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "first branch"));
        var branch = File.ReadAllBytes(own);
        File.WriteAllBytes(own, before);
        File.WriteAllBytes(published, before);
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "second branch"));
        File.WriteAllBytes(published, branch);
        a.Register("alpha", "another");
        peer.CopyDocsOf(a);
        Assert.Equal(["first branch", "second branch"], Shown(peer.Store(null).Read().Find(session)!));
    }

    [Fact]
    public void Git_carries_docs_of_two_machines_and_merges_them()
    {
        using var a = new StoreHome();
        using var b = new StoreHome();
        using var origin = new StoreHome();
        var (atA, atB) = (a.Register("alpha", "a1"), b.Register("beta", "b1"));
        Run("git", "init", "-q", "--bare", "-b", "main", origin.Path);
        foreach (var home in (StoreHome[])[a, b])
            Run("git", "-C", home.Docs, "init", "-q", "-b", "main");
        void Sync(StoreHome home)
        {
            Run("git", "-C", home.Docs, "add", "-A");
            Run("git", "-C", home.Docs, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "--allow-empty", "-m", "docs");
            if (Directory.EnumerateFileSystemEntries(Path.Join(origin.Path, "refs", "heads")).Any())
            {
                Run("git", "-C", home.Docs, "-c", "user.name=t", "-c", "user.email=t@t", "pull", "-q", "--no-rebase", "--no-edit", "--allow-unrelated-histories",
                    origin.Path, "main");
            }

            Run("git", "-C", home.Docs, "push", "-q", origin.Path, "main");
        }

        Sync(a);
        Sync(b);
        Sync(a);
        a.Store("alpha").Write(_ => StoreHome.Rename(atB, "named on alpha"));
        b.Store("beta").Write(_ => StoreHome.Rename(atA, "named on beta"));
        Sync(a);
        Sync(b);
        Sync(a);
        foreach (var home in (StoreHome[])[a, b])
        {
            var snapshot = home.Store(null).Read();
            Assert.Equal("named on beta", snapshot.Find(atA)!.Name);
            Assert.Equal("named on alpha", snapshot.Find(atB)!.Name);
        }
    }

    [Fact]
    public void Foreign_files_in_docs_are_left_alone_and_told_by_doctor()
    {
        using var a = new StoreHome();
        var session = a.Register("alpha", "one");
        var strange = Path.Join(a.Docs, "notes.txt");
        File.WriteAllText(strange, "not a document");
        File.WriteAllText(Path.Join(a.Docs, ".hidden"), "");
        Directory.CreateDirectory(Path.Join(a.Docs, "folder.sesh"));
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "two"));
        Assert.Equal("two", a.Store(null).Read().Find(session)!.Name);
        Assert.Equal("not a document", File.ReadAllText(strange));
        Assert.All(a.Store(null).Read().Notices, n => Assert.True(n.Quiet));
        Assert.Single(a.Store(null).Verify().SelectMany(r => r.Notices), n => n.Code == "foreign-file");
    }

    [Fact]
    public void A_document_of_a_newer_major_version_refuses_and_nothing_is_touched()
    {
        using var a = new StoreHome();
        a.Register("alpha", "one");
        var header = new Sync.Store.Format.DocumentHeader
        {
            Major = 2,
            Replica = new ReplicaId(5),
            Machine = "beta",
            PublicKey = [.. new byte[32]],
        };
        var newer = Path.Join(a.Docs, $"beta.{new ReplicaId(5)}.sesh");
        File.WriteAllBytes(newer, Sync.Store.Format.DocumentWriter.Header(header));
        var before = Directory.EnumerateFiles(a.Path, "*", SearchOption.AllDirectories).ToDictionary(f => f, Bytes);
        foreach (var use in (Action[])[() => a.Store("alpha").Read().Records().ToList(), () => a.Register("alpha", "two"), () => a.Store("alpha").Compact()])
        {
            var error = Assert.Throws<SeshException>(use);
            Assert.Equal("newer-version", error.Code);
            Assert.Contains("upgrade", error.Hint, StringComparison.Ordinal);
        }

        Assert.Contains(a.Store("alpha").Verify().SelectMany(r => r.Notices), n => n.Code == "newer-version");
        foreach (var (file, bytes) in before)
            Assert.Equal(bytes, Bytes(file));
    }

    /// <summary>A lock holds nothing but its length, and cannot always be opened: a child of another test, not yet its own program, may have its descriptor for a moment.</summary>
    private static byte[] Bytes(string path)
    {
        if (Path.GetFileName(path) == "lock")
            return new byte[new FileInfo(path).Length];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string[] Shown(SessionRecord record) =>
        [.. record.Conflicts.Where(c => c.Field == Field.Name).Select(c => c.Value.AsText()!).Append(record.Name).Order(StringComparer.Ordinal)];

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }
}
