using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Sharing;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

/// <summary>On a real disk, where the index answers and other processes are about.</summary>
public sealed class DiskSharingTests : IDisposable
{
    private readonly DiskHome _alpha = new("alpha");
    private readonly DiskHome _beta = new("beta");
    private readonly DiskHome _gamma = new("gamma");

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
        _gamma.Dispose();
    }

    [Fact]
    public void The_index_and_the_documents_themselves_say_the_same()
    {
        var session = _alpha.Register("one");
        for (var round = 0; round < 6; round++)
        {
            _alpha.Store.Write(_ => StoreHome.Rename(session, $"r{round}"));
            if (round == 3)
                _alpha.Store.Compact();
            _beta.TakeFrom(_alpha);
            _beta.Register($"beta {round}");
            _gamma.TakeFrom(_beta);
            foreach (var home in (DiskHome[])[_alpha, _beta, _gamma])
            {
                var indexed = home.Sharing.State().Documents;
                File.Delete(Directory.GetFiles(home.File("cache"), "index.*").Single());
                var made = home.Sharing.State().Documents;
                Directory.Delete(home.File("cache"), recursive: true);
                File.WriteAllText(home.File("cache"), "nothing can be made here");
                Assert.Equal(indexed, home.Sharing.State().Documents);
                File.Delete(home.File("cache"));
                Assert.Equal(indexed, made);
            }
        }

        Assert.Equal(_beta.Sharing.State().Documents, _gamma.Sharing.State().Documents);
    }

    [Fact]
    public void What_is_received_is_taken_into_the_index_frame_by_frame()
    {
        var session = _alpha.Register("one");
        _beta.TakeFrom(_alpha);
        _ = _beta.Store.Read();
        var index = Directory.GetFiles(_beta.File("cache"), "index.*").Single();
        var made = File.GetLastWriteTimeUtc(index);
        for (var i = 0; i < 5; i++)
        {
            _alpha.Store.Write(_ => StoreHome.Rename(session, $"n{i}"));
            _beta.TakeFrom(_alpha);
            Assert.Equal($"n{i}", _beta.Store.Read().Find(session)!.Name);
        }

        Assert.Equal(made, File.GetLastWriteTimeUtc(index));
    }

    [Fact]
    public async Task Many_links_and_writers_at_once_lose_nothing()
    {
        var sessions = Enumerable.Range(0, 8).Select(i => _alpha.Register($"s{i}")).ToList();
        _beta.TakeFrom(_alpha);
        _gamma.TakeFrom(_alpha);
        var until = Scale.Of(25, 200);
        await Task.WhenAll(
            Task.Run(() => Repeat(until, i => _alpha.Store.Write(_ => StoreHome.Rename(sessions[i % 8], $"a{i}")))),
            Task.Run(() => Repeat(until, i => _beta.Store.Write(_ => StoreHome.Rename(sessions[i % 8], $"b{i}")))),
            Task.Run(() => Repeat(until, _ => _beta.TakeFrom(_alpha))),
            Task.Run(() => Repeat(until, _ => _beta.TakeFrom(_gamma))),
            Task.Run(() => Repeat(until, _ => _gamma.TakeFrom(_alpha))),
            Task.Run(() => Repeat(until, _ => _gamma.TakeFrom(_beta))),
            Task.Run(() => Repeat(until, _ => _alpha.TakeFrom(_gamma))));
        for (var i = 0; i < 3; i++)
        {
            foreach (var (to, from) in ((DiskHome, DiskHome)[])[(_beta, _alpha), (_gamma, _beta), (_alpha, _gamma), (_beta, _gamma), (_gamma, _alpha), (_alpha, _beta)])
                Assert.All(to.TakeFrom(from), r => Assert.NotEqual(Outcome.Refused, r.Outcome));
        }

        foreach (var home in (DiskHome[])[_alpha, _beta, _gamma])
        {
            Assert.Equal(2, home.Sharing.State().Documents.Length);
            Assert.Equal(_alpha.Sharing.State().Documents, home.Sharing.State().Documents);
            Assert.All(home.Store.Verify(), r => Assert.Empty(r.Notices));
            Assert.Equal(2, Directory.GetFiles(home.File("docs")).Length);
            Assert.Equal(sessions.Select(s => _alpha.Store.Read().Find(s)!.Name), sessions.Select(s => home.Store.Read().Find(s)!.Name));
        }
    }

    [Fact]
    public void A_file_in_docs_of_a_newer_version_disturbs_no_other()
    {
        _alpha.Register("one");
        var bytes = File.ReadAllBytes(Directory.GetFiles(_alpha.File("docs")).Single());
        _beta.Register("mine");
        _gamma.TakeFrom(_beta);
        // Its first number in the header is the major version.
        var newer = Sync.Store.Format.DocumentWriter.Header(new Sync.Store.Format.DocumentHeader
        {
            Major = 9,
            Replica = new ReplicaId(77),
            Machine = "later",
            PublicKey = [.. new byte[32]],
        });
        File.WriteAllBytes(_beta.File("docs", "later.0000000000000000000000000000004d.sesh"), newer);
        Assert.Single(_beta.Sharing.State().Documents);
        Assert.All(_beta.TakeFrom(_alpha), r => Assert.Equal(Outcome.Taken, r.Outcome));
        Assert.All(_gamma.TakeFrom(_beta), r => Assert.Equal(Outcome.Taken, r.Outcome));
        Assert.NotEmpty(bytes);
    }

    [Fact]
    public void Files_and_folders_that_receiving_makes_are_for_the_user_alone()
    {
        _alpha.Register("one");
        _beta.TakeFrom(_alpha);
        foreach (var folder in (string[])["heads", "docs", "own", Path.Combine("own", "received")])
            Assert.Equal(0x1C0u, PosixFiles.Instance.Stat(_beta.File(folder))!.Value.Mode);
        foreach (var file in Directory.GetFiles(_beta.Folder, "*", SearchOption.AllDirectories).Where(f => !f.Contains("/cache/", StringComparison.Ordinal)))
            Assert.Equal(0x180u, PosixFiles.Instance.Stat(file)!.Value.Mode);
    }

    private static void Repeat(int times, Action<int> act)
    {
        for (var i = 0; i < times; i++)
            act(i);
    }
}
