using System.Globalization;
using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Driving;

/// <summary>
/// What can be wrong with an agent, and what each way of driving one says of it: a row a fault. Elsewhere: dialogs, drafts, questions, Esc, killed panes (SendInPaneTests), hanging
/// agents, killed runners (SendDetachedTests), many senders (SeveralSendersTests), two lives (SendTwiceTests), lost machines (DrivingElsewhereTests).
/// </summary>
public sealed class FaultTableTests : IDisposable
{
    private readonly DrivenWorld _world = new();
    private readonly List<int> _left = [];

    private string Bin => Path.Combine(_world.Tmux.Folder, "agents-bin");

    public static TheoryData<string> Agents() => [.. DrivenWorld.Agents];

    [Theory]
    [InlineData("missing", "claude", "claude is not on PATH, nor where version managers put it; install it, or set [agents].claude in config.toml to its path")]
    [InlineData("not executable", "codex", "codex is not on PATH, nor where version managers put it; install it, or set [agents].codex in config.toml to its path")]
    [InlineData("configured wrong", "claude", "[agents].claude is not an executable file: /none/such; set it right in config.toml, or remove it to use the claude on PATH")]
    [InlineData("no program", "pi", "xec format error|agents-bin/pi")]
    [InlineData("ends at once", "claude", "Please log in first")]
    [InlineData("ends at once", "codex", "Please log in first")]
    [InlineData("ends at once", "pi", "Please log in first")]
    [InlineData("model error", "claude", "the turn failed: API Error: 529")]
    [InlineData("model error", "codex", "the turn failed: API Error: 529")]
    [InlineData("model error", "pi", "the turn failed: API Error: 529")]
    [InlineData("network error", "claude", "the turn failed: API Error: ECONNREFUSED")]
    [InlineData("network error", "codex", "the turn failed: API Error: ECONNREFUSED")]
    [InlineData("network error", "pi", "the turn failed: API Error: ECONNREFUSED")]
    public void Each_way_of_driving_tells_what_is_wrong_and_leaves_nothing(string fault, string agent, string complaint)
    {
        var uuid = _world.Detached(agent);
        var message = Break(fault, agent);
        string[][] ways =
        [
            ["send", uuid, message], ["delegate", "--agent", agent, message], ["new", "--agent", agent, "--headless", "--msg", message], ["new", "--agent", agent, "--msg", message],
        ];
        foreach (var way in ways)
        {
            var run = _world.Run(way);
            Assert.True(run.Status == 1, $"{string.Join(' ', way)}: {run.Status} {run.Error}{run.Out}");
            Assert.True(complaint.Split('|').Any(c => run.Error.Contains(c, StringComparison.Ordinal)), $"{string.Join(' ', way)}: {run.Error}");
            Assert.Equal("", run.Out);
        }

        // A session in a pane that has failed in its first turn is there, as its agent is.
        var there = fault is "model error" or "network error" ? 2 : 1;
        Assert.Equal(there.ToString(CultureInfo.InvariantCulture), _world.Do("list", "--archived", "--json", "--jq", "length"));
        Assert.Equal(0, _world.Do("transcript", uuid).Split('\n').Count(l => l.Contains("echo: hello", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    public void An_agent_that_asks_to_log_in_is_told_nothing(string agent)
    {
        var uuid = _world.New(agent, ("FAKE_LOGIN", "1"));
        var run = _world.Run("send", uuid, "my secret");
        Assert.Equal(6, run.Status);
        Assert.StartsWith($"{agent} asks to log in; nothing was typed", run.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("my secret", _world.Screen(uuid), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void What_an_agent_leaves_in_the_background_is_not_taken_for_it(string agent)
    {
        var uuid = _world.New(agent);
        Leave(uuid, "[[allow]]");
        _world.End(uuid);
        Assert.Equal("idle", _world.Do("await", uuid));
        Leave(uuid, "[[allow]]");
        Assert.Equal("false idle", _world.Do("info", uuid, "--json", "--jq", "\"\\(.live) \\(.turnStatus)\""));
        Assert.Equal("echo: on", _world.Do("send", uuid, "on"));
        Assert.All(_left, pid => Assert.True(File.Exists($"/proc/{pid}/stat"), "it still runs"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_delegate_whose_caller_is_killed_outright_ends_too(string agent)
    {
        using var delegating = _world.Start("delegate", "--agent", agent, "slow [[sleep:300]]");
        Until.True(() => _world.Strays().Any(pid => ProcessTable.Open().Find(pid)?.Name == agent), "its agent runs");
        // Its guard too, which is started right behind it.
        Until.True(() => _world.Strays().Count >= 3, "it is watched");
        _ = Libc.Kill(delegating.Id, Libc.SigKill);
        delegating.WaitForExit();
        Until.True(() => _world.Strays().Count == 0, "nothing of it runs any more");
    }

    private void Leave(string uuid, string how)
    {
        var reply = _world.Do("send", uuid, $"leave it {how}[[tool:bash:setsid sleep 300 >/dev/null 2>&1 & echo pid $!]]");
        _left.Add(int.Parse(reply[(reply.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>The message to send then.</summary>
    private string Break(string fault, string agent)
    {
        var program = Path.Combine(Bin, agent);
        switch (fault)
        {
            case "missing":
                File.Delete(program);
                break;
            case "not executable":
                File.Delete(program);
                File.WriteAllText(program, "no program");
                break;
            case "configured wrong":
                File.WriteAllText(Path.Combine(_world.Home, "config.toml"), $"[agents]\n{agent} = \"/none/such\"\n");
                break;
            case "no program":
                File.Delete(program);
                File.WriteAllBytes(program, [0x7F, (byte)'E', (byte)'L', (byte)'F', 0, 0, 0, 0]);
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
                break;
            case "ends at once":
                _world.Variables["FAKE_LAST_WORDS"] = "Please log in first";
                _world.Tmux.Server.Do(["set-environment", "-g", "FAKE_LAST_WORDS", "Please log in first"]);
                break;
            case "model error":
                return "hello [[error:529]]";
            case "network error":
                return "hello [[error:ECONNREFUSED]]";
        }

        return "hello";
    }

    public void Dispose()
    {
        foreach (var pid in _left)
            _ = Libc.Kill(pid, Libc.SigKill);
        _world.Dispose();
    }
}
