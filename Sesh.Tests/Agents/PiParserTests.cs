using Sesh.Agents;
using Sesh.Agents.Pi;
using Xunit;
using static Sesh.Tests.Agents.PiLines;

namespace Sesh.Tests.Agents;

public sealed class PiParserTests
{
    [Fact]
    public void A_plain_turn_gives_name_prompt_reply_model_and_tokens()
    {
        var facts = Given.Pi(
            Session, """{"type":"session_info","id":"s1","parentId":null,"name":"First"}""", """{"type":"session_info","id":"s2","parentId":"s1","name":"Fix it"}""",
            Message("m0", "s2", """{"role":"system","content":"","sections":{}}"""), User("m1", "m0", "hello"), Assistant("m2", "m1", "hi"));

        Assert.Equal(("my-fix", "/src/a", "Fix it", "hello", "hi", "fake-model"), (facts.AgentId, facts.Cwd, facts.Title, facts.FirstPrompt, facts.LastReply, facts.Model));
        Assert.Equal((1, 1447L, TurnEnd.Ended, 0), (facts.Turns, facts.ContextTokens, facts.LastTurn, facts.StrangeLines));
    }

    [Fact]
    public void Steering_is_within_the_turn()
    {
        var facts = Given.Pi(Session, User("1", null, "go"), Call("2", "1"), Result("3", "2"), User("4", "3", "and quickly"), Assistant("5", "4", "done"));

        Assert.Equal((1, "done", TurnEnd.Ended), (facts.Turns, facts.LastReply, facts.LastTurn));
    }

    [Fact]
    public void A_call_without_its_result_is_pending()
    {
        var facts = Given.Pi(Session, User("1", null, "go"), Call("2", "1"));

        Assert.Equal((TurnEnd.Open, "bash: echo hi"), (facts.LastTurn, facts.PendingTool));
    }

    [Fact]
    public void A_turn_that_was_killed_and_the_next_one_are_two() => Assert.Equal(2, Given.Pi(Session, User("1", null, "a"), User("2", "1", "b"), Assistant("3", "2", "B")).Turns);

    [Theory]
    [InlineData("aborted", (byte)TurnEnd.Interrupted)]
    [InlineData("error", (byte)TurnEnd.Failed)]
    [InlineData("length", (byte)TurnEnd.Ended)]
    public void How_a_turn_ends(string stop, byte end) => Assert.Equal((TurnEnd)end, Given.Pi(Session, User("1", null, "go"), Assistant("2", "1", "part", stop)).LastTurn);

    [Fact]
    public void The_path_of_the_last_entry_is_what_counts()
    {
        var facts = Given.Pi(
            Session, User("1", null, "a"), Assistant("2", "1", "A", tokens: 10), User("3", "2", "b"), Assistant("4", "3", "B", tokens: 20), User("5", "4", "c"), Assistant("6", "5", "C", tokens: 30),
            User("7", "2", "b again"), Assistant("8", "7", "B2", tokens: 21));

        Assert.Equal((2, "B2", 21L), (facts.Turns, facts.LastReply, facts.ContextTokens));
    }

    [Fact]
    public void Compaction_makes_the_context_unknown() =>
        Assert.Null(Given.Pi(Session, User("1", null, "a"), Assistant("2", "1", "A"), """{"type":"compaction","id":"3","parentId":"2","summary":"s","tokensBefore":9}""").ContextTokens);

    [Fact]
    public void The_window_of_a_configured_model_is_known()
    {
        using var home = new AgentHome();
        home.Write(".pi/agent/models.json", """{"providers":{"fake":{"models":[{"id":"other"},{"id":"fake-model","contextWindow":14470}]}}}""");
        var file = home.Write(".pi/agent/sessions/--src-a--/2026-11-22T21-50-55-977Z_my-fix.jsonl", Session, User("1", null, "a"), Assistant("2", "1", "A"));
        using var stream = TranscriptStream.Open(file);

        Assert.Equal(10, new PiAgent(home.Environment).Read(stream).ContextPct);
    }

    [Fact]
    public void Entries_are_readable()
    {
        var entries = Given.EntriesOf("pi", Session, User("1", null, "go"), Call("2", "1"), Result("3", "2"), Assistant("4", "3", "done"));

        Assert.Equal(
            [(EntryRole.User, "go", ""), (EntryRole.Assistant, "echo hi", "bash"), (EntryRole.Tool, "hi", "bash"), (EntryRole.Assistant, "done", "")],
            entries.Select(entry => (entry.Role, entry.Text, entry.Tool)));
    }
}
