using System.Diagnostics;
using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Driving;

/// <summary>Sessions that something holds outside of tmux, or that cannot be reached from where one is.</summary>
public sealed class SendElsewhereTests : IDisposable
{
    private readonly DrivenWorld _world = new();
    private readonly List<Process> _started = [];

    [Theory]
    [InlineData("claude")]
    [InlineData("pi")]
    public void A_session_in_a_plain_terminal_is_never_resumed_beside_it(string agent)
    {
        var uuid = _world.Detached(agent);
        var id = _world.Do("info", uuid, "--json", "--jq", ".agentSessionId");
        var pid = Plain(agent, agent == "claude" ? ["--resume", id] : ["--session", _world.Do("info", uuid, "--json", "--jq", ".filePath")], ("SESH_AGENT_ID", $"pi:{id}"));
        Until.True(() => _world.Do("info", uuid, "--json", "--jq", ".live") == "true", "it is seen live");
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(1, run.Status);
        Assert.StartsWith($"session {uuid} is live without a tmux pane: {agent} runs as pid {pid}", run.Complaint, StringComparison.Ordinal);
        Assert.Equal(["user: first", "assistant: echo: first"], _world.Said(uuid));
    }

    [Fact]
    public void One_that_claudes_own_manager_holds_is_refused()
    {
        var uuid = _world.Detached("claude");
        Plain("claude", ["--resume", uuid], ("FAKE_BACKGROUND", "1"));
        Until.True(() => _world.Do("info", uuid, "--json", "--jq", ".live") == "true", "it is seen live");
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(1, run.Status);
        Assert.Contains("claude's own background manager holds it", run.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void To_a_codex_in_a_plain_terminal_the_message_goes_by_its_queue()
    {
        var uuid = _world.Detached("codex");
        var id = _world.Do("info", uuid, "--json", "--jq", ".agentSessionId");
        Plain("codex", ["resume", id]);
        Until.True(() => _world.Do("info", uuid, "--json", "--jq", ".live") == "true", "it is seen live");
        Assert.Equal("looking\necho: hello", _world.Do("send", uuid, "hello [[say:looking]]"));
        Assert.Equal("", _world.Do("send", uuid, "--no-wait", "-x"));
        Until.True(() => _world.Said(uuid).Contains("assistant: echo: -x"), "it is answered");
        Assert.Equal(
            ["user: first", "assistant: echo: first", "user: hello [[say:looking]]", "assistant: looking", "assistant: echo: hello", "user: -x", "assistant: echo: -x"], _world.Said(uuid));
    }

    [Fact]
    public void A_session_of_another_machine_is_that_machines()
    {
        var uuid = _world.Do("new", "--agent", "claude", "--no-launch");
        _world.Variables["SESH_MACHINE"] = "beta";
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(1, run.Status);
        Assert.Contains("alpha", run.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_cannot_wait_for_its_own_turn()
    {
        var uuid = _world.New("claude");
        var program = Process.GetCurrentProcess().MainModule!.FileName.Replace("/Sesh.Tests/bin/", "/Sesh/bin/", StringComparison.Ordinal);
        var sesh = Path.Combine(Path.GetDirectoryName(program)!, "sesh");
        var script = Path.Combine(_world.Work, "own.sh");
        File.WriteAllText(script, $"export SESH_HOME='{_world.Home}' SESH_MACHINE=alpha SESH_TMUX_SOCKETS='{_world.Tmux.Socket}' PATH='{_world.Variables["PATH"]}'\n'{sesh}' send {uuid} hello 2>&1\n");
        Assert.Contains("this runs in the session's own turn", _world.Do("send", uuid, $"ask [[allow]][[tool:bash:sh {script}]]"), StringComparison.Ordinal);
    }

    private int Plain(string agent, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Path.Combine(_world.Tmux.Folder, "agents-bin", agent), arguments)
        {
            WorkingDirectory = _world.Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in _world.Variables.Select(v => (v.Key, v.Value)).Concat(variables))
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        _started.Add(process);
        return process.Id;
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            _ = Libc.Kill(process.Id, Libc.SigKill);
            process.WaitForExit();
            process.Dispose();
        }

        _world.Dispose();
    }
}
