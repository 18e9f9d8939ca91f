using System.Text.Json;
using Xunit;

namespace Sesh.Tests.Commands;

public sealed class RecordingVerbsTests : IDisposable
{
    private const string One = "8b7b4450-0000-4000-8000-000000000001";
    private const string Two = "8b7b4450-0000-4000-8000-000000000002";

    private readonly CommandWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_newcomer_adopts_lists_and_finds_everything()
    {
        _world.Transcript(One, "say hello");
        _world.Transcript(Two, "say goodbye");

        var adopted = _world.Run("adopt");

        Assert.Equal((0, "sesh: 2 adopted\n"), (adopted.Status, adopted.Error));
        Assert.Contains(One, adopted.Out, StringComparison.Ordinal);
        Assert.Equal($"{One}\tsay hello\tclaude\t/w\tfalse\tidle\n{Two}\tsay goodbye\tclaude\t/w\tfalse\tidle\n",
            _world.Do("list", "--columns", "uuid,name,agent,cwd,live,status", "--sort", "uuid"));
        Assert.Equal("sesh: 0 adopted, 2 known\n", _world.Run("adopt").Error);
    }

    [Fact]
    public void Adopt_is_undone_by_one_undo_and_can_be_done_again()
    {
        _world.Transcript(One, "say hello");
        _world.Do("adopt");

        Assert.StartsWith("undid adopt of 8b7b4450", _world.Do("undo"), StringComparison.Ordinal);
        Assert.Equal("", _world.Do("list", "--columns", "uuid", "--archived"));
        Assert.Equal("sesh: 1 adopted\n", _world.Run("adopt").Error);
    }

    [Fact]
    public void Register_prints_the_same_uuid_again_and_updates()
    {
        var first = _world.Run("register", "work", "--agent", "pi", "--name", "n", "--tag", "a", "--tag", "b", "--cwd", _world.Root);
        var again = _world.Run("register", "work", "--agent", "pi", "--name", "m");

        Assert.Equal(first.Out, again.Out);
        Assert.Equal("no transcript and no live pi of that id is here; recorded all the same", first.Complaint);
        Assert.Equal($"m\ta,b\t{_world.Root}\twork\n", _world.Do("list", "--columns", "name,tags,cwd,agentSessionId"));
    }

    [Fact]
    public void Register_that_fails_says_nothing_but_why()
    {
        foreach (var wrong in (string[][])[["--name", new string('x', 100_000)], ["--tag", "a,b"], ["--cwd", "/no/such/folder"]])
        {
            var ran = _world.Run(["register", "work", "--agent", "pi", .. wrong]);
            Assert.NotEqual(0, ran.Status);
            Assert.DoesNotContain("recorded all the same", ran.Error, StringComparison.Ordinal);
        }

        Assert.Equal("", _world.Do("list", "--columns", "uuid"));
    }

    [Fact]
    public void Register_takes_what_the_transcript_says_of_its_beginning()
    {
        _world.Transcript(One, "say hello");

        Assert.Equal($"{One}\n", _world.Do("register", One.ToUpperInvariant(), "--agent", "claude"));
        Assert.Equal("2026-11-20T10:00:00.000Z\n", _world.Do("list", "--columns", "createdAt"));
    }

    [Fact]
    public void A_deleted_session_is_revived_by_register_alone()
    {
        _world.Transcript(One, "say hello");
        _world.Do("adopt");
        _world.Do("delete", One);

        Assert.Equal("sesh: 0 adopted, 1 deleted earlier\n", _world.Run("adopt").Error);
        _world.Do("register", One, "--agent", "claude");
        Assert.Equal("say hello\n", _world.Do("list", "--columns", "name"));
    }

    [Fact]
    public void Import_brings_records_in_and_lists_what_it_left()
    {
        Directory.CreateDirectory(_world.Home);
        File.WriteAllText(Path.Combine(_world.Home, "sessions.json"),
            $$"""[{"uuid":"{{One}}","name":"old","agent":"claude","machine":"alpha","tags":["t"]}, {"uuid":"{{Two}}","agent":"claude","machine":"beta","name":"theirs"}]""");

        var ran = _world.Run("import", "--force");

        Assert.Equal(0, ran.Status);
        Assert.Equal($"sesh: left record 2 \"theirs\": owned by beta: import it there\nsesh: 1 imported, 0 known, 1 left, from {_world.Home}/sessions.json\n", ran.Error);
        Assert.Equal("old\tt\n", _world.Do("list", "--columns", "name,tags"));
        Assert.Contains("0 imported, 1 known, 1 left", _world.Run("import").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_made_private_before_anything_else_is_in_no_shared_document()
    {
        File.WriteAllText(Directory.CreateDirectory(_world.Home).FullName + "/config.toml", $"[privacy]\npaths = [\"{_world.Root}/clients/*\"]\n");
        Directory.CreateDirectory(Path.Combine(_world.Root, "clients", "acme"));

        _world.Do("register", One, "--agent", "claude", "--name", "unheard-of", "--cwd", Path.Combine(_world.Root, "clients", "acme"), "-q");

        Assert.Equal("true\n", _world.Do("list", "--columns", "private"));
        var docs = Path.Combine(_world.Home, "docs");
        Assert.DoesNotContain(Directory.Exists(docs) ? Directory.GetFiles(docs) : [], f => File.ReadAllText(f).Contains("unheard-of", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_adopted_as_shared_and_taken_back_can_be_adopted_as_private(bool labelled)
    {
        _world.Transcript(One, "unheard-of");
        _world.Transcript(Two, "known");
        TakeBack(labelled, "adopt", One);
        _world.Write("config.toml", "[privacy]\npaths = [\"/w\"]\n");

        var adopted = _world.Run("adopt");

        Assert.Equal(0, adopted.Status);
        Assert.EndsWith("sesh: 2 adopted\n", adopted.Error, StringComparison.Ordinal);
        // Where a label still stands in the shared document, the uuid is spoken for.
        Assert.Equal(labelled, adopted.Error.Contains($"{One} was shared once, and what was written then cannot be called back", StringComparison.Ordinal));
        Assert.Equal("known\ttrue\nunheard-of\ttrue\n", _world.Do("list", "--columns", "name,private", "--sort", "name"));
        Assert.Equal("sesh: 0 adopted, 2 known\n", _world.Run("adopt").Error);
        Assert.Equal("updated\n", _world.Do("register", One, "--agent", "claude", "--name", "new", "--jq", ".outcome"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_registered_as_shared_and_taken_back_can_be_registered_as_private(bool labelled)
    {
        TakeBack(labelled, "register", One, "--agent", "claude", "--cwd", _world.Root);
        _world.Write("config.toml", $"[privacy]\npaths = [\"{_world.Root}\"]\n");

        _world.Do("register", One, "--agent", "claude");

        Assert.Equal($"{One}\ttrue\n", _world.Do("list", "--columns", "agentSessionId,private"));
        Assert.Equal("unchanged\n", _world.Do("register", One, "--agent", "claude", "--jq", ".outcome"));
    }

    /// <summary>Does it and undoes it; what was labelled in between keeps its label.</summary>
    private void TakeBack(bool labelled, params string[] words)
    {
        _world.Do(words);
        var operation = _world.Do("op", "log", "-n", "1", "--jq", ".[0].id").Trim();
        if (labelled)
            _world.Do("tag", One, "kept");
        _world.Do("undo", operation);
    }

    [Fact]
    public void A_shared_session_cannot_be_called_back()
    {
        _world.Add(One, "first");

        var ran = _world.Run("private", One);

        Assert.Equal((1, ""), (ran.Status, ran.Out));
        Assert.Equal(
            $"session {One} is shared, and what others may hold already cannot be called back; "
            + $"to go on in private, name its folder in [privacy] paths of config.toml and then \"sesh resume {One} --fork\"; new ones: \"sesh new --private\"",
            ran.Complaint);
    }

    [Fact]
    public void Gc_shows_first_and_collects_when_told()
    {
        _world.Add(One, "first");
        _world.Do("delete", One);

        var shown = _world.Run("gc", "--older", "0");
        Assert.Contains("1 tombstone to collect", shown.Error, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", shown.Error, StringComparison.Ordinal);
        Assert.Contains("1 tombstone collected", _world.Run("gc", "--older", "0", "--yes").Error, StringComparison.Ordinal);
        Assert.Contains("0 tombstones to collect", _world.Run("gc", "--older", "0").Error, StringComparison.Ordinal);
        Assert.Equal(1, _world.Run("register", One, "--agent", "claude").Status);
    }

    [Fact]
    public void History_tells_before_and_after_and_the_log_each_command()
    {
        _world.Add(One, "first");
        _world.Do("rename", One, "second");

        using var history = JsonDocument.Parse(_world.Do("history", "8b7b", "--json"));
        var names = history.RootElement.EnumerateArray().Where(e => e.GetProperty("field").GetString() == "name").ToList();
        Assert.Equal([("first", false), ("second", true)], names.Select(e => (e.GetProperty("value").GetString()!, e.GetProperty("shows").GetBoolean())));
        Assert.Equal(["first"], names.Skip(1).Select(e => e.GetProperty("before").GetString()));

        using var log = JsonDocument.Parse(_world.Do("op", "log", "--json", "-n", "1"));
        Assert.Equal("rename", Assert.Single(log.RootElement.EnumerateArray()).GetProperty("verb").GetString());
        Assert.Equal("[]\n", _world.Do("op", "log", "--json", "--machine", "beta"));
    }

    [Fact]
    public void Undo_takes_the_last_command_back_then_the_one_before_and_undo_of_undo_is_redo()
    {
        _world.Add(One, "first");
        _world.Do("rename", One, "second");
        _world.Do("tag", One, "t");
        _world.Do("undo");
        _world.Do("undo");
        Assert.Equal("first\t\n", _world.Do("list", "--columns", "name,tags"));

        using var log = JsonDocument.Parse(_world.Do("op", "log", "--json", "-n", "1"));
        _world.Do("undo", log.RootElement[0].GetProperty("id").GetString()!);
        Assert.Equal("second\t\n", _world.Do("list", "--columns", "name,tags"));
    }

    [Fact]
    public void Explain_tells_of_every_field_of_the_record()
    {
        _world.Add(One, "first");

        using var said = JsonDocument.Parse(_world.Do("explain", "8b7b", "--json"));
        var fields = said.RootElement.EnumerateArray().Select(s => s.GetProperty("field").GetString()).ToList();

        Assert.Superset(new HashSet<string?> { "live", "turnStatus", "name", "agent", "machine", "cwd", "agentSessionId", "createdAt" }, fields.ToHashSet());
        Assert.All(said.RootElement.EnumerateArray(), s => Assert.False(string.IsNullOrEmpty(s.GetProperty("overriddenBy").GetString())));
    }

    [Fact]
    public void Doctor_finds_nothing_wrong_with_a_sound_home_and_fails_on_a_typo_in_its_configuration()
    {
        _world.Add(One, "first");
        var sound = _world.Run("doctor");
        Assert.Equal(0, sound.Status);
        Assert.DoesNotContain("fail", sound.Out, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_world.Home, "config.toml"), "machin = \"alpha\"\n");
        var typo = _world.Run("doctor");
        Assert.Equal(1, typo.Status);
        Assert.Contains("machine", typo.Out.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_repairs_what_others_could_read()
    {
        _world.Add(One, "first");
        var docs = Path.Combine(_world.Home, "docs");
        File.SetUnixFileMode(docs, File.GetUnixFileMode(docs) | UnixFileMode.OtherRead);

        Assert.Contains("would take others' permissions", _world.Run("doctor", "--repair").Error, StringComparison.Ordinal);
        Assert.NotEqual(UnixFileMode.None, File.GetUnixFileMode(docs) & UnixFileMode.OtherRead);
        Assert.Contains("done: take others' permissions", _world.Run("doctor", "--repair", "--yes").Error, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(docs) & UnixFileMode.OtherRead);
        Assert.Equal("first\n", _world.Do("list", "--columns", "name"));
    }
}
