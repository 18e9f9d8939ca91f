using System.Diagnostics;
using CsCheck;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Index;
using Xunit;

namespace Sesh.Tests.Store;

public sealed class IndexTests : IDisposable
{
    private readonly StoreHome _home = new();

    private string Index => SessionSource.PathOf(new StorePaths(_home.Path));

    private DocumentFiles Files => new(PosixFiles.Instance, new StorePaths(_home.Path));

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Index_and_what_is_behind_it_answer_as_the_documents_do_whatever_happens()
    {
        var (hits, tails) = (0, 0);
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 2], Gen.Int[0, 9], Gen.Int[0, 200]).List[1, 40].Sample(
            steps =>
            {
                using var world = new IndexWorld();
                world.Do(0, 0, 0, 1);
                foreach (var (kind, home, session, word) in steps)
                    world.Do(kind, home, session, word);
                Interlocked.Add(ref hits, world.Hits);
                Interlocked.Add(ref tails, world.Tails);
            },
            iter: Scale.Of(60, 2000),
            threads: 2);
        Assert.True(hits > 20, $"only {hits} indexes were found in place");
        Assert.True(tails > 20, $"only {tails} readings took appended frames");
    }

    [Fact]
    public void A_compacted_document_copied_over_the_one_it_was_is_no_longer_tail_of_that()
    {
        // Found by the property above: behind the known length stood what looked like a torn tail.
        using var world = new IndexWorld();
        foreach (var (kind, home, session, word) in ((int, int, int, int)[])[(0, 0, 0, 1), (3, 0, 0, 167), (6, 2, 8, 24), (6, 1, 4, 146), (1, 0, 9, 25), (8, 0, 2, 13), (5, 1, 9, 67)])
            world.Do(kind, home, session, word);
    }

    [Fact]
    public void Frames_appended_are_read_without_decoding_the_document_again()
    {
        var session = _home.Register("alpha", "first");
        _home.Register("alpha", "other");
        Assert.Equal(2, _home.Store("alpha").Read().Count);
        SpoilUnseen();
        _home.Store("alpha").Write(_ => StoreHome.Rename(session, "second"));
        var snapshot = _home.Store("alpha").Read();
        Assert.Equal("second", snapshot.Find(session)!.Name);
        Assert.Equal(2, snapshot.Records().Count());
        Assert.Empty(snapshot.Notices);
        File.Delete(Index);
        Assert.NotEmpty(_home.Store("alpha").Read().Notices);
    }

    [Fact]
    public void A_long_tail_becomes_part_of_the_index_without_decoding_the_document_again()
    {
        var sessions = Enumerable.Range(0, 5).Select(i => _home.Register("alpha", $"session {i}")).ToArray();
        Assert.Equal(5, _home.Store("alpha").Read().Count);
        SpoilUnseen();
        var before = PosixFiles.Instance.Stat(Index);
        var added = _home.Register("alpha", "added later");
        for (var i = 0; i < 60; i++)
            _home.Store("alpha").Write(_ => StoreHome.Rename(sessions[i % 4], $"name {i} {new string('n', 150)}"));
        Assert.NotEqual(before, PosixFiles.Instance.Stat(Index)); // inodes alone are used again
        using var indexed = IndexedSessions.Open(Index, Files)!;
        Assert.True(indexed.Tail.Length < 9000);
        Assert.Equal("session 4", indexed.Find(sessions[4])!.Name);
        Assert.StartsWith("name 59", indexed.Find(sessions[3])!.Name);
        Assert.Equal("added later", indexed.Find(added)!.Name);
        Assert.Equal(6, indexed.Count);
    }

    [Fact]
    public void No_prefix_and_no_flipped_bit_of_the_cache_is_believed()
    {
        for (var i = 0; i < 4; i++)
        {
            var session = _home.Register("alpha", $"session {i}");
            _home.Store("alpha").Write(_ => new Draft("tag", [], [new Change(new Register(session, Field.Tag, $"tag{i}"), Value.True)]));
        }

        var expected = FullSource.Of(Files);
        var sessions = expected.Records().Select(r => r.Uuid).ToArray();
        _home.Store("alpha").Read();
        var good = File.ReadAllBytes(Index);
        for (var length = 0; length < good.Length; length += 13)
            Check(good[..length]);
        for (var bit = 0; bit < good.Length * 8; bit += 29)
        {
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << bit % 8);
            Check(bad);
        }

        void Check(byte[] bytes)
        {
            File.WriteAllBytes(Index, bytes);
            SourceComparison.AssertAlike(SessionSource.Of(Files, TimeProvider.System), expected, sessions, SetClock.Start);
        }
    }

    [Fact]
    public void Many_sessions_are_found_by_uuid_and_by_every_alias()
    {
        const int count = 700;
        var sessions = Enumerable.Range(0, count).Select(_ => SessionId.New()).ToArray();
        _home.Store("alpha").Write(_ => new Draft(
            "adopt",
            [],
            [
                .. sessions.SelectMany((s, i) => StoreHome.Birth(s, "alpha", $"session {i}").Changes
                    .Where(c => c.Register.Field != Field.AgentSessionId)
                    .Append(new Change(new Register(s, Field.AgentSessionId), Value.Of($"0199a7b2-1c3d-7eee-8000-{i:x12}")))),
            ]));
        _home.Store("alpha").Read();
        using var indexed = IndexedSessions.Open(Index, Files)!;
        for (var i = 0; i < count; i++)
        {
            Assert.Equal($"session {i}", indexed.Find(sessions[i])!.Name);
            Assert.Equal(sessions[i], Assert.Single(indexed.Match($"0199A7B2-1c3d-7eee-8000-{i:x12}")).Uuid);
            Assert.Contains(indexed.Match(sessions[i].ToString()[..13]), r => r.Uuid == sessions[i]);
        }

        Assert.Equal(count, indexed.Match("0199a").Count);
        Assert.Equal(count, indexed.Match("").Count);
        Assert.Null(indexed.Find(SessionId.New()));
    }

    [Fact]
    public void A_home_that_cannot_be_written_is_read_without_a_cache()
    {
        var session = _home.Register("alpha", "first");
        Assert.Equal(1, _home.Store("alpha").Read().Count);
        Directory.Delete(Path.GetDirectoryName(Index)!, recursive: true);
        File.WriteAllText(Path.GetDirectoryName(Index)!, "in the way");
        Assert.Equal("first", _home.Store("alpha").Read().Find(session)!.Name);
        _home.Store("alpha").Write(_ => StoreHome.Rename(session, "second"));
        Assert.Equal("second", _home.Store("alpha").Read().Find(session)!.Name);
    }

    [Fact]
    public async Task Writers_and_readers_at_once_with_the_cache_deleted_under_them_agree()
    {
        const int writers = 3;
        const int writes = 40;
        var sessions = Enumerable.Range(0, writers).Select(i => _home.Register("alpha", $"born {i}")).ToArray();
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.Equal(writers, _home.Store("alpha").Read().Records().Count());
                if (Random.Shared.Next(8) == 0)
                    File.Delete(Index);
            }
        });
        await Task.WhenAll(sessions.Select(session => Task.Run(() =>
        {
            for (var i = 0; i < writes; i++)
            {
                _home.Store("alpha").Write(_ => StoreHome.Rename(session, $"name {i}"));
                Assert.Equal($"name {i}", _home.Store("alpha").Read().Find(session)!.Name);
            }
        })));
        await done.CancelAsync();
        await reader;
        SourceComparison.AssertAlike(SessionSource.Of(Files, TimeProvider.System), FullSource.Of(Files), sessions, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    // Damage that stat(2) does not show: who decodes the document again finds it. The published copy gets the same, or it would be another document.
    private void SpoilUnseen()
    {
        // An index that knows all there is so far.
        File.Delete(Index);
        _home.Store("alpha").Read();
        SpoilQuietly(Assert.Single(Directory.GetFiles(_home.Own, "*.sesh")));
        SpoilQuietly(Assert.Single(Directory.GetFiles(_home.Docs, "*.sesh")));
    }

    private static void SpoilQuietly(string path)
    {
        var time = path + ".time";
        Touch(time, path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = file.Length / 2;
            var value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 0x20));
        }

        Touch(path, time);
        File.Delete(time);
    }

    // .NET's own call cuts a file's time to 100 ns.
    private static void Touch(string path, string like)
    {
        using var touch = Process.Start("touch", ["-r", like, path]);
        touch.WaitForExit();
        Assert.Equal(0, touch.ExitCode);
    }
}
