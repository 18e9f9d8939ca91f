using Sesh.Agents.Codex;
using Sesh.Sessions;
using Sesh.Tests.Agents;
using Sesh.Tmux;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class AgentWithinAgentTests : IDisposable
{
    private const string Held = "01a20530-0000-7567-8e5e-2525d8b69a9f";
    private const string Other = "01a20531-0000-7567-8e5e-2525d8b69a9f";

    private readonly AgentHome _home = new();
    private readonly GivenProcesses _processes = new();

    public void Dispose() => _home.Dispose();

    private string[] Sighted()
    {
        var lookout = new Lookout([new CodexAgent(_home.Environment)], new TmuxSurroundings(null, null, null, Path.Combine(_home.Environment.Home, "none"), null), () => _processes);
        return [.. lookout.Look().Sightings.Select(s => $"{s.Agent.Pid}:{s.Agent.AgentId}").Order()];
    }

    private void Codex(int pid, int parent, string held)
    {
        _processes.Add(pid, "codex", parent: parent, arguments: ["codex"]);
        _processes.Variables[(pid, "HOME")] = _home.Environment.Home;
        if (held.Length == 0)
            return;
        var path = _home.WriteText($".codex/thread-writer-locks/{held}.lock", "");
        (_processes.Locks[path], _processes.Files[pid]) = (pid, [path]);
    }

    [Fact]
    public void One_that_shows_no_session_below_one_that_does_is_a_part_of_it()
    {
        Codex(50, 1, Held);
        _processes.Add(51, "sh", parent: 50, arguments: ["sh"]);
        Codex(52, 51, "");
        Assert.Equal([$"50:{Held}"], Sighted());
    }

    [Fact]
    public void One_that_holds_a_session_of_its_own_counts_wherever_it_runs()
    {
        Codex(50, 1, Held);
        Codex(52, 50, Other);
        Assert.Equal([$"50:{Held}", $"52:{Other}"], Sighted());
    }

    [Fact]
    public void One_that_shows_no_session_below_another_that_shows_none_is_in_doubt()
    {
        Codex(50, 1, "");
        Codex(52, 50, "");
        Assert.Equal(["50:", "52:"], Sighted());
    }
}
