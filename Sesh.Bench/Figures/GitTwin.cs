using System.Globalization;
using Sesh.Bench.Data;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>The same news by git and by rsync: a file a session, fetched over the same sshd, by a connection that is open as well.</summary>
internal sealed class GitTwin
{
    private readonly Tools _tools;
    private readonly SshServer _ssh;
    private readonly IReadOnlyList<Session> _sessions;
    private readonly string _there;
    private readonly string _here;
    private readonly string _mirror;
    private readonly string _count;
    private int _edits;

    public GitTwin(Tools tools, SshServer ssh, IReadOnlyList<Session> sessions)
    {
        (_tools, _ssh, _sessions) = (tools, ssh, sessions);
        (_there, _here, _mirror, _count) = (In("git-there"), In("git-here"), In("rsync-here"), In("counted"));
        Make(_there);
        for (var n = 0; n < sessions.Count; n++)
            Write(n, sessions[n].Name);
        Commit("all of them");
        _tools.Output(_tools.Git, "", "-C", _there, "repack", "-a", "-d", "-q");
        Make(_here);
        Directory.CreateDirectory(_mirror);
        FirstBytes = (Counted(c => Fetch(_ssh.Port, c)), HasRsync ? Counted(c => Mirror(_ssh.Port, c)) : 0);
    }

    public static bool HasRsync => Tools.Has("rsync");

    /// <summary>Of taking all of it for the first time.</summary>
    public (double Git, double Rsync) FirstBytes { get; }

    /// <summary>Names that many sessions anew, in one commit.</summary>
    public void Change(int sessions)
    {
        _edits++;
        for (var n = 0; n < sessions; n++)
            Write(n, $"edit {_edits} of {n}");
        Commit($"edit {_edits}");
    }

    public Command Fetch(int port) => Fetch(port, "ssh");

    public Command Mirror(int port) => Mirror(port, "ssh");

    /// <summary>What git says and hears, without SSH's own.</summary>
    public double FetchBytes() => Counted(c => Fetch(_ssh.Port, c));

    public double MirrorBytes() => Counted(c => Mirror(_ssh.Port, c));

    private Command Fetch(int port, string ssh) => With("GIT_SSH_COMMAND", ssh, port, _tools.Call(
        _tools.Git, "-C", _here, "fetch", "-q", $"ssh://{SshServer.Destination}:{port.ToString(CultureInfo.InvariantCulture)}{_there}", "+main:refs/remotes/origin/main"));

    private Command Mirror(int port, string ssh) =>
        With("RSYNC_RSH", ssh, port, _tools.Call(Tools.Find("rsync"), "-az", "--exclude=.git", $"{SshServer.Destination}:{_there}/", $"{_mirror}/"));

    private Command With(string variable, string ssh, int port, Command command) => command with
    {
        Environment = new Dictionary<string, string>(command.Environment) { [variable] = $"{ssh} {string.Join(' ', _ssh.Warm(port))}", ["GIT_SSH_VARIANT"] = "ssh" },
    };

    private double Counted(Func<string, Command> command)
    {
        Spawn.Must(command(CountedPipe.Words(_count, "ssh")));
        return double.Parse(File.ReadAllText(_count), CultureInfo.InvariantCulture);
    }

    private string In(string folder) => Path.Combine(_tools.Work, folder);

    private void Make(string folder)
    {
        _tools.Output(_tools.Git, "", "-c", "init.defaultBranch=main", "init", "-q", folder);
        // What git would do behind everybody's back falls on others.
        foreach (var setting in (string[])["gc.auto", "maintenance.auto"])
            _tools.Output(_tools.Git, "", "-C", folder, "config", setting, "0");
    }

    private void Write(int number, string name)
    {
        var s = _sessions[number];
        File.WriteAllText(Path.Combine(_there, s.Uuid.ToString()), string.Create(CultureInfo.InvariantCulture, $$"""
            {"uuid":"{{s.Uuid}}","name":"{{name}}","agent":"{{s.Agent}}","machine":"{{Workload.Machines[s.Machine]}}","cwd":"{{s.Cwd}}",
            "agentSessionId":"{{s.Uuid}}","filePath":"/home/u/.{{s.Agent}}/projects/{{s.Cwd.Replace('/', '-')}}/{{s.Uuid}}.jsonl","summary":"{{s.Summary}}",
            "autoRename":{{s.AutoRename}},"lastAutoNameTurnCount":{{s.LastAutoNameTurnCount}},"createdAt":{{s.CreatedAt}},"tags":"{{string.Join(',', s.Tags)}}"}

            """));
    }

    private void Commit(string message)
    {
        _tools.Output(_tools.Git, "", "-C", _there, "add", "-A");
        _tools.Output(_tools.Git, "", "-C", _there, "-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", message);
    }
}
