using Sesh.Agents;
using Sesh.Agents.Codex;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Agents;

public sealed class LiveCodexTests : IDisposable
{
    private const string Older = "01a20530-0000-7567-8e5e-2525d8b69a9f";
    private const string Newer = "01a20531-0000-7567-8e5e-2525d8b69a9f";

    private readonly AgentHome _home = new();
    private readonly GivenProcesses _processes = new();
    private readonly CodexAgent _agent;

    public LiveCodexTests() => _agent = new CodexAgent(_home.Environment);

    public void Dispose() => _home.Dispose();

    private string Lock(string id, int holder)
    {
        var path = _home.WriteText($".codex/thread-writer-locks/{id}.lock", "");
        _processes.Locks[path] = holder;
        return path;
    }

    private string Rollout(string id, DateTime written, string more = "")
    {
        var path = _home.Write($".codex/sessions/2026/11/22/rollout-2026-11-22T21-50-43-{id}.jsonl", CodexLines.Meta(more, id));
        File.SetLastWriteTimeUtc(path, written);
        return path;
    }

    private LiveAgent Live(params string[] files)
    {
        _processes.Files[50] = files;
        return _agent.Identify(_processes.Add(50, "codex", arguments: ["codex"]), _processes)!;
    }

    [Fact]
    public void The_lock_it_holds_says_which_thread()
    {
        var live = Live(Lock(Newer, 50));

        Assert.Equal((Newer, false), (live.AgentId, live.Background));
        Assert.Contains(live.Evidence, evidence => evidence is { Fact: "agentSessionId", Source: "lock", Value: Newer });
    }

    [Fact]
    public void A_lock_that_another_holds_and_a_rollout_only_read_do_not_count() => Assert.Equal(Older, Live(Lock(Older, 50), Lock(Newer, 77), Rollout(Newer, DateTime.UtcNow)).AgentId);

    [Fact]
    public void Without_locks_the_open_rollout_says_it() => Assert.Equal(Newer, Live(Rollout(Newer, DateTime.UtcNow)).AgentId);

    [Fact]
    public void After_new_the_younger_thread_is_current_and_the_other_is_told()
    {
        var live = Live(Lock(Older, 50), Rollout(Older, new DateTime(2026, 11, 22, 21, 0, 0, DateTimeKind.Utc)), Lock(Newer, 50));

        Assert.Equal(Newer, live.AgentId);
        Assert.Contains(live.Evidence, evidence => evidence.Value == Older);
    }

    [Fact]
    public void Back_in_the_older_thread_what_was_written_last_is_current() =>
        Assert.Equal(Older, Live(Lock(Older, 50), Rollout(Older, DateTime.UtcNow.AddYears(2)), Lock(Newer, 50)).AgentId);

    [Fact]
    public void A_sub_agents_thread_is_not_the_users()
    {
        var live = Live(Lock(Older, 50), Rollout(Older, DateTime.UtcNow.AddYears(1)), Lock(Newer, 50), Rollout(Newer, DateTime.UtcNow.AddYears(2), ",\"thread_source\":\"subagent\""));

        Assert.Equal(Older, live.AgentId);
    }

    [Theory]
    [InlineData(Older, "codex", "resume", Older)]
    [InlineData(Older, "codex", "resume", "-C", "/src", Older, "-c", "x=y")]
    [InlineData("", "codex", "resume", "--last")]
    [InlineData("", "codex", "a prompt")]
    public void Holding_nothing_the_command_line_says_it(string id, params string[] arguments) => Assert.Equal(id, _agent.Identify(_processes.Add(50, "codex", arguments: arguments), _processes)?.AgentId);

    [Theory]
    [InlineData("codex", "codex", "app-server", "--listen", "unix://")]
    [InlineData("codex", "codex", "queue", "--thread", Older)]
    [InlineData("node", "node", "/x/codex.js")]
    [InlineData("codex-code-mode", "codex-code-mode-host", "--listen", "grpc+stdio://")]
    public void Servers_helpers_and_launchers_are_no_sessions(string name, params string[] arguments) => Assert.Null(_agent.Identify(_processes.Add(50, name, arguments: arguments), _processes));

    [Fact]
    public void A_codex_built_under_a_longer_name_is_a_codex() => Assert.NotNull(_agent.Identify(_processes.Add(50, "codex-x86_64-unk", arguments: ["codex"]), _processes));

    [Fact]
    public void Threads_that_the_background_server_holds_are_live_without_a_pane()
    {
        _processes.Add(60, "codex", arguments: ["codex", "app-server", "--listen", "unix://", "--managed-daemon"]);
        _processes.Files[60] = [Lock(Older, 60), Lock(Newer, 60)];
        _home.WriteText(".codex/app-server-daemon/daemon.pid", """{"pid":60,"startTicks":1000}""");

        var announced = _agent.Announced(_processes).ToList();

        Assert.Equal([Older, Newer], announced.Select(live => live.AgentId).Order());
        Assert.All(announced, live => Assert.True(live is { Background: true, Pid: 60 }));
    }

    [Theory]
    [InlineData("⠇ title | a", "", TurnStatus.Busy, "")]
    [InlineData("[ ! ] Action Required | a", "  Would you like to run the following command?\n  $ touch x\n› 1. Yes, proceed (y)\n  Press enter to confirm or esc to cancel", TurnStatus.Blocked, "Would you like to run the following command? $ touch x")]
    [InlineData("title | a", "never asked", TurnStatus.Idle, "")]
    [InlineData("somebox", "• Working (2s • esc to interrupt)\n\n› Ask Codex to do anything\n\n  GPT · /src/a\n  ? for shortcuts", TurnStatus.Busy, "")]
    [InlineData("somebox", "› Ask Codex to do anything\n\n  GPT · /src/a\n  ? for shortcuts", TurnStatus.Idle, "")]
    [InlineData("somebox", "  Trust this folder?\n› 1. Yes, continue\n  2. No, quit\n  Press enter to continue", TurnStatus.Blocked, "Trust this folder?")]
    [InlineData("somebox", "", TurnStatus.Unknown, "")]
    [InlineData("title | a", "  Where should the new chat work?\n› 1. Use current Git worktree\n  2. Create a new worktree", TurnStatus.Blocked, "Where should the new chat work?")]
    [InlineData("title | a", "  New chat\n  1. Use current Git worktree\n› 2. Create a new worktree", TurnStatus.Blocked, "a choice from a list")]
    [InlineData("title | a", "› 1. this and\n  2. that\n\n• done\n\n› Ask Codex to do anything\n\n  GPT · /src/a", TurnStatus.Idle, "")]
    public void Title_then_screen_tell_the_turn(string title, string screen, TurnStatus status, string question)
    {
        var reading = _agent.ReadTurn(Live(Lock(Newer, 50)), new PaneView(title, () => screen), new TranscriptFacts { LastTurn = TurnEnd.Ended });

        Assert.Equal((status, question), (reading.Status, reading.PendingQuestion));
    }

    [Theory]
    [InlineData((byte)TurnEnd.Open, TurnStatus.Busy)]
    [InlineData((byte)TurnEnd.Interrupted, TurnStatus.Idle)]
    [InlineData((byte)TurnEnd.Unknown, TurnStatus.Unknown)]
    public void Without_a_pane_the_rollout_of_a_held_thread_tells(byte end, TurnStatus status) =>
        Assert.Equal(status, _agent.ReadTurn(Live(Lock(Newer, 50)), null, new TranscriptFacts { LastTurn = (TurnEnd)end }).Status);

    [Theory]
    [InlineData(-60_000, TurnStatus.Idle)]
    [InlineData(-500, TurnStatus.Busy)]
    [InlineData(60_000, TurnStatus.Busy)]
    public void A_turn_left_open_before_the_process_was_started_is_not_its_turn(long after, TurnStatus status)
    {
        _processes.Files[50] = [Lock(Newer, 50)];
        var process = _processes.Add(50, "codex", start: 5000, arguments: ["codex", "resume", Newer]);
        var live = _agent.Identify(process, _processes)!;

        Assert.Equal(status, _agent.ReadTurn(live, null, new TranscriptFacts { LastTurn = TurnEnd.Open, LastActivity = ProcessTimes.StartedAt(process) + after }).Status);
    }
}
