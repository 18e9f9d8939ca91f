using Sesh.Agents;
using Sesh.Agents.Claude;
using Sesh.Agents.Codex;
using Sesh.Agents.Pi;
using Sesh.Sync;
using Xunit;

namespace Sesh.Tests.Agents;

public sealed class LaunchTests : IDisposable
{
    private const string Id = "11111111-1111-4111-8111-111111111111";

    private readonly AgentHome _home = new();

    public void Dispose() => _home.Dispose();

    private static LaunchRequest Request(string name = "", string? model = null, string? path = null, params string[] extra) => new("/bin/x", Id, "/src/a", model, name, path, extra);

    private static string Line(LaunchPlan plan) => string.Join(' ', plan.Arguments);

    [Fact]
    public void Claude() => Assert.Equal(
        [
            $"/bin/x --session-id {Id}",
            $"/bin/x --session-id {Id} --name Fix it --model opus --verbose",
            $"/bin/x --session-id {Id} --name=--dangerously-skip-permissions",
            $"/bin/x --resume {Id}",
            $"/bin/x --resume {Id} --fork-session --model opus",
        ],
        new[]
        {
            new ClaudeAgent(_home.Environment).New(Request()),
            new ClaudeAgent(_home.Environment).New(Request("Fix it", "opus", null, "--verbose")),
            new ClaudeAgent(_home.Environment).New(Request("--dangerously-skip-permissions")),
            new ClaudeAgent(_home.Environment).Resume(Request(), fork: false),
            new ClaudeAgent(_home.Environment).Resume(Request("ignored", "opus"), fork: true),
        }.Select(Line));

    [Fact]
    public void Codex() => Assert.Equal(
        [
            "/bin/x -c features.daemon_auto_start=false --model gpt-6-sol --search",
            $"/bin/x resume -C /src/a {Id} -c features.daemon_auto_start=false",
            $"/bin/x fork -C /src/a {Id} -c features.daemon_auto_start=false",
        ],
        new[]
        {
            new CodexAgent(_home.Environment).New(Request("no name", "gpt-6-sol", null, "--search")),
            new CodexAgent(_home.Environment).Resume(Request(), fork: false),
            new CodexAgent(_home.Environment).Resume(Request(), fork: true),
        }.Select(Line));

    [Fact]
    public void Pi() => Assert.Equal(
        [
            $"/bin/x --session-id {Id} --name --mode --model sonnet:high",
            "/bin/x --session /a/b.jsonl",
            "/bin/x --fork /a/b.jsonl",
            $"/bin/x --session {Id}",
        ],
        new[]
        {
            new PiAgent(_home.Environment).New(Request("--mode", "sonnet:high")),
            new PiAgent(_home.Environment).Resume(Request(path: "/a/b.jsonl"), fork: false),
            new PiAgent(_home.Environment).Resume(Request(path: "/a/b.jsonl"), fork: true),
            new PiAgent(_home.Environment).Resume(Request(), fork: false),
        }.Select(Line));

    [Fact]
    public void The_environment_carries_the_agents_folder_and_the_id_and_no_other_agents_identity()
    {
        _home.Variables["PI_CODING_AGENT_DIR"] = "~/pi";
        var plan = new PiAgent(_home.Environment).New(Request());

        Assert.Equal(_home.At("pi"), plan.Set["PI_CODING_AGENT_DIR"]);
        Assert.Equal($"pi:{Id}", plan.Set["SESH_AGENT_ID"]);
        Assert.Contains("CLAUDECODE", plan.Unset);
        Assert.Contains("CODEX_THREAD_ID", plan.Unset);
    }

    [Theory]
    [InlineData("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC")]
    [InlineData("CLAUDE_CODE_USE_BEDROCK")]
    [InlineData("CLAUDE_CODE_MAX_OUTPUT_TOKENS")]
    [InlineData("CLAUDE_CONFIG_DIR")]
    [InlineData("ANTHROPIC_API_KEY")]
    [InlineData("CODEX_HOME")]
    [InlineData("PI_CODING_AGENT_DIR")]
    public void Settings_of_the_user_stay(string name) =>
        Assert.DoesNotContain(HarnessVariables.Names, unset => unset.EndsWith('*') ? name.StartsWith(unset[..^1], StringComparison.Ordinal) : unset == name);

    [Fact]
    public void A_binary_is_the_configured_one_or_on_PATH_or_a_shim()
    {
        string Program(string path)
        {
            var file = _home.WriteText(path, "#!/bin/sh\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            return file;
        }

        var shim = Program(".local/share/mise/shims/pi");
        Assert.Equal(shim, AgentBinary.Find("pi", null, _home.Environment));

        var newest = Program(".nvm/versions/node/v22.3.0/bin/codex");
        Program(".nvm/versions/node/v9.9.0/bin/codex");
        Assert.Equal(newest, AgentBinary.Find("codex", "", _home.Environment));

        _home.WriteText("first/pi", "not executable");
        // As a package manager leaves it behind that took the program away.
        Directory.CreateDirectory(_home.At("gone"));
        File.CreateSymbolicLink(_home.At("gone/pi"), _home.At("gone/target"));
        var onPath = Program("second/pi");
        _home.Variables["PATH"] = $"relative:{_home.At("gone")}:{_home.At("first")}:{_home.At("second")}";
        Assert.Equal(onPath, AgentBinary.Find("pi", null, _home.Environment));
        Assert.Equal(shim, AgentBinary.Find("pi", "~/.local/share/mise/shims/pi", _home.Environment));

        Assert.Equal("agent-binary", Assert.Throws<SeshException>(() => AgentBinary.Find("pi", _home.At("first/pi"), _home.Environment)).Code);
        Assert.Equal("agent-binary", Assert.Throws<SeshException>(() => AgentBinary.Find("pi", _home.At("gone/pi"), _home.Environment)).Code);
        Assert.Equal("agent-missing", Assert.Throws<SeshException>(() => AgentBinary.Find("no-such-agent", null, _home.Environment)).Code);
    }
}
