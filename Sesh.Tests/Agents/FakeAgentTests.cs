using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Agents;

/// <summary>The whole of reading a live agent, from tmux and /proc, against the fakes: what they show is what the real ones were seen to show.</summary>
public sealed class FakeAgentTests
{
    private static void Is(FakePane pane, TurnStatus status) => Until.True(() => pane.Turn?.Status == status, $"{pane.Agent.Name} is {status}");

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void A_turn_is_seen_from_its_start_to_its_end_in_the_transcript(string agent)
    {
        using var pane = new FakePane(agent, agent == "pi" ? ["--session-id", "named"] : []);
        Is(pane, TurnStatus.Idle);
        var id = pane.Live!.AgentId;
        Assert.NotEqual("", id);

        pane.Say("hello [[sleep:1]]");
        Is(pane, TurnStatus.Busy);
        Is(pane, TurnStatus.Idle);

        Until.True(() => pane.Facts is { Turns: 1, LastTurn: TurnEnd.Ended }, "the turn stands in the transcript");
        var facts = pane.Facts!;
        Assert.Equal((id, pane.Folder, "hello [[sleep:1]]", "echo: hello"), (facts.AgentId, facts.Cwd, facts.FirstPrompt, facts.LastReply));
        Assert.Equal(id, pane.Live!.AgentId);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    public void A_question_blocks_and_is_named(string agent)
    {
        using var pane = new FakePane(agent);
        Is(pane, TurnStatus.Idle);

        pane.Say("ask [[tool:bash:echo done]]");
        Is(pane, TurnStatus.Blocked);
        Until.True(() => pane.Turn!.PendingQuestion.Contains("echo done", StringComparison.Ordinal), "the question names the command");
        pane.Press("Enter");
        Is(pane, TurnStatus.Idle);

        Until.True(() => pane.Facts?.LastReply == "echo: ask\ntool: done", "the answer");
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void An_interrupted_turn_leaves_it_idle(string agent)
    {
        using var pane = new FakePane(agent, agent == "pi" ? ["--session-id", "named"] : []);
        Is(pane, TurnStatus.Idle);
        pane.Say("hello [[sleep:60]]");
        Is(pane, TurnStatus.Busy);

        pane.Press("Escape");

        Is(pane, TurnStatus.Idle);
    }

    [Fact]
    public void Claude_holds_another_session_after_clear()
    {
        using var pane = new FakePane("claude", "--session-id", ClaudeLines.Id);
        Is(pane, TurnStatus.Idle);
        Assert.Equal(ClaudeLines.Id, pane.Live!.AgentId);

        pane.Say("/clear");

        Until.True(() => pane.Live is { } live && live.AgentId != ClaudeLines.Id, "the new id is seen");
        Assert.Contains(pane.Live!.Evidence, evidence => evidence is { Source: "argv", Value: ClaudeLines.Id });
    }

    [Fact]
    public void Codex_is_in_the_new_thread_after_new_though_it_holds_both()
    {
        using var pane = new FakePane("codex");
        Is(pane, TurnStatus.Idle);
        pane.Say("first");
        Until.True(() => pane.Facts is { Turns: 1, LastTurn: TurnEnd.Ended }, "the first turn");
        var first = pane.Live!.AgentId;

        pane.Say("/new");

        Until.True(() => pane.Live!.AgentId != first, "the new thread is seen");
        Assert.Contains(pane.Live!.Evidence, evidence => evidence.Value == first);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void Killed_it_is_nowhere(string agent)
    {
        using var pane = new FakePane(agent, agent == "pi" ? ["--session-id", "named"] : []);
        Is(pane, TurnStatus.Idle);
        var live = pane.Live!;
        Assert.Contains(pane.Agent.Announced(ProcessTable.Open()), other => other.AgentId == live.AgentId);

        _ = Libc.Kill(live.Pid, Libc.SigKill);

        Until.True(() => ProcessTable.Open().Find(live.Pid) is null, "the process is gone");
        Assert.DoesNotContain(pane.Agent.Announced(ProcessTable.Open()), other => other.AgentId == live.AgentId);
    }
}
