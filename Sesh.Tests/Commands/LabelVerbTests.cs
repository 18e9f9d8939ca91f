using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Commands;

public sealed class LabelVerbTests : IDisposable
{
    private const string One = "11111111-0000-4000-8000-000000000001";
    private const string Two = "22222222-0000-4000-8000-000000000002";

    private readonly CommandWorld _world = new();

    public LabelVerbTests()
    {
        _world.Add(One, "first");
        _world.Add(Two, "second", machine: "beta");
    }

    [Fact]
    public void Rename_by_prefix_sets_the_name_and_ends_automatic_names()
    {
        Assert.Equal(0, _world.Run("rename", "1111", "fix  the login").Status);
        Assert.Equal(("fix  the login", false), (_world.Find(One)!.Name, _world.Find(One)!.AutoRename));
    }

    [Fact]
    public void Rename_with_keep_auto_leaves_automatic_names_on()
    {
        Assert.Equal(0, _world.Run("rename", "1111", "--keep-auto", "x").Status);
        Assert.Equal(("x", true), (_world.Find(One)!.Name, _world.Find(One)!.AutoRename));
    }

    [Fact]
    public void Labels_of_another_machines_session_are_written_here()
    {
        Assert.Equal(0, _world.Run("tag", "2222", "work", "urgent").Status);
        Assert.Equal(["urgent", "work"], _world.Find(Two)!.Tags);
        Assert.Equal(0, _world.Run("untag", "2222", "work").Status);
        Assert.Equal(["urgent"], _world.Find(Two)!.Tags);
    }

    [Fact]
    public void Untag_of_a_tag_that_is_not_there_says_so_and_writes_nothing()
    {
        var before = _world.Store.Log(10).Count;
        var run = _world.Run("untag", "1111", "nope");
        Assert.Equal((0, $"sesh: {One} has no tag nope\n"), (run.Status, run.Error));
        Assert.Equal(before, _world.Store.Log(10).Count);
    }

    [Fact]
    public void Retag_exchanges_tags_and_fails_without_the_old_one()
    {
        _world.Run("tag", "1111", "todo", "other");
        Assert.Equal(0, _world.Run("retag", "1111", "todo=done").Status);
        Assert.Equal(["done", "other"], _world.Find(One)!.Tags);
        Assert.Equal(1, _world.Run("retag", "1111", "todo=x").Status);
        Assert.Equal(0, _world.Run("retag", "1111", "done=other", "other=done").Status);
        Assert.Equal(["done", "other"], _world.Find(One)!.Tags);
    }

    [Fact]
    public void Archive_of_several_is_one_operation_and_unarchive_brings_back()
    {
        var before = _world.Store.Log(100).Count;
        Assert.Equal(0, _world.Run("archive", "1111", "2222", "11111").Status);
        Assert.Equal(before + 1, _world.Store.Log(100).Count);
        Assert.True(_world.Find(One)!.Archived && _world.Find(Two)!.Archived);
        Assert.Equal(0, _world.Run("unarchive", Two).Status);
        Assert.False(_world.Find(Two)!.Archived);
    }

    [Fact]
    public void Archive_of_several_with_one_unknown_writes_nothing()
    {
        Assert.Equal(1, _world.Run("archive", "1111", "ffff").Status);
        Assert.False(_world.Find(One)!.Archived);
    }

    [Fact]
    public void Meta_sets_reads_lists_and_clears()
    {
        Assert.Equal(0, _world.Run("meta", "1111", "ticket=ABC-12", "note=a=b").Status);
        Assert.Equal("ABC-12\n", _world.Run("meta", "1111", "ticket").Out);
        Assert.Equal("note=a=b\nticket=ABC-12\n", _world.Run("meta", "1111").Out);
        Assert.Equal(0, _world.Run("meta", "1111", "ticket=").Status);
        Assert.Equal(1, _world.Run("meta", "1111", "ticket").Status);
        Assert.Equal(2, _world.Run("meta", "1111", "note", "x=y").Status);
    }

    [Fact]
    public void Delete_leaves_a_tombstone_that_info_shows_by_its_full_uuid_alone()
    {
        Assert.Equal(0, _world.Run("delete", "1111").Status);
        Assert.Equal(1, _world.Run("info", "1111").Status);
        var tombstone = _world.Run("info", One, "--json", "--fields", "deleted");
        Assert.Equal((1, "{\n  \"deleted\": true\n}\n"), (tombstone.Status, tombstone.Out));
        Assert.DoesNotContain("first", _world.Run("list", "--archived").Out, StringComparison.Ordinal);
        Assert.Equal(1, _world.Run("rename", One, "x").Status);
    }

    [Fact]
    public void Delete_of_a_session_whose_owner_is_no_peer_needs_force()
    {
        var refused = _world.Run("delete", "2222");
        Assert.Equal(1, refused.Status);
        Assert.Contains("beta", refused.Error, StringComparison.Ordinal);
        File.WriteAllText(Path.Join(_world.Home, "peers.json"), """{"peers": [{"name": "beta"}]}""");
        Assert.Equal(0, _world.Run("delete", "2222").Status);
        Assert.True(_world.Find(Two)!.Deleted);
    }

    [Fact]
    public void Writing_without_a_machine_name_says_how_to_set_it()
    {
        using var fresh = new CommandWorld();
        fresh.Variables.Remove("SESH_MACHINE");
        var run = fresh.Run("register", One, "--agent", "claude");
        Assert.Equal(1, run.Status);
        Assert.Contains("sesh init", run.Error, StringComparison.Ordinal);
        fresh.Variables["SESH_MACHINE"] = "alpha";
        Assert.Null(fresh.Find(One));
    }

    [Fact]
    public void A_home_keeps_the_name_it_was_first_written_under_where_the_environment_has_none()
    {
        _world.Variables.Remove("SESH_MACHINE");
        Assert.Equal(0, _world.Run("rename", "1111", "x").Status);
        _world.Variables["SESH_MACHINE"] = "gamma";
        Assert.Contains("alpha", _world.Run("rename", "1111", "y").Error, StringComparison.Ordinal);
        _world.Variables["SESH_MACHINE"] = "alpha";
        Assert.Equal("x", _world.Find(One)!.Name);
    }

    [Fact]
    public void A_label_written_with_json_prints_the_records_as_they_are_now()
    {
        Assert.Equal("[\n  {\n    \"name\": \"x\"\n  }\n]\n", _world.Run("rename", "1111", "x", "--fields", "name").Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u2028b")]
    public void Names_that_are_blank_or_of_several_lines_are_refused(string name)
    {
        Assert.Equal(2, _world.Run("rename", One, name).Status);
        Assert.Equal("first", _world.Find(One)!.Name);
    }

    [Fact]
    public void A_name_of_ten_megabytes_is_refused_with_the_limit()
    {
        var run = _world.Run("rename", One, new string('x', 10 << 20));
        Assert.Equal(2, run.Status);
        Assert.Equal("sesh: the name is 10485760 bytes long; 1024 are the most\n", run.Error);
    }

    [Theory]
    [InlineData("\u202egnp.exe", "<U+202E>gnp.exe")]
    [InlineData("\e[31mred", "␛[31mred")]
    [InlineData("👩‍👩‍👧 שלום", "👩‍👩‍👧 שלום")]
    public void Absurd_names_are_kept_as_given_and_shown_visibly(string name, string shown)
    {
        Assert.Equal(0, _world.Run("rename", One, name).Status);
        Assert.Equal(name, _world.Find(One)!.Name);
        Assert.Equal($"{shown}\n", _world.Run("list", "--machine", "alpha", "--columns", "name").Out);
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData("a\tb\nc")]
    public void Tags_that_are_blank_or_hold_commas_are_refused(string tag)
    {
        Assert.Equal(2, _world.Run("tag", One, tag).Status);
        Assert.Empty(_world.Find(One)!.Tags);
    }

    [Fact]
    public void An_option_given_is_logged_by_name_and_never_by_value()
    {
        _world.Run("rename", "1111", "secret", "--keep-auto");
        Operation operation = _world.Store.Log(1)[0].Operation;
        Assert.Equal(("rename", "--keep-auto"), (operation.Verb, string.Join(' ', operation.Options)));
    }

    public void Dispose() => _world.Dispose();
}
