using System.ComponentModel;
using System.Globalization;

namespace Sesh.Processes;

/// <summary>
/// macOS: <c>ps</c> once for the table, <c>ps</c> and <c>lsof</c> for questions about one process. Written from their manuals and not tested on a Mac. Arguments
/// come back as one line, so an argument with spaces reads as several.
/// </summary>
internal sealed class PsTable : IProcesses
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private Dictionary<int, ProcessRow>? _rows;

    public IReadOnlyCollection<ProcessRow> All => Rows.Values;

    private Dictionary<int, ProcessRow> Rows => _rows ??= PsOutput.Parse(Lines("/bin/ps", ["-axww", "-o", "pid=,ppid=,lstart=,comm="]));

    public ProcessRow? Find(int pid) => Rows.GetValueOrDefault(pid);

    public IReadOnlyList<ProcessRow> Children(int pid) => [.. Rows.Values.Where(r => r.ParentPid == pid).OrderBy(r => r.Pid)];

    public IReadOnlyList<string> Arguments(int pid) =>
        Lines("/bin/ps", ["-ww", "-o", "args=", "-p", Text(pid)]) is [var line, ..] ? line.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    public string? Variable(int pid, string name)
    {
        // "ps -E" puts the environment behind the arguments.
        foreach (var line in Lines("/bin/ps", ["-Eww", "-o", "command=", "-p", Text(pid)]))
        {
            var at = line.LastIndexOf($" {name}=", StringComparison.Ordinal);
            if (at < 0)
                continue;
            var value = line.AsSpan(at + name.Length + 2);
            var end = value.IndexOf(' ');
            return (end < 0 ? value : value[..end]).ToString();
        }

        return null;
    }

    public string? WorkingDirectory(int pid) => PsOutput.Names(Lines("/usr/sbin/lsof", ["-a", "-d", "cwd", "-p", Text(pid), "-Fn"])).FirstOrDefault();

    public string? Executable(int pid) => PsOutput.Names(Lines("/usr/sbin/lsof", ["-a", "-d", "txt", "-p", Text(pid), "-Fn"])).FirstOrDefault();

    public IReadOnlyList<string> OpenFiles(int pid) => PsOutput.Names(Lines("/usr/sbin/lsof", ["-p", Text(pid), "-Fn"]));

    public int? LockHolder(string path) => PsOutput.ExclusiveHolder(Lines("/usr/sbin/lsof", ["-Fpl", "--", path]));

    public bool IsOwn(int pid) => Lines("/bin/ps", ["-o", "uid=", "-p", Text(pid)]) is [var uid, ..] && uid.Trim() == Libc.UserId().ToString(CultureInfo.InvariantCulture);

    private static string Text(int pid) => pid.ToString(CultureInfo.InvariantCulture);

    private static string[] Lines(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            var set = new Dictionary<string, string> { ["LC_ALL"] = "C", ["TZ"] = "UTC" };
            return ChildProcess.Run(program, arguments, s_patience, ProcessEnvironment.Edited(set, [])).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception)
        {
            return []; // no such program: nothing can be told
        }
    }
}
