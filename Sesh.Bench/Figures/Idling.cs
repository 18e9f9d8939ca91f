using System.Diagnostics;
using System.Globalization;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>P13: what a daemon with five peers costs while nothing happens and nobody looks, with one pane and with fifty.</summary>
internal sealed class Idling(Tools tools, Options options)
{
    private const double MostOfACore = 0.3;
    private const double MostMegabytes = 40;

    /// <summary>A daemon looks ever more seldom when nothing changes; where it ends is what is measured.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    private string Log => Path.Combine(tools.Work, "tmux-calls");

    public IEnumerable<Row> Rows()
    {
        using var mesh = new Mesh(tools, "idling", compacted: true);
        mesh.Grow(6);
        for (var peer = 1; peer <= 5; peer++)
            mesh.Ssh.Peer(mesh.Here, "m0", $"m{peer}", mesh.HomeOf(peer), mesh.Ssh.Port, "sshnet");
        var search = $"{CountingTmux()}:{mesh.Ssh.SearchPath}";
        Command Own(Command command) => command with
        {
            Environment = new Dictionary<string, string>(command.Environment) { ["PATH"] = search, ["SESH_TMUX_SOCKETS"] = Path.Combine(tools.Work, "tmux.sock") },
        };
        foreach (var panes in (int[])[1, 50])
        {
            using var fakes = new FakePanes(tools, panes);
            Spawn.Must(Own(mesh.Call("adopt")));
            using var daemon = new RunningDaemon(mesh.Ssh, mesh.Here, "m0", Own);
            daemon.WaitUntilConnected(5);
            Thread.Sleep(options.Quick ? Settling / 2 : Settling);
            foreach (var row in Watch(daemon, panes))
                yield return row;
        }
    }

    private IEnumerable<Row> Watch(RunningDaemon daemon, int panes)
    {
        File.WriteAllText(Log, "");
        var (used, reads, begun) = (daemon.Used(), daemon.Reads(), Stopwatch.GetTimestamp());
        Thread.Sleep(options.Quick ? Watched / 4 : Watched);
        var took = Stopwatch.GetElapsedTime(begun);
        var percent = 100 * (daemon.Used() - used) / took;
        var calls = File.ReadLines(Log).Count();
        var processes = Directory.EnumerateDirectories("/proc").Count(d => char.IsAsciiDigit(Path.GetFileName(d)[0]));
        var what = panes == 1 ? "1 pane" : string.Create(CultureInfo.InvariantCulture, $"{panes} panes");
        yield return new Row(
            "P13", $"idle daemon, 5 peers, {what}: of a core", "", 0, percent, "%", Measure.Absolute, MostOfACore, 0.1,
            string.Create(CultureInfo.InvariantCulture, $"in {took.TotalSeconds:0} s {calls} tmux calls, {(daemon.Reads() - reads) / Math.Max(1, calls)} reads a call with {processes} processes"));
        yield return new Row("P13", $"idle daemon, 5 peers, {what}: memory", "", 0, daemon.Megabytes(), "MB", Measure.Absolute, MostMegabytes, 25);
    }

    /// <summary>A folder with a tmux that notes each call.</summary>
    private string CountingTmux()
    {
        var folder = Directory.CreateDirectory(Path.Combine(tools.Work, "counting")).FullName;
        var script = Path.Combine(folder, "tmux");
        File.WriteAllText(script, $"#!/bin/sh\necho call >>{Log}\nexec {tools.Tmux} \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }
}
