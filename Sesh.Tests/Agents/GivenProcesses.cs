using Sesh.Processes;

namespace Sesh.Tests.Agents;

/// <summary>A process table made by hand.</summary>
internal sealed class GivenProcesses : IProcesses
{
    private readonly Dictionary<int, ProcessRow> _rows = [];

    public Dictionary<int, string[]> Lines { get; } = [];

    public Dictionary<(int Pid, string Name), string> Variables { get; } = [];

    public Dictionary<int, string[]> Files { get; } = [];

    public Dictionary<string, int> Locks { get; } = [];

    public ProcessRow Add(int pid, string name, long start = 1000, int parent = 1, params string[] arguments)
    {
        Lines[pid] = arguments;
        return _rows[pid] = new ProcessRow(pid, parent, start, name);
    }

    public IReadOnlyCollection<ProcessRow> All => _rows.Values;

    public ProcessRow? Find(int pid) => _rows.GetValueOrDefault(pid);

    public IReadOnlyList<ProcessRow> Children(int pid) => [.. _rows.Values.Where(row => row.ParentPid == pid).OrderBy(row => row.Pid)];

    public IReadOnlyList<string> Arguments(int pid) => Lines.GetValueOrDefault(pid, []);

    public string? Variable(int pid, string name) => Variables.GetValueOrDefault((pid, name));

    public string? WorkingDirectory(int pid) => _rows.ContainsKey(pid) ? "/src/a" : null;

    public IReadOnlyList<string> OpenFiles(int pid) => Files.GetValueOrDefault(pid, []);

    public int? LockHolder(string path) => Locks.TryGetValue(path, out var pid) ? pid : null;

    public string? Executable(int pid) => Lines.GetValueOrDefault(pid) is [var program, ..] ? "/usr/bin/" + program : null;
}
