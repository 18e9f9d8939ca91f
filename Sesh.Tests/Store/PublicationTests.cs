using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Store;

/// <summary>What docs/ holds of this installation's own document is made good by reading alone, before the next copier carries an older one away.</summary>
public sealed class PublicationTests : IDisposable
{
    private readonly StoreHome _home = new();
    private readonly SessionId _session;

    public PublicationTests() => _session = _home.Register("alpha", "one");

    private string Own => Directory.EnumerateFiles(_home.Own, "*.sesh").Single();

    private string Published => Path.Join(_home.Docs, $"alpha.{Path.GetFileName(Own)}");

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_older_copy_put_over_it_is_renewed_by_who_reads(bool isIndexed)
    {
        var older = File.ReadAllBytes(Published);
        Rename("two");
        if (isIndexed)
            _home.Store("alpha").Read();
        File.WriteAllBytes(Published, older);
        Assert.Equal("two", _home.Store("alpha").Read().Find(_session)!.Name);
        Assert.Equal(File.ReadAllBytes(Own), File.ReadAllBytes(Published));
        Assert.Single(Directory.EnumerateFiles(_home.Docs));
    }

    [Fact]
    public void One_that_was_removed_is_published_again_by_who_reads()
    {
        File.Delete(Published);
        _home.Store("alpha").Read();
        Assert.Equal(File.ReadAllBytes(Own), File.ReadAllBytes(Published));
    }

    [Fact]
    public void A_copy_from_before_a_compaction_is_renewed_by_who_reads()
    {
        for (var i = 0; i < 20; i++)
            Rename($"name {i}");
        var older = File.ReadAllBytes(Published);
        var (before, after) = _home.Store("alpha").Compact();
        Assert.True(after < before);
        File.WriteAllBytes(Published, older);
        Assert.Equal("name 19", _home.Store("alpha").Read().Find(_session)!.Name);
        Assert.Equal(File.ReadAllBytes(Own), File.ReadAllBytes(Published));
    }

    [Fact]
    public void A_sound_older_copy_is_not_replaced_by_what_is_damaged()
    {
        var older = File.ReadAllBytes(Published);
        Rename("two");
        var bytes = File.ReadAllBytes(Own);
        bytes[^3] ^= 4;
        File.WriteAllBytes(Own, bytes);
        File.WriteAllBytes(Published, older);
        _home.Store("alpha").Read();
        Assert.Equal(older, File.ReadAllBytes(Published));
    }

    [Fact]
    public void A_copy_that_holds_more_is_left_alone()
    {
        var older = File.ReadAllBytes(Own);
        Rename("two");
        var newer = File.ReadAllBytes(Published);
        File.WriteAllBytes(Own, older);
        Assert.Equal("two", _home.Store("alpha").Read().Find(_session)!.Name);
        Assert.Equal(newer, File.ReadAllBytes(Published));
    }

    [Fact]
    public void While_a_writer_is_at_work_who_reads_neither_waits_nor_touches_it()
    {
        var older = File.ReadAllBytes(Published);
        Rename("two");
        _home.Store("alpha").Write(_ =>
        {
            File.WriteAllBytes(Published, older);
            Assert.Equal("two", _home.Store("alpha").Read().Find(_session)!.Name);
            Assert.Equal(older, File.ReadAllBytes(Published));
            return null;
        });
        // A child that another test starts at this moment has the lock until its exec; who reads does not wait for it.
        Until.True(
            () =>
            {
                _home.Store("alpha").Read();
                return File.ReadAllBytes(Own).SequenceEqual(File.ReadAllBytes(Published));
            },
            "the copy is made good by who reads");
    }

    private void Rename(string name) => _home.Store("alpha").Write(_ => StoreHome.Rename(_session, name));
}
