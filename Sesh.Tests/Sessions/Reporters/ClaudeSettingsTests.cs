using System.Text;
using System.Text.Json;
using CsCheck;
using Sesh.Sessions.Reporters;
using Sesh.Sync;
using Xunit;

namespace Sesh.Tests.Sessions.Reporters;

public sealed class ClaudeSettingsTests
{
    private const string Command = "[ ! -x /opt/sesh ] || /opt/sesh report --agent claude";

    [Theory]
    [InlineData("{}")]
    [InlineData("{ }\n")]
    [InlineData("{\n}\n")]
    [InlineData("{\n \n}")]
    [InlineData("{\n  \"model\": \"opus\"\n}\n")]
    [InlineData("{\"a\":1,\"hooks\":{}}")]
    [InlineData("{\"a\":1,\"hooks\":{\n}}")]
    [InlineData("{\n  \"hooks\": {\n  }\n}\n")]
    [InlineData("{\n  \"hooks\": {\n    \"Stop\": []\n  },\n  \"z\": [1, 2]\n}")]
    [InlineData("{\"hooks\": {\"Stop\": [ ], \"Notification\": [  ]}}")]
    [InlineData("{\n\t\"hooks\": {\n\t\t\"Stop\": [\n\t\t\t{\n\t\t\t\t\"hooks\": [{\"type\": \"command\", \"command\": \"say done\"}]\n\t\t\t}\n\t\t]\n\t}\n}\n")]
    [InlineData("{ // mine\n  \"a\": 1, /* why */\n  \"b\": \"ü\\u00e9\" // last\n}\n")]
    [InlineData("{\"hooks\": {\"A\": 1}, \"hooks\": {}}")]
    [InlineData("\n\n{\"hooks\": {\"PostToolUse\": [{\"matcher\": \"Edit\", \"hooks\": []}]}}\r\n")]
    public void After_uninstalling_every_byte_is_as_before(string settings)
    {
        var before = Encoding.UTF8.GetBytes(settings);
        Assert.Equal(ReporterState.Missing, ClaudeSettings.Look(before, Command));
        var installed = ClaudeSettings.Install(before, Command);
        Assert.Equal(ReporterState.Installed, ClaudeSettings.Look(installed, Command));
        Assert.Equal(installed, ClaudeSettings.Install(installed, Command));
        Assert.Equal(settings, Encoding.UTF8.GetString(ClaudeSettings.Uninstall(installed)!));
    }

    [Fact]
    public void A_file_that_was_made_goes_again_and_one_that_was_not_stays()
    {
        Assert.Null(ClaudeSettings.Uninstall(ClaudeSettings.Install(null, Command)));
        Assert.Equal("{\n}\n"u8.ToArray(), ClaudeSettings.Uninstall(ClaudeSettings.Install("{\n}\n"u8.ToArray(), Command)));
    }

    [Fact]
    public void Any_settings_survive_being_installed_into_and_taken_out_of() => Settings.Sample(settings =>
    {
        var before = Encoding.UTF8.GetBytes(settings);
        var installed = ClaudeSettings.Install(before, Command);
        using var _ = JsonDocument.Parse(installed);
        Assert.Equal(settings, Encoding.UTF8.GetString(ClaudeSettings.Uninstall(installed)!));
        Assert.Equal(settings, Encoding.UTF8.GetString(ClaudeSettings.Uninstall(ClaudeSettings.Install(installed, "/other/sesh report --agent claude"))!));
    });

    [Fact]
    public void An_older_installation_is_replaced_and_a_changed_one_told()
    {
        var old = ClaudeSettings.Install("{}"u8.ToArray(), "/old/sesh report --agent claude");
        Assert.Equal(ReporterState.Other, ClaudeSettings.Look(old, Command));
        Assert.Equal("/old/sesh report --agent claude", ClaudeSettings.Command(old));
        Assert.Equal(ClaudeSettings.Install("{}"u8.ToArray(), Command), ClaudeSettings.Install(old, Command));
        var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(old).Replace("/old/sesh report --agent claude\", \"timeout\": 5}]}]\n", "/bin/true\"}]}]\n", StringComparison.Ordinal));
        Assert.Equal(ReporterState.Changed, ClaudeSettings.Look(changed, Command));
    }

    [Fact]
    public void A_hook_that_was_moved_in_with_others_leaves_them_there()
    {
        var json = $$$"""{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say a"}, {"type": "command", "command": "{{{Command}}}"}, {"type": "command", "command": "say b"}]}]}}""";
        Assert.Equal(
            """{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say a"}, {"type": "command", "command": "say b"}]}]}}""",
            Encoding.UTF8.GetString(ClaudeSettings.Uninstall(Encoding.UTF8.GetBytes(json))!));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{\n  \"a\": 1,\n}", "line 3")]
    [InlineData("{\"a\": tru}", "line 1")]
    [InlineData("[]", "not an object")]
    [InlineData("{\"hooks\": []}", "hooks is not a section")]
    [InlineData("{\"hooks\": {\"Stop\": {}}}", "hooks.Stop is not a list")]
    public void What_is_not_as_Claude_would_read_it_is_refused(string settings, string why) =>
        Assert.Contains(why, Assert.Throws<SeshException>(() => ClaudeSettings.Install(Encoding.UTF8.GetBytes(settings), Command)).Message, StringComparison.Ordinal);

    private static readonly Gen<string> Blank = Gen.OneOf("", " ", "  ", "\n", "\n  ", "\n\t", "\r\n", "\n    ");

    private static readonly Gen<string> Scalar = Gen.OneOf("1", "true", "null", "\"x\"", "\"ü\\n\"", "-2.5e3");

    private static readonly Gen<string> Group = Gen.OneOf("{}", "{\"hooks\":[]}", "{\"matcher\": \"Bash\", \"hooks\": [{\"type\": \"command\", \"command\": \"say x\"}]}");

    private static readonly Gen<string> Groups = List('[', ']', Group);

    private static readonly Gen<string> Hooks = List('{', '}', Gen.Select(Gen.OneOf("Stop", "PreToolUse", "SubagentStop", "Notification", "PostToolUse"), Groups, (name, groups) => $"\"{name}\": {groups}"));

    private static readonly Gen<string> Settings = List('{', '}', Gen.OneOf(
        Gen.Select(Gen.OneOf("model", "env", "x"), Scalar, (name, value) => $"\"{name}\": {value}"),
        Hooks.Select(hooks => $"\"hooks\": {hooks}")));

    private static Gen<string> List(char open, char close, Gen<string> item) =>
        Gen.Select(item.List[0, 4], Blank, Blank, (items, before, after) => items.Count == 0 ? $"{open}{before}{close}" : $"{open}{before}{string.Join("," + before, items)}{after}{close}");
}
