using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Driving;

/// <summary>Sessions that begin with a message, and those that are no more than one.</summary>
public sealed class BeginningTests : IDisposable
{
    private readonly DrivenWorld _world = new();

    public static TheoryData<string> Agents() => [.. DrivenWorld.Agents];

    [Theory]
    [MemberData(nameof(Agents))]
    public void New_with_a_message_prints_the_answer_and_tells_the_uuid_beside(string agent)
    {
        var run = _world.Run("new", "--agent", agent, "--name", "born speaking", "--msg", "hello\nthere");
        Assert.Equal((0, "echo: hello\nthere\n"), (run.Status, run.Out));
        var uuid = run.Error.Split('\n')[0];
        Assert.Equal("born speaking true idle", _world.Do("info", uuid, "--json", "--jq", "\"\\(.name) \\(.live) \\(.turnStatus)\""));
        Assert.Equal("echo: again", _world.Do("send", uuid, "again"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void New_headless_takes_its_first_turn_without_tmux(string agent)
    {
        var panes = _world.Tmux.Panes().Count;
        var run = _world.Run("new", "--agent", agent, "--headless", "--name", "no window", "--tag", "t", "--msg", "hello [[say:looking]]");
        Assert.Equal((0, "looking\necho: hello\n"), (run.Status, run.Out));
        var uuid = run.Error.Trim();
        Assert.Equal("no window false idle t", _world.Do("info", uuid, "--json", "--jq", "\"\\(.name) \\(.live) \\(.turnStatus) \\(.tags[0])\""));
        Assert.Equal(panes, _world.Tmux.Panes().Count);
        Assert.Equal("echo: again", _world.Do("send", uuid, "again"));
        Assert.Equal("1", _world.Do("list", "--json", "--jq", "length"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void New_headless_without_waiting_is_there_from_birth(string agent)
    {
        var run = _world.Run("new", "--agent", agent, "--headless", "--no-wait", "--msg", "slow [[sleep:3]]");
        Assert.Equal((0, ""), (run.Status, run.Out));
        var uuid = run.Error.Trim();
        Assert.Equal("true busy", _world.Do("info", uuid, "--json", "--jq", "\"\\(.live) \\(.turnStatus)\""));
        Assert.Equal("idle", _world.Do("await", uuid));
        Assert.Equal(["user: slow [[sleep:3]]", "assistant: echo: slow"], _world.Said(uuid));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void Of_a_first_turn_that_fails_nothing_is_recorded(string agent)
    {
        var run = _world.Run("new", "--agent", agent, "--headless", "--msg", "bad [[error:500]]");
        Assert.Equal(1, run.Status);
        Assert.Contains("the turn failed: API Error: 500", run.Error, StringComparison.Ordinal);
        Assert.Equal("0", _world.Do("list", "--archived", "--json", "--jq", "length"));

        _world.Variables["FAKE_LAST_WORDS"] = "Not logged in";
        run = _world.Run("new", "--agent", agent, "--headless", "--msg", "hello");
        Assert.Contains("the turn failed: Not logged in", run.Error, StringComparison.Ordinal);
        Assert.Equal("0", _world.Do("list", "--archived", "--json", "--jq", "length"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_plan_tells_what_would_be_said_and_how(string agent)
    {
        var id = Guid.NewGuid().ToString();
        var lines = _world.Do("new", "--agent", agent, "--session-id", id, "--msg", "find it's bug", "--dry-run").Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains($"/{agent}", lines[1], StringComparison.Ordinal);
        Assert.Equal(@"would type and wait for the answer: 'find it'\''s bug'", lines[2]);
        lines = _world.Do("new", "--agent", agent, "--session-id", id, "--msg", "hello", "--headless", "--no-wait", "--dry-run").Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"would run one turn without a terminal, with the message on standard input: {_world.Variables["PATH"].Split(':')[0]}/{agent} ", lines[1], StringComparison.Ordinal);
        Assert.Equal("would say and return when it is taken up: hello", lines[2]);
        Assert.Equal("0", _world.Do("list", "--archived", "--json", "--jq", "length"));
        Assert.Empty(_world.Strays());
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        string[][] lines =
        [
            ["new", "--agent", "pi", "--headless"], ["new", "--agent", "pi", "--no-wait"], ["new", "--agent", "pi", "--msg", "x", "--no-launch"],
            ["new", "--agent", "pi", "--msg", " "], ["new", "--agent", "pi", "--headless", "--target", "a:b", "--msg", "x"], ["delegate", "--agent", "pi", "--name", "n", "x"],
            ["delegate", "--agent", "pi"], ["delegate", "x"],
        ];
        Assert.All(lines, line => Assert.Equal(2, _world.Run(line).Status));
        Assert.Equal("0", _world.Do("list", "--archived", "--json", "--jq", "length"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_delegated_task_leaves_nothing_behind(string agent)
    {
        Assert.Equal("looking\necho: task", _world.Do("delegate", "--agent", agent, "task [[say:looking]]"));
        Assert.Equal("echo: -x", _world.Do("delegate", "--agent", agent, "--", "-x"));
        Assert.Equal("echo: from input\n", _world.RunWith("from input", "delegate", "--agent", agent, "-").Out);
        Assert.Equal("0", _world.Do("list", "--archived", "--json", "--jq", "length"));
        Assert.Empty(Directory.EnumerateFiles(_world.UserHome, "*.jsonl", SearchOption.AllDirectories));
        Assert.Empty(_world.Strays());
        var run = _world.Run("delegate", "--agent", agent, "bad [[error:500]]");
        Assert.Equal((1, "the turn failed: API Error: 500"), (run.Status, run.Complaint));
    }

    [Theory]
    [InlineData("claude", "--tools", "Read,Grep,Glob,WebFetch,WebSearch")]
    [InlineData("codex", "--sandbox", "read-only")]
    [InlineData("pi", "--tools", "read,grep,find,ls")]
    public void A_delegate_may_only_read(string agent, string option, string value)
    {
        using var delegating = _world.Start("delegate", "--agent", agent, "slow [[sleep:60]]");
        var arguments = Until.Some(() => Delegate(agent), "it runs");
        Assert.Contains($"{option}\n{value}", arguments, StringComparison.Ordinal);
        _ = Libc.Kill(delegating.Id, Libc.SigInterrupt);
        Assert.True(delegating.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(130, delegating.ExitCode);
        Until.True(() => _world.Strays().Count == 0, "it ends with whoever asked");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_delegate_that_is_kept_is_the_child_of_the_session_around(string agent)
    {
        var parent = _world.Do("new", "--agent", "claude", "--no-launch");
        _world.Variables["SESH_SESSION_ID"] = parent;
        var run = _world.Run("delegate", "--agent", agent, "--keep", "--name", "reviewer", "task");
        Assert.Equal((0, "echo: task\n"), (run.Status, run.Out));
        var uuid = run.Error.Trim();
        Assert.Equal($"{parent} reviewer", _world.Do("info", uuid, "--json", "--jq", "\"\\(.parent) \\(.name)\""));
        _world.Variables.Remove("SESH_SESSION_ID");
        Assert.Equal("echo: again", _world.Do("send", uuid, "again"));
    }

    [Fact]
    public void A_delegate_that_takes_too_long_is_ended()
    {
        var run = _world.Run("delegate", "--agent", "claude", "--timeout", "1", "slow [[sleep:60]]");
        Assert.Equal((124, "no answer in time; it was ended"), (run.Status, run.Complaint));
        Assert.Empty(_world.Strays());
    }

    private string? Delegate(string agent)
    {
        foreach (var pid in _world.Strays())
        {
            var table = ProcessTable.Open();
            if (table.Find(pid)?.Name != agent)
                continue;
            // pi hides its arguments; the fake keeps them in its environment.
            var words = table.Variable(pid, "FAKE_AGENT_ARGUMENTS")?.Split('\u001f') ?? table.Arguments(pid);
            if (words.Count > 1)
                return string.Join('\n', words);
        }

        return null;
    }

    public void Dispose() => _world.Dispose();
}
