using CsCheck;
using Sesh.Config;
using Sesh.Sync;
using Xunit;

namespace Sesh.Tests.Config;

public sealed class ConfigFileTests
{
    [Theory]
    [InlineData("machin = \"x\"", "c:1:1: unknown key machin", "did you mean machine?")]
    [InlineData("machine = 3", "c:1:11: machine must be a machine's name in quotes", null)]
    [InlineData("machine = \"a b\"", "c:1:11: not a machine name: a b", "a name is 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit")]
    [InlineData("[models]\n  cluade = \"x\"", "c:2:3: unknown key models.cluade", "did you mean models.claude?")]
    [InlineData("[model]\nx = 1", "c:1:2: unknown key model", "did you mean models?")]
    [InlineData("[agents]\nclaude = \"bin/claude\"", "c:2:10: agents.claude must be an absolute path: bin/claude", null)]
    [InlineData("[privacy]\npaths = \"~/x\"", "c:2:9: privacy.paths must be a list of texts", null)]
    [InlineData("[privacy]\npaths = [1]", "c:2:10: privacy.paths holds texts only", null)]
    [InlineData("[models]\npi = \"\\", "c:2:8: the file ends within a text", null)]
    [InlineData("[tui.filters]\nname = \"x\"", "c:1:6: tui.filters is a list of sections: write [[tui.filters]]", null)]
    [InlineData("[[models]]\n", "c:1:3: models is one section: write [models]", null)]
    [InlineData("[tui]\nmouse = \"yes\"", "c:2:9: tui.mouse must be true or false", null)]
    [InlineData("[machine]\n", "c:1:2: machine is a machine's name in quotes, not a section", null)]
    [InlineData("models.claude.x = \"y\"", "c:1:15: models.claude is a text in quotes and has no key x", null)]
    [InlineData("hooks = [{evnt = \"busy_changed\"}]", "c:1:11: unknown key hooks.evnt", "did you mean hooks.event?")]
    [InlineData("[zzz]", "c:1:2: unknown key zzz", "known here: machine, models, agents, tui, hooks, sync, privacy, keep, autoname")]
    public void A_fault_names_its_place_and_the_nearest_key(string text, string message, string? hint)
    {
        var fault = Assert.Throws<ConfigException>(() => ConfigFile.Parse(text, "c"));
        Assert.Equal((message, hint), (fault.Message, fault.Hint));
    }

    [Theory]
    [InlineData("machine = ", "c:1:")]
    [InlineData("x = \"unclosed\ny = 1", "c:1:")]
    [InlineData("[models\n", "c:1:")]
    [InlineData("machine = \"a\"\nmachine = \"b\"", "c:2:")]
    public void What_is_no_toml_is_told_in_one_line_with_its_place(string text, string place)
    {
        var fault = Assert.Throws<ConfigException>(() => ConfigFile.Parse(text, "c"));
        Assert.StartsWith(place, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Everything_that_is_known_is_read()
    {
        var configuration = ConfigFile.Parse("""
            machine = "laptop"
            models = { default = "m", pi = "p" }
            [agents]
            codex = "~/bin/codex"
            [tui]
            mouse = false
            colors = { name = "blue" }
            [[tui.filters]]
            name = "mine"
            predicate = "tags == mine"
            [[tui.cwd_rules]]
            match = "^/work/(.*)"
            label = "$1"
            [[hooks]]
            event = "busy_changed"
            command = "notify-send x"
            [sync]
            metered = true
            [privacy]
            paths = ["~/clients/*", "/secret"]
            [keep]
            tags = ["keep"]
            [autoname]
            command = "pi -p"
            """, "c");
        Assert.Equal("laptop", configuration.Machine);
        Assert.Equal(("p", "m"), (configuration.ModelOf("pi"), configuration.ModelOf("claude")));
        Assert.Equal("~/bin/codex", configuration.Agents["codex"]);
        Assert.Equal(["~/clients/*", "/secret"], configuration.PrivatePaths);
        Assert.Equal(["keep"], configuration.KeptTags);
    }

    /// <summary>The short way to the machine's name says what the parser says, or leaves it to the parser.</summary>
    [Theory]
    [InlineData("machine = \"a\"\n", "a")]
    [InlineData("# c\n\n  machine=\"a-b.c\"   # d\n", "a-b.c")]
    [InlineData("machine = \"a\" [x]", null)]
    [InlineData("machine = 'a'", "a")]
    [InlineData("machine = \"\\u0061\"", "a")]
    [InlineData("machine = \"a\"\n[models]\nclaude = \"x\"", "a")]
    [InlineData("machine = \"a\"\n[modles]\n", null)]
    [InlineData("# \x01\nmachine = \"a\"", null)]
    [InlineData("machine = \"a\"\nmachine = \"a\"", null)]
    [InlineData("machine_ = \"a\"", null)]
    [InlineData("", "")]
    public void The_machines_name_alone(string text, string? expected) => InFile(text, path =>
    {
        if (expected is null)
            Assert.Throws<ConfigException>(() => ConfigFile.Machine(path));
        else
            Assert.Equal(expected, ConfigFile.Machine(path) ?? "");
    });

    [Fact]
    public void Whatever_stands_in_the_file_the_short_way_and_the_parser_agree()
    {
        var word = Gen.OneOf("machine", " ", "=", "\"", "a", "b-1", "#", "\n", "\r\n", "\t", "[models]", "claude", "'", "\\", "\u0001", "é", "[", "]", ".");
        word.Array[0, 14].Select(string.Concat).Sample(text => InFile(text, path => Assert.Equal(Outcome(() => ConfigFile.Parse(text, path).Machine), Outcome(() => ConfigFile.Machine(path)))),
            iter: Scale.Of(2_000, 200_000));
    }

    [Fact]
    public void No_text_makes_the_reader_fail_but_by_a_fault_with_a_place()
    {
        var piece = Gen.OneOf(
            Gen.OneOf("machine = \"a\"", "[models]", "[[hooks]]", "[tui]", "tui.filters = [{", "}]", "=", "\"\"\"", "'''", "{", "}", "[", "]", ",", "\n", "paths", "1e9", "2026-11-22", "\\u", "."),
            Gen.String[Gen.Char['\0', '\u2100'], 0, 6]);
        piece.Array[0, 20].Select(string.Concat).Sample(text =>
        {
            var outcome = Outcome(() => ConfigFile.Parse(text, "c").Machine);
            Assert.DoesNotContain('\n', outcome);
        }, iter: Scale.Of(3_000, 1_000_000));
    }

    [Fact]
    public void A_file_of_two_mebibytes_is_refused_unread() =>
        InFile(new string('#', 2 << 20), path => Assert.Throws<SeshException>(() => ConfigFile.Read(path)));

    private static string Outcome(Func<string?> read)
    {
        try
        {
            return "= " + read();
        }
        catch (ConfigException fault)
        {
            return "! " + fault.Message;
        }
    }

    private static void InFile(string text, Action<string> act)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            act(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
