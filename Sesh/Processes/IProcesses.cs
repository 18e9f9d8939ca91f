namespace Sesh.Processes;

/// <summary>One row of the process table.</summary>
/// <param name="Start">Start time in clock ticks since boot on Linux (field 22 of /proc/PID/stat), seconds since 1970 elsewhere.</param>
/// <param name="Name">The kernel's short name (comm).</param>
internal sealed record ProcessRow(int Pid, int ParentPid, long Start, string Name);

/// <summary>One process table, read once, and questions about single processes, each answered when asked. A process may be gone: null or empty, never an exception.</summary>
internal interface IProcesses
{
    IReadOnlyCollection<ProcessRow> All { get; }

    ProcessRow? Find(int pid);

    /// <summary>Direct children, ascending pid.</summary>
    IReadOnlyList<ProcessRow> Children(int pid);

    IReadOnlyList<string> Arguments(int pid);

    /// <summary>One variable of the environment the process started with.</summary>
    string? Variable(int pid, string name);

    string? WorkingDirectory(int pid);

    /// <summary>Absolute paths of the regular files it holds open.</summary>
    IReadOnlyList<string> OpenFiles(int pid);

    /// <summary>The pid that holds an exclusive flock on the file; null where nobody does or it cannot be told.</summary>
    int? LockHolder(string path);

    /// <summary>The file the process runs.</summary>
    string? Executable(int pid);

    /// <summary>It was started on a terminal that is there no more: its window was closed. False where that cannot be told.</summary>
    bool HasLostTerminal(int pid) => false;

    /// <summary>It is this user's. Others' can be seen, and are none of our business.</summary>
    bool IsOwn(int pid) => true;
}
