using Sesh.Agents;
using Sesh.Agents.Pi;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Agents;

public sealed class LivePiTests : IDisposable
{
    private readonly AgentHome _home = new();
    private readonly GivenProcesses _processes = new();
    private readonly PiAgent _agent;

    public LivePiTests() => _agent = new PiAgent(_home.Environment);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Started_by_hand_it_is_found_and_shows_no_session()
    {
        var live = _agent.Identify(_processes.Add(50, "pi", arguments: ["pi"]), _processes)!;

        Assert.Equal(("", "/src/a"), (live.AgentId, live.Cwd));
        Assert.Empty(_agent.Announced(_processes));
    }

    [Fact]
    public void Started_by_us_its_environment_says_which()
    {
        _processes.Variables[(50, "SESH_AGENT_ID")] = "pi:my-fix";

        Assert.Equal("my-fix", _agent.Identify(_processes.Add(50, "pi", arguments: ["pi"]), _processes)?.AgentId);
    }

    [Fact]
    public void Started_by_another_pi_it_does_not_take_over_its_id()
    {
        _processes.Variables[(50, "SESH_AGENT_ID")] = _processes.Variables[(60, "SESH_AGENT_ID")] = _processes.Variables[(70, "SESH_AGENT_ID")] = "pi:outer";
        _processes.Add(50, "pi", arguments: ["pi"]);
        _processes.Add(60, "bash", parent: 50);

        Assert.Equal("", _agent.Identify(_processes.Add(70, "pi", parent: 60, arguments: ["pi"]), _processes)?.AgentId);
    }

    [Fact]
    public void An_id_of_another_agent_is_not_pis()
    {
        _processes.Variables[(50, "SESH_AGENT_ID")] = "claude:x";

        Assert.Equal("", _agent.Identify(_processes.Add(50, "pi", arguments: ["pi"]), _processes)?.AgentId);
    }

    [Fact]
    public void An_extension_says_what_it_holds_now()
    {
        _processes.Variables[(50, "SESH_AGENT_ID")] = "pi:first";
        _home.WriteText(".pi/agent/live/50.json", $$$"""{"pid":50,"sessionId":"second","status":"busy","updatedAt":{{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}}},"contextUsage":{"tokens":1,"contextWindow":2}}""");

        var live = _agent.Identify(_processes.Add(50, "pi", start: 1, arguments: ["pi"]), _processes)!;

        Assert.Equal("second", live.AgentId);
        Assert.Equal(TurnStatus.Busy, _agent.ReadTurn(live, new PaneView("π", () => "never asked"), null).Status);
    }

    [Fact]
    public void What_an_extension_left_behind_does_not_count()
    {
        _home.WriteText(".pi/agent/live/50.json", """{"pid":50,"sessionId":"second","status":"busy","updatedAt":1000}""");

        Assert.Equal("", _agent.Identify(_processes.Add(50, "pi", start: 1, arguments: ["pi"]), _processes)?.AgentId);
    }

    [Theory]
    [InlineData("node", "node", "/srv/app.js")]
    [InlineData("bash", "bash")]
    public void What_is_no_pi_is_none(string name, params string[] arguments) => Assert.Null(_agent.Identify(_processes.Add(50, name, arguments: arguments), _processes));

    [Theory]
    [InlineData("π - a", "── ⠏ Working ──────\n\n──────\n/src/a (main)\n0.7%/200k", TurnStatus.Busy)]
    [InlineData("π - a", "I am Working on it\n──────\n\n──────\n/src/a (main)\n0.7%/200k", TurnStatus.Idle)]
    [InlineData("somebox", "──────\n\n──────\n", TurnStatus.Unknown)]
    [InlineData("somebox", " Trust project folder?\n → Yes", TurnStatus.Blocked)]
    [InlineData("somebox", "────\n cwd from session file does not exist\n /gone\n\n continue in current cwd\n /new\n → Continue\n   Cancel\n────", TurnStatus.Blocked)]
    [InlineData("π - a", "it said: cwd from session file does not exist\n────\n\n────\n/src/a", TurnStatus.Idle)]
    [InlineData("π - a", "", TurnStatus.Unknown)]
    public void The_screen_tells_the_turn(string title, string screen, TurnStatus status)
    {
        var live = _agent.Identify(_processes.Add(50, "pi", arguments: ["pi"]), _processes)!;

        Assert.Equal(status, _agent.ReadTurn(live, new PaneView(title, () => screen), null).Status);
    }

    [Fact]
    public void A_transcript_says_nothing_of_a_pi_nobody_can_tell() =>
        Assert.Equal(TurnStatus.Unknown, _agent.ReadTurn(_agent.Identify(_processes.Add(50, "pi", arguments: ["pi"]), _processes)!, null, new TranscriptFacts { LastTurn = TurnEnd.Ended }).Status);

    [Theory]
    [InlineData(-60_000, TurnStatus.Idle)]
    [InlineData(60_000, TurnStatus.Busy)]
    public void A_prompt_left_open_before_the_process_was_started_is_not_its_turn(long after, TurnStatus status)
    {
        _processes.Variables[(50, "SESH_AGENT_ID")] = "pi:first";
        var process = _processes.Add(50, "pi", start: 5000, arguments: ["pi"]);
        var live = _agent.Identify(process, _processes)!;

        Assert.Equal(status, _agent.ReadTurn(live, null, new TranscriptFacts { LastTurn = TurnEnd.Open, LastActivity = ProcessTimes.StartedAt(process) + after }).Status);
    }
}
