using System.Net.Sockets;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>The daemon as a process: how it starts, that there is one, how it ends.</summary>
public sealed class DaemonTests : IDisposable
{
    private readonly BuiltSesh _sesh = new();
    private readonly RunningDaemon _daemon;

    public DaemonTests() => _daemon = new RunningDaemon(_sesh);

    private string Socket => Path.Join(_sesh.Home, "daemon.sock");

    private string PidFile => Path.Join(_sesh.Home, "daemon.pid");

    public void Dispose()
    {
        _daemon.Dispose();
        _sesh.Dispose();
    }

    [Fact]
    public void It_starts_tells_how_it_is_and_stops()
    {
        _sesh.Register("one");
        Assert.Equal("sesh: no daemon runs; \"sesh daemon start\" starts it", _sesh.Run("daemon", "status").Fails(1));
        Assert.StartsWith("the daemon runs as process ", _sesh.Run("daemon", "start").Succeeds(), StringComparison.Ordinal);
        Assert.Equal("alpha 1 1", _sesh.Run("daemon", "status", "--jq", "\"\\(.machine) \\(.sessions) \\(.schemaVersion)\"").Succeeds());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));

        Assert.Equal("the daemon has ended", _sesh.Run("daemon", "stop").Succeeds());
        Assert.Equal("no daemon runs", _sesh.Run("daemon", "stop").Succeeds());
        Assert.False(File.Exists(Socket) || File.Exists(PidFile));
        Assert.EndsWith(" ended\n", _daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_left_the_terminal_the_folder_and_the_streams_of_who_started_it()
    {
        _sesh.Environment["TMUX"] = "/tmp/tmux-0/default,1,0";
        _sesh.Environment["SESH_SESSION_ID"] = Guid.NewGuid().ToString();
        _daemon.Start();
        var proc = $"/proc/{_daemon.Pid}";
        // Behind the program's name: state, parent, group, session, terminal.
        var stat = File.ReadAllText($"{proc}/stat");
        var facts = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

        Assert.Equal((_daemon.Pid.ToString(), "0"), (facts[3], facts[4]));
        Assert.Equal("/", File.ResolveLinkTarget($"{proc}/cwd", false)?.FullName);
        for (var stream = 0; stream <= 2; stream++)
            Assert.Equal("/dev/null", File.ResolveLinkTarget($"{proc}/fd/{stream}", false)?.FullName);
        Assert.DoesNotContain(File.ReadAllText($"{proc}/environ").Split('\0'), v => v.StartsWith("TMUX=", StringComparison.Ordinal) || v.StartsWith("SESH_SESSION_ID=", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_two_started_at_once_one_loses_and_says_who_runs()
    {
        for (var round = 0; round < 5; round++)
        {
            var starts = Enumerable.Range(0, 3).Select(_ => _sesh.Start("daemon", "start")).ToList();
            var errors = starts.Select(s => s.StandardError.ReadToEnd()).ToList();
            starts.ForEach(s => s.WaitForExit());

            Assert.Single(starts, s => s.ExitCode == 0);
            Assert.All(errors.Where(e => e.Length > 0), e => Assert.Matches($"^sesh: a daemon runs for .* already( \\(process {_daemon.Pid}\\))?; \"sesh daemon restart\" starts it anew\n$", e));
            starts.ForEach(s => s.Dispose());
            _sesh.Run("daemon", "stop").Succeeds();
        }
    }

    [Fact]
    public void Ensured_by_many_at_once_there_is_one_and_all_are_content()
    {
        var all = Enumerable.Range(0, 5).Select(_ => _sesh.Start("daemon", "ensure", "-q")).ToList();
        var errors = string.Concat(all.Select(s => s.StandardError.ReadToEnd()));
        all.ForEach(s => s.WaitForExit());

        Assert.Equal("", errors);
        Assert.All(all, s => Assert.Equal(0, s.ExitCode));
        Assert.Equal($"the daemon runs as process {_daemon.Pid} already", _sesh.Run("daemon", "ensure").Succeeds());
        all.ForEach(s => s.Dispose());
    }

    [Fact]
    public void Killed_it_leaves_files_that_are_no_hindrance()
    {
        _daemon.Start();
        _daemon.Kill();
        Assert.True(File.Exists(Socket) && File.Exists(PidFile));

        Assert.Equal("sesh: no daemon runs; \"sesh daemon start\" starts it", _sesh.Run("daemon", "status").Fails(1));
        Assert.Equal("no daemon runs", _sesh.Run("daemon", "stop").Succeeds());
        _daemon.Start();
        Assert.NotNull(_daemon.Pid);
    }

    [Fact]
    public void Killed_at_any_moment_of_its_start_it_starts_again()
    {
        var random = new Random(7);
        for (var round = 0; round < 15; round++)
        {
            using var running = _sesh.Start("daemon", "run");
            running.WaitForExit(random.Next(60));
            Signal.Send(running.Id, Signal.Kill);
            running.WaitForExit();
        }

        _daemon.Start();
        Assert.Contains("the daemon runs as process", _sesh.Run("daemon", "restart").Succeeds(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Hangup)]
    public void In_the_foreground_it_ends_in_order_by_a_signal(int signal)
    {
        using var running = _sesh.Start("daemon", "run");
        Until.True("it runs", () => _daemon.Pid == running.Id);

        Signal.Send(running.Id, signal);

        Assert.True(running.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal((0, "sesh: the daemon runs\n"), (running.ExitCode, running.StandardError.ReadToEnd()));
        Assert.False(File.Exists(Socket) || File.Exists(PidFile));
    }

    [Fact]
    public void Without_a_name_for_the_machine_it_refuses_to_start()
    {
        _sesh.Environment.Remove("SESH_MACHINE");
        Assert.Equal("sesh: this machine has no name yet; run \"sesh init\", or set SESH_MACHINE", _sesh.Run("daemon", "start").Fails(1));
        Assert.Equal("sesh: this machine has no name yet; run \"sesh init\", or set SESH_MACHINE", _sesh.Run("daemon", "run").Fails(1));
        Assert.Contains("this machine has no name yet", _daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_fails_shows_the_daemons_own_error_and_keeps_it()
    {
        var path = Path.Join(_sesh.Root, new string('x', 120));

        var error = _sesh.Run("daemon", "start", "--socket", path).Fails(1);

        Assert.Contains($"{path} has {path.Length}", error, StringComparison.Ordinal);
        Assert.Contains($"{path} has {path.Length}", _daemon.Log, StringComparison.Ordinal);
        Assert.Empty(_sesh.Strays());
    }

    [Fact]
    public void Faulty_settings_keep_it_from_starting_with_file_line_and_column()
    {
        Directory.CreateDirectory(_sesh.Home);
        File.WriteAllText(Path.Join(_sesh.Home, "config.toml"), "[sync]\nmetred = true\n");

        Assert.Contains("config.toml:2:1: unknown key sync.metred", _sesh.Run("daemon", "start").Fails(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_user_may_not_open_its_socket_and_nonsense_on_it_harms_nobody()
    {
        _daemon.Start();
        for (var i = 0; i < 20; i++)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            socket.Send(new byte[1000]);
        }

        Assert.NotNull(_daemon.Pid);
    }
}
