using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Index;
using Xunit;

namespace Sesh.Tests.Store;

/// <summary>A document of one's own that lost its end to damage: peers hold, and name, more of it than own/ does.</summary>
public sealed class CutDocumentTests : IDisposable
{
    private readonly StoreHome _home = new();
    private readonly StoreHome _peer = new();
    private readonly SessionId _session;

    public CutDocumentTests()
    {
        _session = _home.Register("alpha", "one");
        _home.Store("alpha").Write(_ => StoreHome.Rename(_session, "two"));
        _home.Store("alpha").Write(_ => StoreHome.Rename(_session, "three"));
        _peer.CopyDocsOf(_home);
        _peer.Store("beta").Write(_ => StoreHome.Rename(_session, "by beta"));
        var own = Directory.EnumerateFiles(_home.Own, "*.sesh").Single();
        var bytes = File.ReadAllBytes(own);
        bytes[^3] ^= 4;
        File.WriteAllBytes(own, bytes);
        Directory.Delete(_home.Docs, recursive: true);
    }

    public void Dispose()
    {
        _home.Dispose();
        _peer.Dispose();
    }

    [Fact]
    public void What_replaced_the_lost_end_replaces_what_is_left_before_and_after_it_is_mended()
    {
        CarryDocumentOfPeer();
        AssertShows("by beta");
        _home.Register("alpha", "another");
        AssertShows("by beta");
        Assert.DoesNotContain(_home.Store("alpha").Verify().SelectMany(r => r.Notices), n => n.Code == "forked");
    }

    [Fact]
    public void The_index_takes_it_for_cut_as_well()
    {
        _home.Register("alpha", "another");
        Directory.CreateDirectory(_home.Docs);
        CarryDocumentOfPeer();
        AssertShows("by beta");
        _peer.Store("beta").Write(_ => StoreHome.Rename(_session, "by beta again"));
        CarryFramesOfPeer();
        var files = new DocumentFiles(PosixFiles.Instance, new StorePaths(_home.Path));
        using (var indexed = IndexedSessions.Open(SessionSource.PathOf(files.Paths), files))
            Assert.NotEqual(0, indexed?.Tail.Length ?? 0);
        AssertShows("by beta again");
        SourceComparison.AssertAlike(
            SessionSource.Of(files, TimeProvider.System), FullSource.Of(files), [_session], DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    private void AssertShows(string name)
    {
        var record = _home.Store("alpha").Read().Find(_session)!;
        Assert.Equal(name, record.Name);
        Assert.Empty(record.Conflicts);
    }

    private string PeersDocument => Directory.EnumerateFiles(_peer.Docs, "beta.*").Single();

    private string Carried => Path.Join(_home.Docs, Path.GetFileName(PeersDocument));

    private void CarryDocumentOfPeer()
    {
        Directory.CreateDirectory(_home.Docs);
        File.Copy(PeersDocument, Carried, overwrite: true);
    }

    // As sync does: in the file that is there, behind what it holds.
    private void CarryFramesOfPeer()
    {
        var bytes = File.ReadAllBytes(PeersDocument);
        using var file = new FileStream(Carried, FileMode.Append);
        file.Write(bytes.AsSpan((int)file.Position));
    }
}
