using Sesh.Agents;
using Sesh.Agents.Codex;
using Xunit;
using static Sesh.Tests.Agents.CodexLines;

namespace Sesh.Tests.Agents;

public sealed class CodexParserTests
{
    [Fact]
    public void A_plain_turn_gives_prompt_reply_model_tokens_and_folder()
    {
        var facts = Given.Codex(
            Meta(), Started, User("<environment_context>\n  <cwd>/src/a</cwd>\n</environment_context>"), Line("turn_context", """{"cwd":"/src/b","model":"gpt-6-sol"}"""), User("hello"),
            Event("""{"type":"item_completed","item":{"type":"UserMessage","content":[{"type":"text","text":"hello"}]}}"""),
            Event("""{"type":"item_completed","item":{"type":"AgentMessage","content":[{"type":"Text","text":"hi"}]}}"""), Agent("hi"), Tokens(129200), Complete("\"hi\""));

        Assert.Equal((Id, "/src/b", "hello", "hi", "gpt-6-sol"), (facts.AgentId, facts.Cwd, facts.FirstPrompt, facts.LastReply, facts.Model));
        Assert.Equal((1, 129200L, 258400L, 50, TurnEnd.Ended), (facts.Turns, facts.ContextTokens, facts.ContextWindow, facts.ContextPct, facts.LastTurn));
        Assert.False(facts.Hidden);
        Assert.Equal(0, facts.StrangeLines);
    }

    [Fact]
    public void A_turn_not_ended_is_open_with_its_call()
    {
        var facts = Given.Codex(Meta(), Started, User("go"), Line("response_item", """{"type":"function_call","name":"exec_command","arguments":"{\"cmd\":\"touch x\"}","call_id":"c"}"""));

        Assert.Equal((TurnEnd.Open, "exec_command: touch x"), (facts.LastTurn, facts.PendingTool));
    }

    [Fact]
    public void Text_before_and_behind_a_call_is_one_reply()
    {
        var facts = Given.Codex(
            Meta(), Started, User("go"), Agent("let me see"), Line("response_item", """{"type":"custom_tool_call","name":"exec","input":"run()","call_id":"c"}"""),
            Line("response_item", """{"type":"custom_tool_call_output","call_id":"c","output":[{"type":"input_text","text":"ok"}]}"""), Agent("done"), Complete("\"done\""));

        Assert.Equal(("let me see\ndone", 1), (facts.LastReply, facts.Turns));
    }

    [Fact]
    public void An_interrupted_turn() => Assert.Equal(TurnEnd.Interrupted, Given.Codex(Meta(), Started, User("go"), Event("""{"type":"turn_aborted","reason":"interrupted"}""")).LastTurn);

    [Fact]
    public void A_failed_turn() => Assert.Equal(TurnEnd.Failed, Given.Codex(Meta(), Started, User("go"), Event("""{"type":"error","message":"500"}"""), Complete()).LastTurn);

    [Fact]
    public void A_steered_turn_is_one()
    {
        var facts = Given.Codex(Meta(), Started, User("one"), User("two"), Complete());

        Assert.Equal((1, "one"), (facts.Turns, facts.FirstPrompt));
    }

    [Fact]
    public void A_compaction_task_without_a_prompt_is_no_turn()
    {
        var facts = Given.Codex(Meta(), Started, User("a"), Agent("b"), Tokens(5), Complete(), Started, Line("compacted", """{"message":"short"}"""), Complete());

        Assert.Equal((1, "b", null), (facts.Turns, facts.LastReply, facts.ContextTokens));
    }

    [Fact]
    public void A_fork_is_itself_and_not_its_parent()
    {
        const string Parent = "11111111-1111-7111-8111-111111111111";
        var facts = Given.Codex(Meta($",\"forked_from_id\":\"{Parent}\""), Meta(id: Parent), Started, User("old"), Agent("x"), Complete(), Started, User("new"), Agent("y"), Complete());

        Assert.Equal((Id, "old", 2, "y"), (facts.AgentId, facts.FirstPrompt, facts.Turns, facts.LastReply));
    }

    [Theory]
    [InlineData(",\"thread_source\":\"subagent\"")]
    [InlineData(",\"source\":{\"subagent\":{\"thread_spawn\":{}}}")]
    public void A_thread_that_works_for_another_is_hidden(string more) => Assert.True(Given.Codex(Meta(more)).Hidden);

    [Fact]
    public void Rollouts_of_old_versions_count_prompts()
    {
        var facts = Given.Codex(
            Meta(), User("<user_instructions>x</user_instructions>"), User("one"), Event("""{"type":"user_message","message":"one"}"""), Agent("first"), Event("""{"type":"agent_message","message":"first"}"""),
            User("# AGENTS.md instructions for /src\n<INSTRUCTIONS>x</INSTRUCTIONS>"), User("two"), Event("""{"type":"user_message","message":"two"}"""), Agent("second"));

        Assert.Equal((2, "one", "second", TurnEnd.Unknown), (facts.Turns, facts.FirstPrompt, facts.LastReply, facts.LastTurn));
    }

    [Fact]
    public void A_name_comes_from_the_index_and_the_last_one_counts()
    {
        using var home = new AgentHome();
        home.Write(".codex/session_index.jsonl", "{\"id\":\"" + Id + "\",\"thread_name\":\"first\"}", "garbage", "{\"id\":\"" + Id + "\",\"thread_name\":\"second\"}");
        var rollout = home.Write($".codex/sessions/2026/11/22/rollout-2026-11-22T21-50-44-{Id}.jsonl", Meta(), Started, User("go"));
        using var stream = TranscriptStream.Open(rollout);

        Assert.Equal("second", new CodexAgent(home.Environment).Read(stream).Title);
    }

    [Fact]
    public void A_compressed_rollout_says_nothing()
    {
        var facts = TranscriptReading.Read(new MemoryStream([0x28, 0xB5, 0x2F, 0xFD, 10, 1, 2, 3, 10, 4]), new CodexParser());

        Assert.Equal(new TranscriptFacts(), facts);
    }

    [Fact]
    public void Entries_leave_out_what_codex_injects()
    {
        var entries = Given.EntriesOf(
            "codex", Meta(), Started, User("<environment_context>x</environment_context>"), User("go"),
            Line("response_item", """{"type":"function_call","name":"shell","arguments":"{\"command\":[\"bash\",\"-lc\",\"ls\"]}","call_id":"c"}"""),
            Line("response_item", """{"type":"function_call_output","call_id":"c","output":"a\nb"}"""), Agent("two"), Complete());

        Assert.Equal(
            [(EntryRole.User, "go", ""), (EntryRole.Assistant, "bash -lc ls", "shell"), (EntryRole.Tool, "a\nb", "shell"), (EntryRole.Assistant, "two", "")],
            entries.Select(entry => (entry.Role, entry.Text, entry.Tool)));
    }
}
