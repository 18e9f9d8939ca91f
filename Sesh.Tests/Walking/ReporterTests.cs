using Sesh.Agents.Reports;
using Sesh.Processes;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Walking;

/// <summary>A claude without a status file, whose hooks run the program itself.</summary>
public sealed class ReporterTests : IDisposable
{
    private readonly World _world = new();
    private readonly string _program = Path.Combine(AppContext.BaseDirectory, "sesh");

    public ReporterTests()
    {
        var command = $"'{_program}' report --agent claude --home '{_world.Store.Options.Home}'";
        var group = $$"""[{"hooks": [{"type": "command", "command": "{{command}}"}]}]""";
        string[] events = ["SessionStart", "UserPromptSubmit", "PermissionRequest", "Notification", "PostToolUse", "Stop", "SessionEnd"];
        Directory.CreateDirectory(Path.Combine(_world.Home, ".claude"));
        File.WriteAllText(Path.Combine(_world.Home, ".claude", "settings.json"), "{\"hooks\": {" + string.Join(", ", events.Select(e => $"\"{e}\": {group}")) + "}}");
        _world.Tmux.Server.Do(["set-environment", "-g", "FAKE_NO_STATUS", "1"]);
    }

    public void Dispose() => _world.Dispose();

    private void Type(string pane, string text) => _world.Tmux.Server.Do(["send-keys", "-l", "-t", pane, "--", text], ["send-keys", "-t", pane, "Enter"]);

    private static Evidence? Reported(LiveRow row) => row.Evidence.FirstOrDefault(e => e is { Fact: "turnStatus", Source: "reporter" });

    [Fact]
    public void The_hooks_tell_each_state_and_what_is_asked()
    {
        var session = _world.New("claude");
        var pane = session.Tmux!.Pane;
        Until.True(() => Reported(_world.Row(session.Uuid)) is { Value: "idle", Detail: "SessionStart" }, "its start is reported");

        Type(pane, "go [[sleep:3]][[tool:bash:echo x]]");
        Until.True(() => _world.Row(session.Uuid) is { TurnStatus: TurnStatus.Busy } row && Reported(row) is { Detail: "UserPromptSubmit" }, "the turn's start is reported");
        Until.True(() => _world.Row(session.Uuid) is { TurnStatus: TurnStatus.Blocked, PendingQuestion: "Bash: echo x" } row && Reported(row) is { Detail: "PermissionRequest" }, "the question is reported");
        _world.Tmux.Server.Do(["send-keys", "-t", pane, "Enter"]);
        Until.True(() => _world.Row(session.Uuid) is { TurnStatus: TurnStatus.Idle } row && Reported(row) is { Detail: "Stop" }, "the end is reported");
        Assert.True(Reported(_world.Row(session.Uuid))!.At > 0);
    }

    [Fact]
    public void The_new_id_after_a_clear_is_written_by_the_next_look()
    {
        var session = _world.New("claude");
        _world.Turn(session, "one");
        Type(session.Tmux!.Pane, "/clear");
        Until.True(() => _world.Look() is not null && _world.Record(session.Uuid).AgentSessionId != session.Uuid.ToString(), "the id drifted");
        var id = _world.Record(session.Uuid).AgentSessionId;
        Assert.Contains(_world.Row(session.Uuid).Evidence, e => e is { Fact: "agentSessionId", Source: "reporter" } && e.Value == id);
        Assert.True(_world.Row(session.Uuid).Live);
    }

    [Fact]
    public void After_Esc_the_pane_is_believed_when_the_report_has_grown_old()
    {
        var session = _world.New("claude");
        var pane = session.Tmux!.Pane;
        Type(pane, "go [[sleep:100]]");
        Until.True(() => _world.Row(session.Uuid) is { TurnStatus: TurnStatus.Busy } row && Reported(row) is not null, "busy is reported");
        _world.Tmux.Server.Do(["send-keys", "-t", pane, "Escape"]);
        Until.True(() => _world.Row(session.Uuid).TurnStatus == TurnStatus.Idle, "idle by its pane");
        Assert.Contains(_world.Row(session.Uuid).Evidence, e => e is { Fact: "turnStatus", Source: "reporter", Value: "busy" });
    }

    [Fact]
    public void Codexs_notify_tells_the_end_of_a_turn_and_the_users_own_is_called_on()
    {
        var called = Path.Combine(_world.Home, "called");
        var own = Path.Combine(_world.Home, "own");
        File.WriteAllText(own, $"#!/bin/sh\nprintf '%s\\n' \"$1\" \"$2\" > '{called}'\n");
        File.SetUnixFileMode(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Path.Combine(_world.Home, ".codex"));
        File.WriteAllText(
            Path.Combine(_world.Home, ".codex", "config.toml"),
            $"notify = [\"{_program}\", \"report\", \"--agent\", \"codex\", \"--home\", \"{_world.Store.Options.Home}\", \"--\", \"{own}\", \"a b\"]\n");
        var session = _world.New("codex");
        _world.Turn(session, "one");
        Until.True(() => Reported(_world.Row(session.Uuid)) is { Value: "idle", Detail: "agent-turn-complete" }, "the end is reported");
        Until.True(() => File.Exists(called) && File.ReadAllLines(called) is ["a b", ['{', ..]], "the user's own is called with its word and the JSON");
        Type(session.Tmux!.Pane, "two [[sleep:100]]");
        Until.True(() => _world.Row(session.Uuid).TurnStatus == TurnStatus.Busy, "the next turn shows, whatever was reported of the last");
    }

    [Fact]
    public void What_is_of_processes_that_are_gone_is_cleaned_up_by_a_look()
    {
        Directory.CreateDirectory(_world.Store.Options.Home);
        var folder = new ReportFolder(_world.Store.Options.Home);
        using var process = new Sesh.Tests.Processes.Spawned("/bin/sleep", ["1000"], "/", []);
        var start = ProcessTable.Open().Find(process.Pid)!.Start;
        Report Of(int pid, long at) => new("claude", pid, at, at, TurnStatus.Idle, "Stop", "x", "");
        folder.Tell("claude", process.Pid, _ => Of(process.Pid, start));
        folder.Tell("claude", 999_999_999, _ => Of(999_999_999, 5));
        folder.Tell("codex", "old", _ => new Report("codex", 1, 1, 1, TurnStatus.Idle, "agent-turn-complete", "old", ""));
        _world.Look();
        Assert.Equal([$"claude-{process.Pid}"], Directory.GetFiles(Path.Combine(_world.Store.Options.Home, "reports")).Select(Path.GetFileName));
    }
}
