using Sesh.Tests.Commands;
using Xunit;

namespace Sesh.Tests.Bad;

/// <summary>
/// Bad input, one row a case: what is done to a home with two sessions, the command line, the exit status it must end with, and what it must say. After each, all
/// that was recorded before must still be there.
/// </summary>
public sealed class BadInputTests : IDisposable
{
    private const string One = "8b7b4450-0000-4000-8000-000000000001";
    private const string Two = "8b7b4450-0000-4000-8000-000000000002";
    private static readonly string TenMegabytes = new('x', 10 << 20);

    private readonly CommandWorld _world = new();

    public BadInputTests()
    {
        _world.Add(One, "first");
        _world.Add(Two, "second");
    }

    public void Dispose() => _world.Dispose();

    private sealed record Case(string What, string[] Words, int Status, string Says, Action<CommandWorld>? First = null);

    private static readonly Case[] Cases =
    [
        // Names and tags.
        new("blank name", ["rename", One, "  "], 2, "the name is blank"),
        new("empty name", ["rename", One, ""], 2, "the name is blank"),
        new("name of two lines", ["rename", One, "a\nb"], 2, "a name is one line"),
        new("name with NUL", ["rename", One, "a\0b"], 2, "a name is one line"),
        new("name of 10 MB", ["rename", One, TenMegabytes], 2, "10485760 bytes long"),
        new("name that is no UTF-8", ["rename", One, "a\ud800"], 2, "no UTF-8"),
        new("blank tag", ["tag", One, " "], 2, "the tag is blank"),
        new("tag with a comma", ["tag", One, "a,b"], 2, "cannot contain a comma"),
        new("tag of 10 MB", ["tag", One, TenMegabytes], 2, "10485760 bytes long"),
        new("tag of two lines", ["tag", One, "a\u2028b"], 2, "a tag is one line"),
        new("no tag at all", ["tag", One], 2, "one word alone is a tag"),
        new("no name at all", ["rename", One], 2, "one word alone is a name"),
        new("retag without =", ["retag", One, "x"], 2, ""),
        new("new with a blank tag", ["new", "--agent", "claude", "--no-launch", "--tag", ""], 2, "the tag is blank"),
        new("new with a blank model", ["new", "--agent", "claude", "--no-launch", "--model", ""], 2, "the model is blank"),
        new("new with a name of 10 MB", ["new", "--agent", "claude", "--no-launch", "--name", TenMegabytes], 2, "10485760 bytes long"),

        // Which session.
        new("empty uuid", ["info", ""], 2, "the uuid is empty"),
        new("blank uuid", ["delete", " "], 2, "the uuid is empty"),
        new("empty uuid to register", ["register", "", "--agent", "claude"], 2, "the session id is empty"),
        new("path to register", ["register", "/etc/passwd", "--agent", "claude"], 2, "that is no session id"),
        new("ambiguous prefix", ["info", "8b7b"], 1, "2 sessions match 8b7b"),
        new("unknown prefix", ["info", "ffff"], 1, "no session matches ffff"),
        new("unknown prefix to delete", ["delete", "ffff"], 1, "no session matches ffff"),
        new("prefix of 10 MB", ["info", TenMegabytes], 1, "no session matches"),
        new("prefix with an escape sequence", ["info", "\u001b[31m"], 1, "no session matches ␛[31m"),
        new("no session named, and not inside one", ["info"], 2, "no session is named"),
        new("undo of what is no operation", ["undo", "ffffffffffffffff"], 1, ""),
        new("undo of an empty id", ["undo", ""], 2, "the operation's id is empty"),
        new("adopt of an empty id", ["adopt", ""], 2, "the id or path is empty"),
        new("adopt of what is not there", ["adopt", "/nowhere/x.jsonl"], 1, "no transcript and no live agent"),
        new("a session id that is no UUID", ["new", "--agent", "claude", "--no-launch", "--session-id", "x"], 2, "not a UUID: x"),
        new("a session id in use", ["new", "--agent", "claude", "--no-launch", "--session-id", One], 1, "is in use"),

        // Words.
        new("unknown verb", ["lsit"], 2, "did you mean \"list\"?"),
        new("unknown option", ["list", "--agnt", "pi"], 2, "--agent"),
        new("unknown agent", ["list", "--agent", "emacs"], 2, "claude, codex, pi"),
        new("no agent", ["register", "x"], 2, "which agent?"),
        new("--color without a value", ["list", "--color"], 2, "--color needs a value"),
        new("--color twice", ["list", "--color", "never", "--color", "always"], 2, "--color is given twice"),
        new("unknown column", ["list", "--columns", "uuid,nmae"], 2, "did you mean name?"),
        new("empty column", ["list", "--columns", "uuid,,name"], 2, "empty name"),
        new("unknown field", ["list", "--fields", "nmae"], 2, "did you mean name?"),
        new("a count that is none", ["tail", One, "-n", "-3"], 2, ""),
        new("a duration that is none", ["adopt", "--since", "soon"], 2, "not a duration: soon"),
        new("negative duration", ["gc", "--older", "-1h"], 2, ""),
        new("a machine name that is none", ["list", "--machine", "../../etc"], 2, "not a machine name"),
        new("--machine where it means nothing", ["undo", "--machine", "beta"], 2, "takes no --machine"),
        new("a pane that is none", ["pane", "--pane", "3"], 2, "not a tmux pane: 3"),
        new("an empty socket path", ["pane", "--pane", "%3", "--socket-path", ""], 2, "the socket path is empty"),
        new("an agent's arguments without --", ["new", "--agent", "claude", "--no-launch", "stray"], 2, "one word too many: stray"),
        new("a folder that is not there", ["new", "--agent", "claude", "--no-launch", "--cwd", "/nowhere"], 1, "no such folder: /nowhere"),
        new("a format that is none", ["transcript", One, "--format", "html"], 2, "md, json"),
        new("raw and JSON", ["tail", One, "--raw", "--json"], 2, "do not go together"),

        // Sources.
        new("import of nothing", ["import"], 1, "no older store"),
        new("import of a folder", ["import", "/"], 1, "is a folder"),
        new("import of what is no JSON", ["import", "bad.json"], 1, "bad.json:1:4: not JSON", w => File.WriteAllText(Path.Join(w.Root, "bad.json"), "[1 2]")),

        // The configuration and the environment.
        new("a typo in config.toml", ["list"], 1, "config.toml:1:1", w => { w.Variables.Remove("SESH_MACHINE"); w.Write("config.toml", "machin = \"alpha\"\n"); }),
        new("config.toml that is no TOML", ["new", "--agent", "claude", "--no-launch"], 1, "config.toml:2:", w => w.Write("config.toml", "machine = \"alpha\"\n[models\n")),
        new("no machine name, in a home that never wrote", ["adopt"], 1, "this machine has no name yet", w => { w.Variables.Remove("SESH_MACHINE"); w.Variables["SESH_HOME"] = Path.Join(w.Root, "new"); }),
        new("a machine name with a slash", ["rename", One, "x"], 1, "SESH_MACHINE is not a machine name", w => w.Variables["SESH_MACHINE"] = "a/b"),
        new("another machine name than before", ["rename", One, "x"], 1, "", w => w.Variables["SESH_MACHINE"] = "beta"),
        new("a home that is a file", ["list"], 1, "is not a folder", w => w.Variables["SESH_HOME"] = w.Beside("file", "")),
        new("a home under a file", ["rename", One, "x"], 1, "", w => w.Variables["SESH_HOME"] = w.Beside("file", "") + "/home"),
        new("an empty --home", ["list", "--home", ""], 2, "--home is empty"),
        new("neither SESH_HOME nor HOME", ["list"], 1, "neither SESH_HOME nor HOME is set", w => { w.Variables.Remove("SESH_HOME"); w.Variables.Remove("HOME"); }),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.What)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_with_the_reason_and_leaves_everything_as_it_was(string what)
    {
        var bad = Array.Find(Cases, c => c.What == what)!;
        var (home, machine) = (_world.Variables["SESH_HOME"], _world.Variables["SESH_MACHINE"]);
        var before = _world.Do("list", "--columns", "uuid,name,tags", "--sort", "uuid");
        bad.First?.Invoke(_world);

        var run = _world.Run(bad.Words);

        Assert.Equal(bad.Status, run.Status);
        Assert.StartsWith("sesh: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(bad.Says, run.Error, StringComparison.Ordinal);
        if (!bad.Words.Contains("--json"))
            Assert.Equal("", run.Out);
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Error);
        Assert.True(run.Error.Length < 4096, $"{run.Error.Length} characters of complaint");

        (_world.Variables["SESH_HOME"], _world.Variables["SESH_MACHINE"]) = (home, machine);
        File.Delete(Path.Join(home, "config.toml"));
        Assert.Equal(before, _world.Do("list", "--columns", "uuid,name,tags", "--sort", "uuid"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_in_JSON_as_well(string what)
    {
        var bad = Array.Find(Cases, c => c.What == what)!;
        if (bad.Words.Contains("--json"))
            return;
        bad.First?.Invoke(_world);

        var run = _world.Run([.. bad.Words, "--json"]);

        Assert.Equal(bad.Status, run.Status);
        using var error = System.Text.Json.JsonDocument.Parse(run.Out);
        Assert.NotEqual("", error.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.NotEqual("", error.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("\u001b[31mred\u0007")]
    [InlineData("\u202eevil\u202c")]
    [InlineData("👨‍👩‍👧 家族 ✨")]
    [InlineData("שלום عالم")]
    [InlineData("-rf")]
    [InlineData("$(reboot) `id` '\"")]
    public void A_strange_name_is_kept_as_given_and_shown_without_harm(string name)
    {
        _world.Do("rename", One, "--", name);

        using var info = System.Text.Json.JsonDocument.Parse(_world.Do("info", One, "--json"));
        Assert.Equal(name, info.RootElement.GetProperty("name").GetString());
        foreach (var words in (string[][])[["list"], ["info", One], ["list", "--columns", "name"], ["history", One], ["op", "log"], ["explain", One]])
        {
            var shown = _world.Do(words);
            Assert.DoesNotContain('\u001b', shown);
            Assert.DoesNotContain('\u202e', shown);
        }
    }
}
