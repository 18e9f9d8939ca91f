using System.Text;
using System.Text.Json.Nodes;
using Sesh.Sync.Wire;
using Sesh.Tests.Tmux;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Going to a session of a machine to which ssh cannot go, over a link: beta, where the session lives, only dials in. What is seen is a pane of a real tmux.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");
    private readonly AgentMachine _agents;
    private readonly RunningDaemon _daemon;
    private readonly PrivateTmux _tmux = new();

    public TerminalTests()
    {
        _agents = new AgentMachine(_beta.Sesh);
        _daemon = new RunningDaemon(_beta.Sesh);
        _alpha.Sesh.Register("near");
    }

    private string Offered => Path.Combine(_alpha.Sesh.Home, "links", "beta.sock");

    public void Dispose()
    {
        _daemon.Dispose();
        _agents.Dispose();
        _tmux.Dispose();
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Fact]
    public void The_session_is_seen_typed_to_and_resized_and_leaving_it_leaves_the_terminal_as_it_was()
    {
        var uuid = _agents.Live();
        BetaDialsIn("drive");
        var pane = Going(uuid);
        pane.Waits("echo: remember");
        pane.Type("from afar");
        pane.Press("Enter");
        pane.Waits("echo: from afar");
        Assert.Equal("100x30 xterm-256color", Assert.Single(_agents.Clients()));
        pane.Resize(70, 20);
        Until.True("the size follows", () => _agents.Clients() is [var client] && client.StartsWith("70x20 ", StringComparison.Ordinal));
        pane.Press("C-b", "d");
        pane.Waits("rc=0");
        pane.Waits("as it was");
        Assert.Empty(_agents.Clients());
        Assert.Equal("true", _agents.Field(uuid, "live"));
        Assert.Contains("beta: terminal", _daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_detached_session_is_resumed_there_with_the_options_as_they_were_given()
    {
        var uuid = _agents.Detached();
        BetaDialsIn("drive");
        var elsewhere = Directory.CreateDirectory(Path.Combine(_beta.Sesh.Root, "a $(touch made) 'b")).FullName;
        var pane = Going($"{uuid} --cwd \"{elsewhere.Replace("$", "\\$", StringComparison.Ordinal)}\"");
        pane.Waits("echo: remember");
        Assert.Equal("true", _agents.Field(uuid, "live"));
        Assert.Equal(elsewhere, _agents.Tmux("display-message", "-p", "-t", _agents.Field(uuid, "tmux.pane"), "#{pane_current_path}"));
        Assert.False(File.Exists(Path.Combine(_beta.Sesh.UserHome, "made")));
        pane.Press("C-b", "d");
        pane.Waits("rc=0");
    }

    [Fact]
    public void The_link_lost_gives_the_terminal_back_and_the_agent_goes_on()
    {
        var uuid = _agents.Live();
        BetaDialsIn("drive");
        var pane = Going(uuid);
        pane.Waits("echo: remember");
        _daemon.Kill();
        pane.Waits("rc=1");
        pane.Waits("as it was");
        Assert.Contains("the link to beta is lost", pane.Screen.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.Contains("come back with", pane.Screen.ReplaceLineEndings(""), StringComparison.Ordinal);
        Until.True("its terminal there is hung up on", () => _agents.Clients().Length == 0);
        Assert.Equal("true", _agents.Field(uuid, "live"));
    }

    [Fact]
    public void The_process_here_that_holds_the_link_killed_it_is_the_other_machine_that_is_named()
    {
        var uuid = _agents.Live();
        BetaDialsIn("drive");
        var pane = Going(uuid);
        pane.Waits("echo: remember");
        Signal.Send(Assert.Single(_alpha.Sesh.Strays(), p => CommandLine(p).Contains("\0serve", StringComparison.Ordinal)), Signal.Kill);
        pane.Waits("rc=1");
        pane.Waits("as it was");
        Assert.Contains("sesh: the link to beta is lost: ", pane.Screen.ReplaceLineEndings(""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Signal.Terminate, 130)]
    [InlineData(Signal.Kill, 137)]
    public void The_asker_ended_leaves_nothing_behind_there(int signal, int status)
    {
        var uuid = _agents.Live();
        BetaDialsIn("drive");
        var pane = Going(uuid);
        pane.Waits("echo: remember");
        var asker = Assert.Single(_alpha.Sesh.Strays(), p => File.ReadAllText($"/proc/{p}/cmdline").Contains("resume", StringComparison.Ordinal) && File.ReadAllText($"/proc/{p}/cmdline").Contains("sesh\0", StringComparison.Ordinal));
        Signal.Send(asker, signal);
        pane.Waits($"rc={status}");
        if (signal == Signal.Terminate)
            pane.Waits("as it was");
        Until.True("its terminal there is hung up on", () => _agents.Clients().Length == 0);
        Until.True("nobody is left on a terminal there", () => _beta.Sesh.Strays().All(p => !CommandLine(p).Contains("attach", StringComparison.Ordinal)));
        Assert.Equal("true", _agents.Field(uuid, "live"));
    }

    [Fact]
    public void Without_the_grant_to_drive_it_is_refused_and_what_fails_there_is_told_with_its_status()
    {
        var uuid = _agents.Detached();
        BetaDialsIn("read");
        var pane = Going(uuid);
        pane.Waits("rc=1");
        Assert.Contains("alpha may read on beta, and resume needs drive", pane.Screen.ReplaceLineEndings(""), StringComparison.Ordinal);
        pane.Waits("as it was");
    }

    [Fact]
    public void What_fails_there_is_told_and_its_status_is_ours()
    {
        var uuid = _agents.Detached();
        Directory.Move(_agents.Work, _agents.Work + ".moved");
        BetaDialsIn("drive");
        var pane = Going(uuid);
        pane.Waits("rc=1");
        pane.Waits("as it was");
        Assert.Contains("the session's folder is gone", pane.Screen.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.Contains("--cwd", pane.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Through_a_machine_that_passes_it_on()
    {
        using var gamma = new MeshMachine("gamma");
        var uuid = _agents.Live();
        _beta.Sesh.Run("list").Succeeds();
        _alpha.Takes(_beta);
        _alpha.Dials(gamma);
        gamma.Expects(_alpha, relay: true);
        gamma.Dials(_beta);
        gamma.Sesh.Register("between");
        var pane = Going(uuid);
        pane.Waits("echo: remember");
        pane.Resize(64, 18);
        Until.True("the size follows", () => _agents.Clients() is [var client] && client.StartsWith("64x18 ", StringComparison.Ordinal));
        pane.Press("C-b", "d");
        pane.Waits("rc=0");
    }

    [Fact]
    public void Where_there_is_no_ssh_program_the_link_goes()
    {
        var uuid = _agents.Live();
        _alpha.Takes(_beta);
        _alpha.Ssh.Reaches(_beta.Sshd, "beta");
        _alpha.Lists(new JsonObject
        {
            ["name"] = "beta",
            ["destination"] = $"{Sshd.User}@127.0.0.1",
            ["port"] = _beta.Sshd.Port,
            ["identity"] = _alpha.Ssh.Key.Path,
            ["remoteSesh"] = BuiltSesh.Binary,
        });
        var bin = Directory.CreateDirectory(Path.Combine(_alpha.Sesh.Root, "bin")).FullName;
        foreach (var program in (string[])["sh", "stty", "cmp", "cat", "env"])
            File.CreateSymbolicLink(Path.Combine(bin, program), Sesh.Processes.Programs.Find(program, "/usr/bin:/bin")!);
        _alpha.Sesh.Environment["PATH"] = bin;
        var pane = Going(uuid);
        pane.Waits("echo: remember");
        pane.Press("C-b", "d");
        pane.Waits("rc=0");
    }

    [Fact]
    public async Task What_is_no_part_of_the_screen_is_shown_as_text_only()
    {
        var uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        await using var link = await ServeProcess.Start(_alpha.Sesh).OpenAsync(requests: new Hostile());
        Until.True("the link is offered", () => File.Exists(Offered));
        var pane = Going(uuid);
        pane.Waits("as it was");
        Assert.Contains("␛]0;evil␇", pane.Screen, StringComparison.Ordinal);
        Assert.Contains("sesh: no ␛[31m way", pane.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", _tmux.Server.Do(["display-message", "-p", "-t", pane.Id, "#{pane_title}"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_is_for_resume_alone_and_only_by_its_table()
    {
        var size = new RequestTerminal(80, 24, "xterm");
        var uuid = _alpha.Sesh.Run("list", "--columns", "uuid").Succeeds();
        await using var link = await ServeProcess.Start(_alpha.Sesh).OpenAsync();
        Assert.Equal("not-allowed", await CodeAsync(link, new Request { Verb = "terminal", Arguments = [uuid] }));
        Assert.Equal("not-allowed", await CodeAsync(link, new Request { Verb = "send", Arguments = [uuid, "hello"], Terminal = size }));
        Assert.Equal("not-allowed", await CodeAsync(link, new Request { Verb = "terminal", Arguments = [uuid, "--home", "/tmp"], Terminal = size }));
        // Without a uuid nobody is let choose there.
        var bare = await Answer.Of(link, new Request { Verb = "terminal", Terminal = size });
        Assert.Equal(2, bare.Status);
        Assert.Contains("no session is named", bare.Output, StringComparison.Ordinal);
    }

    private static async Task<string> CodeAsync(Link link, Request request) => (await Assert.ThrowsAsync<Sesh.Sync.SeshException>(() => Answer.Of(link, request))).Code;

    /// <summary>A shell at alpha that goes there, and says afterwards how that ended and whether the terminal is as it was.</summary>
    private TypedPane Going(string words)
    {
        var pane = new TypedPane(_tmux, _alpha.Sesh);
        pane.Run($"clear; stty -g > before; sesh resume {words}; echo rc=$?; stty -g | cmp - before && echo as it 'was'");
        return pane;
    }

    /// <summary>Beta's daemon holds a link to alpha, over which alpha may do so much.</summary>
    private void BetaDialsIn(string allow)
    {
        _beta.Dials(_alpha, allow: allow);
        _alpha.Expects(_beta);
        _daemon.Start();
        Until.True("the link is offered", () => File.Exists(Offered), 60);
        Until.True("alpha knows the session", () => _alpha.Sesh.Run("list", "--archived", "--columns", "machine").Output.Contains("beta", StringComparison.Ordinal), 60);
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private sealed class Hostile : IRequestHandler
    {
        public async Task<int> HandleAsync(Request request, RequestOrigin origin, RequestStreams streams, CancellationToken cancel)
        {
            await streams.Error.WriteAsync(Encoding.UTF8.GetBytes("\u001b]0;evil\u0007\n"), cancel);
            throw new Sesh.Sync.SeshException("no", "no \u001b[31m way");
        }
    }
}
