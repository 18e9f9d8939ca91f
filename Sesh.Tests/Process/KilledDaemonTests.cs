using System.Diagnostics;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>The daemon killed while it does something: who comes next goes on at once, and nothing that was acknowledged is lost. (While it starts: <see cref="DaemonTests"/>.)</summary>
public sealed class KilledDaemonTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");
    private readonly RunningDaemon _daemon;
    private readonly Random _luck = new(5);
    private readonly List<string> _acknowledged = [];

    public KilledDaemonTests() => _daemon = new RunningDaemon(_alpha.Sesh);

    public void Dispose()
    {
        _daemon.Dispose();
        new RunningDaemon(_beta.Sesh).Dispose();
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Fact]
    public void While_it_exchanges()
    {
        _alpha.Dials(_beta);
        var (here, there) = (_alpha.Sesh.Register("here"), _beta.Sesh.Register("there"));
        for (var round = 0; round < 12; round++)
        {
            Tag(_alpha, here, $"here-{round}");
            Tag(_beta, there, $"there-{round}");
            using var running = _alpha.Sesh.Start("daemon", "run");
            // It dials as soon as it runs: connecting, greeting, exchanging, at rest.
            running.WaitForExit(_luck.Next(20, 900));
            Kill(running);
            GoesOn(_alpha, here);
        }

        _alpha.Sesh.Run("sync").Succeeds();
        foreach (var machine in (MeshMachine[])[_alpha, _beta])
            Assert.Equal(_acknowledged.Order(StringComparer.Ordinal), Tags(machine, here).Concat(Tags(machine, there)).Order(StringComparer.Ordinal));
        IsWell(_alpha);
        IsWell(_beta);
    }

    [Fact]
    public void While_it_looks_and_writes_down_what_it_saw()
    {
        using var tmux = new Tmux.PrivateTmux();
        _alpha.Sesh.Environment["SESH_TMUX_SOCKETS"] = tmux.Socket;
        _alpha.Sesh.Environment["PATH"] = FakeAgentFolder.In(_alpha.Sesh.Root) + ":" + _alpha.Sesh.Environment["PATH"];
        var uuid = _alpha.Sesh.Run("new", "--agent", "claude", "--name", "worker", "--target", tmux.Socket + ":main").Succeeds();
        var pane = _alpha.Sesh.Run("info", uuid, "--jq", ".tmux.pane").Succeeds();
        for (var round = 0; round < 12; round++)
        {
            using var running = _alpha.Sesh.Start("daemon", "run");
            // Turns begin and end: each is an edge that goes into the live file at once.
            tmux.Server.Do(["send-keys", "-l", "-t", pane, "--", $"turn {round}"], ["send-keys", "-t", pane, "Enter"]);
            running.WaitForExit(_luck.Next(50, 900));
            Kill(running);
            Assert.Equal("worker true", _alpha.Sesh.Run("info", uuid, "--jq", "\"\\(.name) \\(.live)\"").Succeeds());
        }

        _daemon.Start();
        Until.True("the daemon sees it idle", () => _alpha.Sesh.Run("info", uuid, "--jq", ".turnStatus").Output == "idle\n");
        Assert.Single(Directory.EnumerateFiles(Path.Join(_alpha.Sesh.Home, "live"), "*.live"));
        IsWell(_alpha);
    }

    [Fact]
    public void While_it_serves_a_command()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alpha.Sesh.Run("sync").Succeeds();
        for (var round = 0; round < 6; round++)
        {
            _daemon.Start();
            Until.True("the link is there", () => _daemon.Link("beta") == "connected");
            var pid = _daemon.Pid!.Value;
            // It answers nobody any more; whoever asks by it waits until it is gone.
            Signal.Send(pid, Signal.Stop);
            using var asking = _alpha.Sesh.Start(round % 2 == 0 ? ["state", uuid] : ["sync", "beta"]);
            asking.WaitForExit(_luck.Next(300));
            var clock = Stopwatch.StartNew();
            Signal.Send(pid, Signal.Kill);

            // By another way, or with an error; not without an end.
            Assert.True(asking.WaitForExit(TimeSpan.FromSeconds(15)), "the command that was served ends");
            var error = asking.StandardError.ReadToEnd();
            Assert.True(asking.ExitCode == 0 || error.StartsWith("sesh: ", StringComparison.Ordinal), $"exit {asking.ExitCode}: {error}");
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            Assert.Equal("idle", _alpha.Sesh.Run("state", uuid).Succeeds());
            Assert.StartsWith("beta\t", _alpha.Sesh.Run("sync", "beta").Succeeds(), StringComparison.Ordinal);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(25), $"it took {clock.Elapsed}");
        }

        Until.True("beta serves nobody", () => _beta.Sesh.Strays().Count == 0);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("daemon", "status")]
    [InlineData("daemon", "ensure")]
    public void And_a_command_comes_while_the_system_tears_it_down(params string[] words)
    {
        _alpha.Dials(_beta);
        _beta.Sesh.Register("one");
        for (var round = 0; round < 8; round++)
        {
            using var running = _alpha.Sesh.Start("daemon", "run");
            Until.True("it runs", () => _daemon.Pid == running.Id);
            Signal.Send(running.Id, Signal.Kill);
            var run = _alpha.Sesh.Run(words);
            switch (words[^1])
            {
                case "sync":
                    Assert.StartsWith("beta\t", run.Succeeds(), StringComparison.Ordinal);
                    break;
                case "status":
                    Assert.Equal("sesh: no daemon runs; \"sesh daemon start\" starts it", run.Fails(1));
                    break;
                case "ensure":
                    Assert.Equal($"the daemon runs as process {_daemon.Pid}", run.Succeeds());
                    _alpha.Sesh.Run("daemon", "stop").Succeeds();
                    break;
            }

            running.WaitForExit();
        }
    }

    [Fact]
    public void While_it_stops()
    {
        _alpha.Dials(_beta);
        var uuid = _alpha.Sesh.Register("one");
        for (var round = 0; round < 10; round++)
        {
            using var running = _alpha.Sesh.Start("daemon", "run");
            Until.True("it runs", () => _daemon.Pid == running.Id);
            using var stopping = _alpha.Sesh.Start("daemon", "stop");
            stopping.WaitForExit(_luck.Next(120));
            Kill(running);
            Assert.True(stopping.WaitForExit(TimeSpan.FromSeconds(15)), "who stopped it sees that it is gone");
            Assert.Equal((0, ""), (stopping.ExitCode, stopping.StandardError.ReadToEnd()));
            GoesOn(_alpha, uuid);
        }
    }

    private static void Kill(Process running)
    {
        Signal.Send(running.Id, Signal.Kill);
        running.WaitForExit();
    }

    /// <summary>Plain commands work at once, and so does a daemon.</summary>
    private void GoesOn(MeshMachine machine, string uuid)
    {
        var word = $"after-{_acknowledged.Count}";
        Tag(machine, uuid, word);
        Assert.Contains(word, Tags(machine, uuid));
        machine.Sesh.Run("daemon", "ensure", "-q").Succeeds();
        machine.Sesh.Run("daemon", "stop").Succeeds();
    }

    private void Tag(MeshMachine machine, string uuid, string word)
    {
        machine.Sesh.Run("tag", uuid, word).Succeeds();
        _acknowledged.Add(word);
    }

    private static string[] Tags(MeshMachine machine, string uuid) => machine.Sesh.Run("info", uuid, "--jq", ".tags | join(\" \")").Succeeds().Split(' ');

    private static void IsWell(MeshMachine machine) => Assert.DoesNotContain("fail", machine.Sesh.Run("doctor").Output, StringComparison.Ordinal);
}
