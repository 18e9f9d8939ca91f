using System.Globalization;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>A tmux server of this run's own, each pane running what is given; ended with it.</summary>
internal sealed class TmuxServer : IDisposable
{
    private readonly Tools _tools;

    public TmuxServer(Tools tools, int panes, string command = "exec sleep 86400")
    {
        _tools = tools;
        Socket = Path.Combine(tools.Work, "tmux.sock");
        Started.Add(this);
        Call("new-session", "-d", "-s", "bench", "-x", "120", "-y", "36", command);
        for (var i = 1; i < panes; i++)
            Call("new-window", "-d", "-t", "bench:", command);
        var pid = Pids()[0];
        First = (pid, StartOf(pid));
    }

    /// <summary>The first pane's process.</summary>
    public (int Pid, long Start) First { get; }

    /// <summary>In clock ticks since boot.</summary>
    public static long StartOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
    }

    public string Socket { get; }

    public Command ListPanes() => _tools.Call(_tools.Tmux, "-S", Socket, "list-panes", "-a");

    public void Stamp(string uuid) => Call("set-option", "-p", "-t", "%0", "@sesh-uuid", uuid);

    /// <summary>The processes of the panes.</summary>
    public IReadOnlyList<int> Pids() => [.. Call("list-panes", "-a", "-F", "#{pane_pid}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    public void Dispose()
    {
        Started.Remove(this);
        Call("kill-server");
    }

    private string Call(params IEnumerable<string> arguments) => _tools.Output(_tools.Tmux, "", ["-S", Socket, "-f", "/dev/null", .. arguments]);
}
