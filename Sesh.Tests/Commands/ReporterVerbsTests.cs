using System.Text;
using CsCheck;
using Xunit;

namespace Sesh.Tests.Commands;

public sealed class ReporterVerbsTests : IDisposable
{
    private readonly CommandWorld _world = new();

    public void Dispose() => _world.Dispose();

    private string At(string path) => Path.Join(_world.Root, path);

    private string Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
        return At(path);
    }

    [Fact]
    public void A_report_exits_0_and_prints_nothing_whatever_it_is_given()
    {
        var bytes = Gen.Byte.Array[0, 300].Select(b => Encoding.Latin1.GetString(b));
        var json = Gen.Select(Gen.OneOf("Stop", "UserPromptSubmit", "SessionStart", "x y", ""), Gen.OneOf("11111111-1111-4111-8111-111111111111", "../..", "\\u0000", ""), Gen.Int[0, 200],
            (name, id, cut) => $$$"""{"session_id":"{{{id}}}","hook_event_name":"{{{name}}}","tool_input":{"command":["a",{"b":[]}]}}"""[..^Math.Min(cut, 60)]);
        Gen.Select(Gen.OneOf(bytes, json), Gen.OneOf("claude", "codex", "pi", "", "what"), Gen.Bool, (text, agent, asWord) => (text, agent, asWord)).Sample(
            given =>
            {
                _world.Input = given.asWord ? "" : given.text;
                string[] words = given.asWord ? ["report", "--agent", given.agent, given.text] : ["report", "--agent", given.agent];
                var run = _world.Run(words.Any(w => w is "-h" or "--help") ? ["report"] : words);
                Assert.Equal((0, "", ""), (run.Status, run.Out, run.Error));
            },
            iter: 300, threads: 1);
        foreach (var words in (string[][])[["report"], ["report", "--bogus"], ["report", "--agent"], ["report", "--home"], ["report", "--"], ["report", "--home", "/proc/nothing", "--agent", "codex", "{}"]])
            Assert.Equal((0, "", ""), (_world.Run(words).Status, _world.Run(words).Out, _world.Run(words).Error));
    }

    [Fact]
    public void Reporters_are_entered_where_the_agents_are_and_taken_out_again()
    {
        var claude = Write(".claude/settings.json", "{\n  \"model\": \"opus\" // mine\n}\n");
        File.SetUnixFileMode(claude, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var codex = Write("dotfiles/codex.toml", "notify = [\"say\"]\n[tui]\n");
        Directory.CreateDirectory(At(".codex"));
        File.CreateSymbolicLink(At(".codex/config.toml"), codex);

        Assert.Equal(["claude", "codex", "pi"], _world.Run("reporters").Lines.Select(l => l.Split('\t')[0]));
        Assert.Equal("missing missing no agent", States());
        _world.Do("reporters", "install");
        Assert.Equal("installed installed no agent", States());
        Assert.Contains("\"--\", \"say\"]", File.ReadAllText(codex), StringComparison.Ordinal);
        Assert.NotNull(new FileInfo(At(".codex/config.toml")).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(claude));
        _world.Do("reporters", "install", "--agent", "pi");
        Assert.Equal("installed installed installed", States());
        Assert.True(File.Exists(At(".pi/agent/extensions/sesh.ts")));

        _world.Do("reporters", "uninstall");
        Assert.Equal("missing missing missing", States());
        Assert.Equal("{\n  \"model\": \"opus\" // mine\n}\n", File.ReadAllText(claude));
        Assert.Equal("notify = [\"say\"]\n[tui]\n", File.ReadAllText(codex));
        Assert.Empty(Directory.GetFiles(At(".pi/agent/extensions")));
    }

    [Fact]
    public void Settings_that_are_broken_are_left_alone_and_the_others_served()
    {
        var claude = Write(".claude/settings.json", "{\n  \"model\": ,\n}");
        Write(".codex/config.toml", "");
        var run = _world.Run("reporters", "install");
        Assert.Equal(1, run.Status);
        Assert.Contains("line 2", run.Error, StringComparison.Ordinal);
        Assert.Equal("{\n  \"model\": ,\n}", File.ReadAllText(claude));
        Assert.Contains("codex\tinstalled", run.Out, StringComparison.Ordinal);
        Assert.Equal(1, _world.Run("reporters", "install", "--agent", "claude").Status);
    }

    [Fact]
    public void An_extension_of_somebody_elses_is_not_touched()
    {
        var file = Write(".pi/agent/extensions/sesh.ts", "export default 1\n");
        Assert.Equal(1, _world.Run("reporters", "install", "--agent", "pi").Status);
        _world.Run("reporters", "uninstall", "--agent", "pi");
        Assert.Equal("export default 1\n", File.ReadAllText(file));
    }

    [Fact]
    public void What_runs_a_program_that_is_gone_is_told()
    {
        Write(".codex/config.toml", "notify = [\"/gone/sesh\", \"report\", \"--agent\", \"codex\"]\n");
        var run = _world.Run("reporters", "--agent", "codex");
        Assert.Contains("codex\tother", run.Out, StringComparison.Ordinal);
        Assert.Contains("/gone/sesh is not there any more", run.Error, StringComparison.Ordinal);
    }

    private string States() => string.Join(' ', _world.Run("reporters", "status").Lines.Select(l => l.Split('\t')[1]));
}
