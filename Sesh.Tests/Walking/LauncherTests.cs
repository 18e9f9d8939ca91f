using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Tests.Tmux;
using Sesh.Tmux;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class LauncherTests
{
    private readonly SessionId _session = SessionId.New();

    [Fact]
    public void The_agent_is_the_panes_own_process_stamped_and_with_the_callers_PATH()
    {
        using var stage = new Stage();
        var (pane, seen) = Launch(stage, new TmuxTarget(stage.Tmux.Socket, "main"));
        var now = stage.Tmux.Pane(pane.Id);
        var processes = ProcessTable.Open();

        Assert.Equal(now.Pid, seen!.Agent.Pid);
        Assert.Equal("probe", processes.Find(now.Pid)!.Name);
        Assert.Equal((_session.ToString(), TmuxServer.StampText(now.Pid, seen.Agent.Start)), (now.Stamp, now.StampedProcess));
        Assert.NotEqual(PrivateTmux.SearchPath, Environment.GetEnvironmentVariable("PATH"));
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), processes.Variable(now.Pid, "PATH"));
        Assert.Equal(_session.ToString(), processes.Variable(now.Pid, "SESH_SESSION_ID"));
        Assert.Equal("new", processes.Variable(now.Pid, "PROBE_HOW"));
        Assert.Equal(stage.Tmux.Folder, processes.WorkingDirectory(now.Pid));
        Assert.Equal("off", stage.Tmux.Server.Do(["show-options", "-A", "-p", "-v", "-t", pane.Id, "remain-on-exit"]));
    }

    [Fact]
    public void Variables_of_the_harness_are_taken_from_the_servers_environment()
    {
        using var stage = new Stage();
        stage.Tmux.Server.Do(["set-environment", "-g", "PROBE_TAKEN_OUT", "1"]);
        stage.Tmux.Server.Do(["set-environment", "-g", "PROBE_KEPT", "1"]);
        var (_, seen) = Launch(stage, new TmuxTarget(stage.Tmux.Socket, "main"));
        var processes = ProcessTable.Open();
        Assert.Null(processes.Variable(seen!.Agent.Pid, "PROBE_TAKEN_OUT"));
        Assert.Equal("1", processes.Variable(seen.Agent.Pid, "PROBE_KEPT"));
    }

    [Fact]
    public void A_session_that_is_absent_is_made_and_on_a_server_that_does_not_run_too()
    {
        using var stage = new Stage();
        var (pane, _) = Launch(stage, new TmuxTarget(stage.Tmux.Socket, "made anew"));
        Assert.Equal("made anew", stage.Tmux.Pane(pane.Id).Session);

        var socket = Path.Combine(stage.Tmux.Folder, "deeper", "t");
        var (elsewhere, _) = Launch(stage, new TmuxTarget(socket, "sesh"));
        var pid = int.Parse(elsewhere.Server.Do(["display-message", "-p", "#{pid}"]), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("sesh", elsewhere.Server.Pane(elsewhere.Id)!.Session);
        elsewhere.Server.KillPane(elsewhere.Id);
        Until.True(() => ProcessTable.Open().Find(pid) is null, "the server went with its last pane");
    }

    [Fact]
    public void Inside_tmux_the_window_opens_in_the_session_of_the_callers_pane()
    {
        using var stage = new Stage();
        var other = stage.Tmux.Server.NewSession("other", "w", "/")!;
        // The session number in TMUX is that of birth; the pane has moved since.
        var inside = stage.Tmux.Inside(other);
        var (pane, _) = Launch(stage, TmuxTarget.Parse(null, inside), inside);
        Assert.Equal("other", stage.Tmux.Pane(pane.Id).Session);
    }

    [Fact]
    public void One_that_dies_at_once_leaves_its_last_words_and_no_pane()
    {
        using var stage = new Stage();
        var before = stage.Tmux.Panes().Count;
        var said = "";
        // tmux closes the terminal of a program that ended though its last bytes may be under way in the kernel still, and once in some dozen times on a busy machine they are.
        for (var attempt = 0; attempt < 5 && !said.Contains("not-a-number", StringComparison.Ordinal); attempt++)
        {
            var failure = Assert.Throws<SeshException>(() => Launch(stage, new TmuxTarget(stage.Tmux.Socket, "main"), arguments: ["not-a-number"]));
            Assert.Equal("launch-failed", failure.Code);
            said = failure.Message;
        }

        Assert.Contains("invalid time interval ‘not-a-number’", said.Replace('\'', '‘'), StringComparison.Ordinal);
        Assert.Equal(before, stage.Tmux.Panes().Count);
    }

    [Fact]
    public void A_program_that_is_not_there_is_told_as_tmux_tells_it()
    {
        using var stage = new Stage();
        var agent = stage.Agent;
        var launcher = Launcher(stage, stage.Tmux.Outside);
        var pane = launcher.Open(new TmuxTarget(stage.Tmux.Socket, "main"), "w", "/");
        var plan = agent.New(new LaunchRequest("/no/such/agent", "", "/", null, "", null, []));
        Assert.Equal("launch-failed", Assert.Throws<SeshException>(() => launcher.Start(pane, _session, agent, plan, CancellationToken.None)).Code);
        Assert.DoesNotContain(stage.Tmux.Panes(), p => p.Id == pane.Id);
    }

    [Fact]
    public void Cancelled_it_takes_the_pane_away()
    {
        using var stage = new Stage();
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var launcher = Launcher(stage, stage.Tmux.Outside);
        var pane = launcher.Open(new TmuxTarget(stage.Tmux.Socket, "main"), "w", "/");
        var plan = stage.Agent.New(new LaunchRequest(stage.Agent.Program, "", "/", null, "", null, []));
        Assert.ThrowsAny<OperationCanceledException>(() => launcher.Start(pane, _session, stage.Agent, plan, cancel.Token));
        Assert.DoesNotContain(stage.Tmux.Panes(), p => p.Id == pane.Id);
    }

    [Fact]
    public void A_server_that_dies_during_the_launch_is_an_error_and_no_crash()
    {
        using var stage = new Stage();
        var launcher = Launcher(stage, stage.Tmux.Outside);
        var pane = launcher.Open(new TmuxTarget(stage.Tmux.Socket, "main"), "w", "/");
        _ = Libc.Kill(stage.Tmux.Pid, Libc.SigKill);
        Until.True(() => !TmuxSockets.Answers(stage.Tmux.Socket), "nobody listens");
        var plan = stage.Agent.New(new LaunchRequest(stage.Agent.Program, "", "/", null, "", null, []));
        Assert.Equal("tmux-gone", Assert.Throws<SeshException>(() => launcher.Start(pane, _session, stage.Agent, plan, CancellationToken.None)).Code);
    }

    [Theory]
    [InlineData("work:main", "/tmp/sesh-x/tmux-0/work", "main")]
    [InlineData("/a/b:c", "/a/b", "c")]
    [InlineData("/a:b/s:c d", "/a:b/s", "c d")]
    [InlineData("x.y", "/own", "x_y")]
    [InlineData(":x", "/own", "x")]
    [InlineData(null, "/own", "$7")]
    public void A_target_is_a_socket_and_a_session(string? text, string socket, string session)
    {
        var surroundings = new TmuxSurroundings("/own,1,7", "%0", "/tmp/sesh-x", null, null);
        var target = TmuxTarget.Parse(text, surroundings);
        Assert.Equal((socket.Replace("tmux-0", $"tmux-{Libc.UserId()}", StringComparison.Ordinal), session), (target.Socket, target.Session));
    }

    [Theory]
    [InlineData("")]
    [InlineData("work:")]
    [InlineData("work:$1")]
    [InlineData("work:-x")]
    [InlineData("work:a\nb")]
    public void These_are_no_targets(string text) =>
        Assert.Equal(2, Assert.Throws<SeshException>(() => TmuxTarget.Parse(text, new TmuxSurroundings(null, null, null, null, null))).ExitCode);

    [Fact]
    public void Outside_tmux_the_target_is_sesh_on_the_default_server()
    {
        var target = TmuxTarget.Parse(null, new TmuxSurroundings(null, null, "/tmp/sesh-x", null, null));
        Assert.Equal(($"/tmp/sesh-x/tmux-{Libc.UserId()}/default", "sesh"), (target.Socket, target.Session));
    }

    private static Launcher Launcher(Stage stage, TmuxSurroundings surroundings) =>
        new(stage.Lookout, surroundings, Environment.GetEnvironmentVariable, TimeProvider.System);

    private (OpenPane Pane, Sighting? Seen) Launch(Stage stage, TmuxTarget target, TmuxSurroundings? surroundings = null, IReadOnlyList<string>? arguments = null)
    {
        var launcher = Launcher(stage, surroundings ?? stage.Tmux.Outside);
        var pane = launcher.Open(target, "w", stage.Tmux.Folder);
        var plan = stage.Agent.New(new LaunchRequest(stage.Agent.Program, "id", stage.Tmux.Folder, null, "", null, arguments ?? []));
        return (pane, launcher.Start(pane, _session, stage.Agent, plan, CancellationToken.None));
    }
}
