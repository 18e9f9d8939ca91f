using Xunit;

namespace Sesh.Tests.Driving;

/// <summary><c>abort</c> and <c>compact</c>.</summary>
public sealed class AbortTests : IDisposable
{
    private readonly DrivenWorld _world = new();

    public static TheoryData<string> Agents() => [.. DrivenWorld.Agents];

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_turn_in_a_pane_ends_and_leaves_the_box_empty(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "warm");
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:60]]");
        _world.Do("abort", uuid);
        Assert.Equal("idle", _world.Do("state", uuid));
        Assert.Equal("echo: next", _world.Do("send", uuid, "next"));
        var run = _world.Run("abort", uuid);
        Assert.Equal((0, $"{uuid} is at no turn"), (run.Status, run.Complaint));
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    public void A_question_is_declined(string agent)
    {
        var uuid = _world.New(agent);
        _world.Run("send", uuid, "ask [[tool:bash:touch asked]]");
        _world.Do("abort", uuid);
        Assert.False(File.Exists(Path.Combine(_world.Work, "asked")));
        Assert.Equal("echo: next", _world.Do("send", uuid, "next"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_runners_turn_ends_with_its_agent(string agent)
    {
        var uuid = _world.Detached(agent);
        using var sending = _world.Start("send", uuid, "slow [[sleep:60]]");
        Until.True(() => _world.Do("state", uuid) == "busy", "the turn runs");
        _world.Do("abort", uuid);
        Assert.True(sending.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, sending.ExitCode);
        Assert.Equal("sesh: the turn was interrupted\n", sending.StandardError.ReadToEnd());
        Until.True(() => _world.Strays().Count == 0, "nothing of it runs any more");
        Assert.Equal("echo: next", _world.Do("send", uuid, "next"));
    }

    [Fact]
    public void Where_it_cannot_be_told_whether_there_is_a_turn_that_is_said()
    {
        var uuid = _world.Detached("codex");
        var unclear = _world.Tmux.Run("-c", _world.Work, "-e", $"HOME={_world.UserHome}", "-e", "FAKE_HANG=1", Path.Combine(_world.Variables["PATH"].Split(':')[0], "codex"));
        Until.True(() => _world.Do("state", uuid) == "unknown", "another codex runs there");
        var run = _world.Run("abort", uuid);
        Assert.Equal(1, run.Status);
        Assert.Contains("does not show which session it holds", run.Complaint, StringComparison.Ordinal);
        _world.Tmux.Server.KillPane(unclear);
    }

    [Fact]
    public void A_dialog_is_not_escaped_from()
    {
        var uuid = _world.New("claude", ("FAKE_TRUST", "1"));
        var run = _world.Run("abort", uuid);
        Assert.Equal(6, run.Status);
        Assert.StartsWith("claude asks whether to trust the folder: there is no turn to end", run.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_session_is_never_inferred()
    {
        _world.Variables["SESH_SESSION_ID"] = _world.New("claude");
        string[][] lines = [["abort"], ["abort", ""], ["send"], ["send", "", "hello"], ["delete"], ["delete", ""], ["compact"], ["compact", ""], ["await"], ["await", ""]];
        Assert.All(lines, line => Assert.Equal(2, _world.Run(line).Status));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_context_is_compacted_and_the_conversation_goes_on(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "one");
        _world.Do("compact", uuid);
        Assert.Contains("compacted", _world.Do("transcript", uuid), StringComparison.Ordinal);
        Assert.Equal("echo: two", _world.Do("send", uuid, "two"));
        _world.End(uuid);
        var run = _world.Run("compact", uuid);
        Assert.Equal((1, $"session {uuid} is not live: only a live agent compacts; \"sesh resume {uuid}\" first"), (run.Status, run.Complaint));
    }

    [Theory]
    [InlineData("codex", "codex did not compact: ■ nothing to compact; look with")]
    [InlineData("pi", "pi did not compact: Error: Compaction failed: Nothing to compact (session too small); look with")]
    public void Nothing_to_compact_is_told(string agent, string complaint)
    {
        var uuid = _world.New(agent);
        var run = _world.Run("compact", uuid);
        Assert.Equal(1, run.Status);
        Assert.StartsWith(complaint, run.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_command_of_claudes_own_prints_is_the_answer()
    {
        var uuid = _world.New("claude");
        _world.Do("send", uuid, "one");
        Assert.Equal("Compacted", _world.Do("send", uuid, "/compact"));
        Assert.Equal("echo: /compact", _world.Do("send", uuid, " /compact"));
    }

    public void Dispose() => _world.Dispose();
}
