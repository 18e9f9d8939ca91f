using Sesh.Agents;
using Sesh.Agents.Claude;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Agents;

public sealed class LiveClaudeTests : IDisposable
{
    private const string Old = "11111111-1111-4111-8111-111111111111";
    private const string New = "22222222-2222-4222-8222-222222222222";

    private readonly AgentHome _home = new();
    private readonly GivenProcesses _processes = new();
    private readonly ClaudeAgent _agent;

    public LiveClaudeTests() => _agent = new ClaudeAgent(_home.Environment);

    public void Dispose() => _home.Dispose();

    private void Status(int pid, string id, string status = "idle", string start = "1000", string more = "", string folder = ".claude") =>
        _home.Write($"{folder}/sessions/{pid}.json", $$"""{"pid":{{pid}},"sessionId":"{{id}}","cwd":"/src/a","procStart":"{{start}}","kind":"interactive","status":"{{status}}","statusUpdatedAt":1795384239667{{more}}}""");

    private static PaneView Pane(string title, string screen) => new(title, () => screen);

    [Fact]
    public void The_status_file_says_which_session_and_outranks_the_command_line()
    {
        var process = _processes.Add(50, "claude", arguments: ["claude", "--session-id", Old]);
        Status(50, New, "busy");

        var live = _agent.Identify(process, _processes)!;

        Assert.Equal((New, 50, 1000L, "/src/a", false), (live.AgentId, live.Pid, live.Start, live.Cwd, live.Background));
        Assert.Contains(live.Evidence, evidence => evidence is { Source: "argv", Value: Old });
        Assert.Equal(TurnStatus.Busy, _agent.ReadTurn(live, Pane("✳ x", "never asked"), null).Status);
    }

    [Theory]
    [InlineData("--session-id", Old, Old)]
    [InlineData("--resume", Old, Old)]
    [InlineData("-r", Old, Old)]
    [InlineData("--resume", "not-an-id", "")]
    [InlineData("--model", "sonnet", "")]
    public void Without_a_status_file_the_command_line_says_it(string option, string value, string id) =>
        Assert.Equal(id, _agent.Identify(_processes.Add(50, "claude", arguments: ["claude", option, value]), _processes)?.AgentId);

    [Fact]
    public void A_fork_has_another_id_than_the_one_it_names() =>
        Assert.Equal("", _agent.Identify(_processes.Add(50, "claude", arguments: ["claude", $"--resume={Old}", "--fork-session"]), _processes)?.AgentId);

    [Fact]
    public void A_status_file_of_an_earlier_process_with_the_same_pid_does_not_count()
    {
        Status(50, Old, "busy", start: "999");

        var live = _agent.Identify(_processes.Add(50, "claude", arguments: ["claude"]), _processes)!;

        Assert.Equal("", live.AgentId);
        Assert.Empty(_agent.Announced(_processes));
        Assert.Equal(TurnStatus.Unknown, _agent.ReadTurn(live, null, null).Status);
    }

    [Fact]
    public void A_process_with_a_folder_of_its_own_is_found_there()
    {
        var process = _processes.Add(50, "claude", arguments: ["claude"]);
        _processes.Variables[(50, "CLAUDE_CONFIG_DIR")] = _home.At("work");
        Status(50, New, folder: "work");

        Assert.Equal(New, _agent.Identify(process, _processes)?.AgentId);
        Assert.Equal(New, Assert.Single(_agent.Announced(_processes)).AgentId);
    }

    [Fact]
    public void A_process_of_another_home_is_not_announced_and_recognised_in_a_pane_all_the_same()
    {
        var process = _processes.Add(50, "claude", arguments: ["claude", "--resume", Old]);
        _processes.Variables[(50, "HOME")] = "/elsewhere";

        Assert.Empty(_agent.Announced(_processes));
        Assert.False(_agent.IsOfThisHome(50, _processes));
        Assert.Equal(Old, _agent.Identify(process, _processes)?.AgentId);
    }

    [Fact]
    public void A_background_session_is_known_as_one()
    {
        Status(50, New, more: ",\"kind\":\"bg\"");

        Assert.True(_agent.Identify(_processes.Add(50, "claude", arguments: ["claude"]), _processes)!.Background);
    }

    [Theory]
    [InlineData("claude", "claude", "daemon", "run")]
    [InlineData("claude", "claude", "agents")]
    [InlineData("claude", "claude", "bg-spare", "--bg-spare", "/tmp/x.sock")]
    [InlineData("claude", "claude", "bg-pty-host", "--bg-pty-host", "/tmp/x.sock", "200", "50", "--", "claude", "--session-id", Old)]
    [InlineData("bash", "bash")]
    [InlineData("node", "node", "/srv/app.js")]
    public void What_is_no_session_is_none(string name, params string[] arguments) => Assert.Null(_agent.Identify(_processes.Add(50, name, arguments: arguments), _processes));

    [Fact]
    public void A_claude_run_by_node_is_one() =>
        Assert.Equal(Old, _agent.Identify(_processes.Add(50, "node", arguments: ["node", "/x/node_modules/@anthropic-ai/claude-code/cli.js", "--resume", Old]), _processes)?.AgentId);

    [Fact]
    public void Waiting_is_blocked_and_says_for_what()
    {
        Status(50, New, "waiting", more: ",\"waitingFor\":\"permission prompt\"");
        var live = _agent.Identify(_processes.Add(50, "claude", arguments: ["claude"]), _processes)!;

        var reading = _agent.ReadTurn(live, null, new TranscriptFacts { PendingTool = "Bash: touch asked", LastTurn = TurnEnd.Open });

        Assert.Equal((TurnStatus.Blocked, "permission prompt: Bash: touch asked"), (reading.Status, reading.PendingQuestion));
        Assert.Equal(1795384239667, Assert.Single(reading.Evidence).At);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"pid\":99999999999,\"sessionId\":7}")]
    public void A_status_file_that_is_none_is_missing_evidence(string text)
    {
        _home.WriteText(".claude/sessions/50.json", text);

        Assert.Equal(Old, _agent.Identify(_processes.Add(50, "claude", arguments: ["claude", "-r", Old]), _processes)?.AgentId);
    }

    [Theory]
    [InlineData("◐ Fix", "", TurnStatus.Busy)]
    [InlineData("⠂ Fix", "", TurnStatus.Busy)]
    [InlineData("✳ Fix", "❯ \n────\n  ? for shortcuts", TurnStatus.Idle)]
    [InlineData("✳ Fix", "● Do you want to see it?\n────\n❯ \n────\n  ? for shortcuts", TurnStatus.Idle)]
    [InlineData("✳ Fix", "────\n Bash command\n Do you want to proceed?\n ❯ 1. Yes\n   2. No\n Esc to cancel", TurnStatus.Blocked)]
    [InlineData("✳ Fix", "❯ \n────\n  ⏸ manual mode on · esc to interrupt", TurnStatus.Busy)]
    [InlineData("box", " Accessing workspace:\n   1. Yes, I trust this folder\n ❯ 2. No, exit\n Enter to confirm", TurnStatus.Blocked)]
    [InlineData("box", "", TurnStatus.Unknown)]
    public void Without_a_status_file_title_and_screen_tell(string title, string screen, TurnStatus status)
    {
        var live = _agent.Identify(_processes.Add(50, "claude", arguments: ["claude"]), _processes)!;

        Assert.Equal(status, _agent.ReadTurn(live, Pane(title, screen), null).Status);
    }

    [Fact]
    public void Its_trust_dialog_waits_for_a_question_not_for_one_of_its_answers()
    {
        var live = _agent.Identify(_processes.Add(50, "claude", arguments: ["claude"]), _processes)!;

        Assert.Equal("Do you trust this folder?", _agent.ReadTurn(live, Pane("box", " Accessing workspace:\n ❯ 1. Yes, I trust this folder\n   2. No, exit\n Enter to confirm"), null).PendingQuestion);
    }

    [Theory]
    [InlineData((byte)TurnEnd.Open, TurnStatus.Unknown)]
    [InlineData((byte)TurnEnd.Ended, TurnStatus.Idle)]
    [InlineData((byte)TurnEnd.Interrupted, TurnStatus.Idle)]
    public void An_open_transcript_alone_proves_nothing(byte end, TurnStatus status)
    {
        var live = _agent.Identify(_processes.Add(50, "claude", arguments: ["claude"]), _processes)!;

        Assert.Equal(status, _agent.ReadTurn(live, null, new TranscriptFacts { LastTurn = (TurnEnd)end }).Status);
    }
}
