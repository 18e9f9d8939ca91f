using Sesh.Processes;
using Sesh.Tests.Store;
using Sesh.Tmux;

namespace Sesh.Tests.Tmux;

/// <summary>A real tmux server of one test's own, with no configuration; ended with it.</summary>
internal sealed class PrivateTmux : IDisposable
{
    public static readonly string Program = Programs.Find("tmux", Environment.GetEnvironmentVariable("PATH"))!;

    /// <summary>The server's own PATH: shorter than ours, so that it shows which of the two a pane has.</summary>
    public const string SearchPath = "/usr/bin:/bin";

    private readonly ScratchHome _home = new();

    public PrivateTmux()
    {
        Socket = _home.File("s");
        var started = ChildProcess.Run(
            Program,
            ["-f", "/dev/null", "-S", Socket, "new-session", "-d", "-s", "main", "-n", "first", "-x", "100", "-y", "30", "sleep", "1000"],
            TimeSpan.FromSeconds(20),
            ProcessEnvironment.Edited(new Dictionary<string, string> { ["PATH"] = SearchPath }, ["TMUX", "TMUX_PANE"]));
        if (!started.Succeeded)
            throw new InvalidOperationException("tmux did not start: " + started.Complaint);
        Server = new TmuxServer(Program, Socket);
        Pid = int.Parse(Server.Do(["display-message", "-p", "#{pid}"]), System.Globalization.CultureInfo.InvariantCulture);
    }

    public string Socket { get; }

    public TmuxServer Server { get; }

    /// <summary>The server's own process.</summary>
    public int Pid { get; }

    /// <summary>A folder that goes with the server.</summary>
    public string Folder => _home.Path;

    public TmuxSurroundings Outside => new(null, null, null, Socket, Environment.GetEnvironmentVariable("PATH"));

    /// <summary>As a process in that pane sees it.</summary>
    public TmuxSurroundings Inside(string pane) => Outside with { Tmux = $"{Socket},{Pid},0", Pane = pane };

    public IReadOnlyList<TmuxPane> Panes()
    {
        var listing = PaneListing.Begin(Server);
        var panes = listing.End();
        return listing.Blind.Count == 0 ? panes : throw new InvalidOperationException("tmux does not answer");
    }

    public TmuxPane Pane(string id) => Panes().Single(p => p.Id == id);

    /// <summary>A window that runs a command; its pane's id.</summary>
    public string Run(params string[] command) => Server.Do(["new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=main:", .. command]);

    public void Stop() => _ = Libc.Kill(Pid, 19);

    public void Continue() => _ = Libc.Kill(Pid, 18);

    public void Dispose()
    {
        Continue();
        _ = Libc.Kill(Pid, Libc.SigKill);
        Until.True(() => ProcessTable.Open().Find(Pid) is null, "the tmux server is gone");
        _home.Dispose();
    }
}
