using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Driving;

/// <summary>Messages to sessions that nothing holds: a runner has the agent take one turn.</summary>
public sealed class SendDetachedTests : IDisposable
{
    private readonly DrivenWorld _world = new();

    public static TheoryData<string> Agents() => [.. DrivenWorld.Agents];

    [Theory]
    [MemberData(nameof(Agents))]
    public void The_conversation_goes_on_where_it_was(string agent)
    {
        var uuid = _world.Detached(agent);
        Assert.Equal("looking\necho: second", _world.Do("send", uuid, "second [[say:looking]]"));
        Assert.Equal("echo: -v\n  two lines", _world.Do("send", uuid, "--", "-v\n  two lines"));
        Assert.Equal(
            ["user: first", "assistant: echo: first", "user: second [[say:looking]]", "assistant: looking", "assistant: echo: second", "user: -v\n  two lines", "assistant: echo: -v\n  two lines"],
            _world.Said(uuid));
        Assert.Equal("idle", _world.Do("state", uuid));
        Assert.Equal("false", _world.Do("info", uuid, "--json", "--jq", ".live"));
        Assert.Empty(_world.Strays());
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void It_knows_its_session_and_not_the_one_around_it(string agent)
    {
        var uuid = _world.Detached(agent);
        _world.Variables["CLAUDECODE"] = "1";
        _world.Variables["CODEX_THREAD_ID"] = "another";
        _world.Variables["SESH_SESSION_ID"] = Guid.NewGuid().ToString();
        Assert.Equal($"echo: env\ntool: {uuid}..", _world.Do("send", uuid, "env [[tool:bash:echo $SESH_SESSION_ID.$CLAUDECODE.$CODEX_THREAD_ID]]"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void Without_waiting_the_turn_goes_on_and_the_next_waits_for_it(string agent)
    {
        var uuid = _world.Detached(agent);
        Assert.Equal("", _world.Do("send", uuid, "--no-wait", "slow [[sleep:3]]"));
        Assert.Equal("busy", _world.Do("state", uuid));
        Assert.Equal("true null", _world.Do("info", uuid, "--json", "--jq", "\"\\(.live) \\(.tmux)\""));
        Assert.Equal("echo: next", _world.Do("send", uuid, "next"));
        Assert.Equal(["user: slow [[sleep:3]]", "assistant: echo: slow", "user: next", "assistant: echo: next"], _world.Said(uuid).Skip(2));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void The_turn_outlives_a_caller_that_is_killed(string agent)
    {
        var uuid = _world.Detached(agent);
        using var sending = _world.Start("send", uuid, "slow [[sleep:3]]");
        Until.True(() => _world.Do("state", uuid) == "busy", "the turn runs");
        _ = Libc.Kill(sending.Id, Libc.SigKill);
        Assert.True(sending.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal("busy", _world.Do("state", uuid));
        Assert.Equal("echo: next", _world.Do("send", uuid, "next"));
        Assert.Equal(["user: slow [[sleep:3]]", "assistant: echo: slow", "user: next", "assistant: echo: next"], _world.Said(uuid).Skip(2));
        Assert.Equal("false idle", _world.Do("info", uuid, "--json", "--jq", "\"\\(.live) \\(.turnStatus)\""));
    }

    [Fact]
    public void A_runner_that_is_killed_is_told()
    {
        var uuid = _world.Detached("claude");
        using var sending = _world.Start("send", uuid, "slow [[sleep:60]]");
        Until.True(() => _world.Do("state", uuid) == "busy", "the turn runs");
        var runner = _world.Strays().Single(pid => ProcessTable.Open().Arguments(pid).Contains("__turn"));
        _ = Libc.Kill(runner, Libc.SigKill);
        Assert.True(sending.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.StartsWith("sesh: the process that ran the turn was killed", sending.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_model_that_fails_is_told(string agent)
    {
        var uuid = _world.Detached(agent);
        var run = _world.Run("send", uuid, "bad [[error:400]]");
        Assert.Equal((1, "the turn failed: API Error: 400"), (run.Status, run.Complaint));
        Assert.Equal("echo: good", _world.Do("send", uuid, "good"));
    }

    [Fact]
    public void A_message_of_megabytes_arrives_whole()
    {
        var uuid = _world.Detached("pi");
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i:D8} \n")) + "[[reply:all of it]]";
        Assert.Equal("all of it\n", _world.RunWith(text, "send", uuid, "-").Out);
        Assert.Contains(text[..^1].Replace("\n", "\\n", StringComparison.Ordinal), File.ReadAllText(_world.Do("info", uuid, "--json", "--jq", ".filePath")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void An_answer_of_megabytes_comes_whole_and_stays_nowhere_but_in_the_transcript(string agent)
    {
        var uuid = _world.Detached(agent);
        var expected = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i:D9}\n")).TrimEnd();
        Assert.Equal(expected, _world.Do("send", uuid, "long [[fill:3000000]]"));
        Assert.Equal("answered false 2999999", _world.Do("send", uuid, "long [[fill:3000000]]", "--json", "--jq", "\"\\(.result) \\(.truncated) \\(.reply|length)\""));
        Assert.Contains(expected.Replace("\n", "\n  ", StringComparison.Ordinal), _world.Do("transcript", uuid), StringComparison.Ordinal);
        Assert.Equal("false 2999999", _world.Do("transcript", uuid, "--format", "json", "--jq", ".[-1]|\"\\(.truncated) \\(.text|length)\""));
        Assert.EndsWith(expected[^5000..].Replace("\n", "\n  ", StringComparison.Ordinal), _world.Do("tail", uuid, "-n", "1"), StringComparison.Ordinal);
        var turn = Path.Combine(_world.Home, "turns", $"{uuid}.turn");
        Assert.InRange(new FileInfo(turn).Length, 1, 1000);
        _world.Do("delete", uuid);
        Assert.False(File.Exists(turn));
    }

    [Fact]
    public void A_new_session_and_a_delegate_answer_with_megabytes()
    {
        Assert.Equal(2_999_999, _world.Do("new", "--agent", "claude", "--headless", "--msg", "long [[fill:3000000]]").Length);
        Assert.Equal("false 2999999", _world.Do("delegate", "--agent", "codex", "long [[fill:3000000]]", "--json", "--jq", "\"\\(.truncated) \\(.reply|length)\""));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void While_the_turn_runs_its_pane_is_not_sought_and_resume_waits_for_its_end(string agent)
    {
        var uuid = _world.Detached(agent);
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:6]]");
        var keys = _world.Run("pane-keys", uuid, "Enter");
        Assert.Equal((1, $"session {uuid} has no pane: it is at a headless turn; wait for it with \"sesh await {uuid}\""), (keys.Status, keys.Complaint));
        var resume = _world.Run("resume", uuid, "--target", $"{_world.Tmux.Socket}:x");
        Assert.Equal((0, $"sesh: waiting for the turn of {uuid} to end"), (resume.Status, resume.Error.Split('\n')[0]));
        Assert.Equal(["user: slow [[sleep:6]]", "assistant: echo: slow"], _world.Said(uuid).Skip(2));
        Assert.Equal("echo: there", _world.Do("send", uuid, "there"));
    }

    [Fact]
    public void A_folder_that_is_gone_is_told()
    {
        var uuid = _world.Detached("claude");
        Directory.Delete(_world.Work, recursive: true);
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(1, run.Status);
        Assert.StartsWith($"the session's folder is gone: {_world.Work}; make it again", run.Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_transcript_that_is_gone_is_told(string agent)
    {
        var uuid = _world.Detached(agent);
        File.Delete(_world.Do("info", uuid, "--json", "--jq", ".filePath"));
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(1, run.Status);
        Assert.StartsWith($"the transcript of session {uuid} is gone: {agent} cannot go on with it", run.Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void One_that_was_only_recorded_takes_its_first_turn(string agent)
    {
        var uuid = _world.Do("new", "--agent", agent, "--no-launch");
        Assert.Equal("echo: hello", _world.Do("send", uuid, "hello"));
        Assert.Equal("echo: again", _world.Do("send", uuid, "again"));
        Assert.Equal(["user: hello", "assistant: echo: hello", "user: again", "assistant: echo: again"], _world.Said(uuid));
        Assert.Equal("1", _world.Do("list", "--json", "--jq", "length"));
    }

    [Theory]
    [InlineData("FAKE_LAST_WORDS", "Please log in first", "the turn failed: Please log in first")]
    public void An_agent_that_ends_at_once_is_told(string variable, string value, string complaint)
    {
        var uuid = _world.Detached("claude");
        _world.Variables[variable] = value;
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal((1, complaint), (run.Status, run.Complaint));
    }

    [Fact]
    public void An_agent_that_hangs_is_waited_for_no_longer_than_asked()
    {
        var uuid = _world.Detached("pi");
        _world.Variables["FAKE_HANG"] = "1";
        var run = _world.Run("send", uuid, "--timeout", "2", "hello");
        Assert.Equal(124, run.Status);
        Assert.StartsWith("no answer yet; the turn goes on", run.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_that_is_not_installed_is_told()
    {
        var uuid = _world.Detached("claude");
        File.Delete(Path.Combine(_world.Tmux.Folder, "agents-bin", "claude"));
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(1, run.Status);
        Assert.StartsWith("claude is not on PATH", run.Complaint, StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();
}
