namespace Sesh.Processes;

/// <summary>A table whose list leaves some processes out; asked by pid it knows them all.</summary>
internal sealed class RestOfProcesses(IProcesses table, HashSet<int> without) : IProcesses
{
    public IReadOnlyCollection<ProcessRow> All { get; } = [.. table.All.Where(p => !without.Contains(p.Pid))];

    public ProcessRow? Find(int pid) => table.Find(pid);

    public IReadOnlyList<ProcessRow> Children(int pid) => table.Children(pid);

    public IReadOnlyList<string> Arguments(int pid) => table.Arguments(pid);

    public string? Variable(int pid, string name) => table.Variable(pid, name);

    public string? WorkingDirectory(int pid) => table.WorkingDirectory(pid);

    public IReadOnlyList<string> OpenFiles(int pid) => table.OpenFiles(pid);

    public int? LockHolder(string path) => table.LockHolder(path);

    public string? Executable(int pid) => table.Executable(pid);

    public bool IsOwn(int pid) => table.IsOwn(pid);
}
