using System.Text;
using Sesh.Agents.Reports;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Agents.Reports;

public sealed class HookRulesTests
{
    private const string Id = "11111111-1111-4111-8111-111111111111";
    private const string Other = "22222222-2222-4222-8222-222222222222";

    private static Report? After(params string[] told)
    {
        Report? report = null;
        var now = 1000L;
        foreach (var json in told)
            report = HookRules.Claude(report, HookEvent.Parse(Encoding.UTF8.GetBytes(json)), 50, 7, now++);
        return report;
    }

    private static string Event(string name, string more = "", string id = Id) => $$"""{"session_id":"{{id}}","cwd":"/a","hook_event_name":"{{name}}"{{more}}}""";

    private static readonly string Prompt = Event("UserPromptSubmit", ",\"prompt\":\"x\"");
    private static readonly string Asks = Event("PermissionRequest", ",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"rm x\"}");
    private static readonly string Notice = Event("Notification", ",\"message\":\"Claude needs your permission\",\"notification_type\":\"permission_prompt\"");

    [Fact]
    public void A_turn_is_told_at_its_start_and_at_its_end()
    {
        Assert.Equal(TurnStatus.Idle, After(Event("SessionStart", ",\"source\":\"startup\""))!.Status);
        Assert.Equal(new Report("claude", 50, 7, 1000, TurnStatus.Busy, "UserPromptSubmit", Id, ""), After(Prompt));
        Assert.Equal(TurnStatus.Idle, After(Prompt, Event("Stop"))!.Status);
    }

    [Fact]
    public void Of_the_hooks_that_tell_one_question_the_first_counts()
    {
        Assert.Equal((TurnStatus.Blocked, "Bash: rm x"), Told(After(Prompt, Asks, Notice)));
        Assert.Equal((TurnStatus.Blocked, "Claude needs your permission"), Told(After(Prompt, Notice, Asks)));
        Assert.Equal((TurnStatus.Busy, ""), Told(After(Prompt, Asks, Event("PostToolUse"))));
        Assert.Equal((TurnStatus.Blocked, "which one?"), Told(After(Prompt, Event("PreToolUse", ",\"tool_name\":\"AskUserQuestion\",\"tool_input\":{\"questions\":[{\"question\":\"which one?\"}]}"), Notice)));
    }

    [Fact]
    public void A_question_of_the_session_before_is_not_this_ones() =>
        Assert.Equal("Claude needs your permission", After(Prompt, Asks, Notice.Replace(Id, Other, StringComparison.Ordinal))!.Question);

    [Theory]
    [InlineData(",\"message\":\"Claude is waiting for your input\",\"notification_type\":\"idle_prompt\"", TurnStatus.Idle)]
    [InlineData(",\"message\":\"Claude is waiting for your input\"", TurnStatus.Busy)]
    [InlineData(",\"message\":\"signed in\",\"notification_type\":\"auth_success\"", TurnStatus.Busy)]
    [InlineData(",\"message\":\"Claude needs your permission to use Bash\"", TurnStatus.Blocked)]
    public void Not_every_notification_is_a_question(string more, TurnStatus status) => Assert.Equal(status, After(Prompt, Event("Notification", more))!.Status);

    [Fact]
    public void A_sub_agents_events_are_not_the_sessions() =>
        Assert.Equal(TurnStatus.Busy, After(Prompt, Event("Stop", ",\"agent_id\":\"a1\""), Event("SubagentStop"))!.Status);

    [Fact]
    public void The_id_follows_a_clear_and_a_compaction_and_the_turn_goes_on_through_the_latter()
    {
        var cleared = After(Prompt, Event("Stop"), Event("SessionEnd", ",\"reason\":\"clear\""), Event("SessionStart", ",\"source\":\"clear\"", Other))!;
        Assert.Equal((Other, TurnStatus.Idle), (cleared.AgentId, cleared.Status));
        var compacted = After(Prompt, Event("SessionStart", ",\"source\":\"compact\"", Other))!;
        Assert.Equal((Other, TurnStatus.Busy), (compacted.AgentId, compacted.Status));
    }

    [Fact]
    public void Who_leaves_holds_nothing() => Assert.Null(After(Prompt, Event("SessionEnd", ",\"reason\":\"prompt_input_exit\"")));

    [Fact]
    public void Codex_tells_ends_alone()
    {
        var told = HookEvent.Parse(Encoding.UTF8.GetBytes($$"""{"type":"agent-turn-complete","thread-id":"{{Id}}","cwd":"/a","input-messages":["x"],"last-assistant-message":"y"}"""));
        Assert.Equal(new Report("codex", 5, 6, 9, TurnStatus.Idle, "agent-turn-complete", Id, ""), HookRules.Codex(null, told, 5, 6, 9));
        Assert.Null(HookRules.Codex(null, told with { Name = "something-else" }, 5, 6, 9));
    }

    [Fact]
    public void What_is_cut_short_says_what_came_before_the_cut()
    {
        var json = Event("PostToolUse", ",\"tool_name\":\"Read\",\"tool_response\":\"" + new string('x', 1000));
        var told = HookEvent.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Equal(("PostToolUse", Id, "Read"), (told.Name, told.SessionId, told.Tool));
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a\\nb")]
    public void An_id_that_could_be_a_path_or_a_line_is_none(string id) => Assert.Null(After(Event("UserPromptSubmit", "", id)));

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        var report = new Report("claude", 50, 7, 1732623629123, TurnStatus.Blocked, "PermissionRequest", Id, "Bash: echo ü\u200b — x");
        Assert.Equal(report, Report.Read(report.ToBytes()));
        for (var length = 0; length < 40; length++)
            Assert.Null(Report.Read(report.ToBytes().AsSpan(0, length)));
    }

    private static (TurnStatus, string) Told(Report? report) => (report!.Status, report.Question);
}
