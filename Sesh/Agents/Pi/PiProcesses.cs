using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Agents.Pi;

/// <summary>
/// Which process is a pi, and which session it holds: an extension's status file, else what sesh gave it at its start. pi overwrites its command line and holds no file
/// open, so a pi started by hand without an extension is found and cannot be resolved.
/// </summary>
internal sealed class PiProcesses(AgentEnvironment environment)
{
    public LiveAgent? Identify(ProcessRow process, IProcesses processes)
    {
        if (!IsPi(process, processes))
        {
            return null;
        }

        var evidence = new List<Evidence> { new("live", "true", "process", $"pid {process.Pid} ({process.Name})", environment.Now) };
        var cwd = processes.WorkingDirectory(process.Pid) ?? "";
        var born = BornIdentity.Of("pi", process, processes);
        if (BornIdentity.Of("pi", process, processes, BornIdentity.OneTurnVariable) is not null)
        {
            evidence.Add(new Evidence("turnStatus", "busy", "stamp", "started for one turn without a terminal: it ends with it", 0));
        }

        var status = PiStatus.Read(FolderOf(process.Pid, processes), process);
        if (born is not null && (status is null || status.SessionId != born))
        {
            evidence.Add(new Evidence("agentSessionId", born, "stamp", status is null ? "given at its start; /new would not show" : "given at its start; the extension says what it holds now", 0));
        }

        if (status is null)
        {
            return new LiveAgent("pi", process.Pid, process.Start, born ?? "", cwd, Background: false, evidence);
        }

        var source = status.IsOurs ? "reporter" : "status file";
        evidence.Add(new Evidence("agentSessionId", status.SessionId, source, status.Path, status.UpdatedAt));
        evidence.Add(new Evidence("turnStatus", status.Status, source, status.Path, status.UpdatedAt));
        return new LiveAgent("pi", process.Pid, process.Start, status.SessionId, status.Cwd.Length > 0 ? status.Cwd : cwd, Background: false, evidence);
    }

    public IEnumerable<LiveAgent> Announced(IProcesses processes)
    {
        foreach (var process in processes.All)
        {
            if (process.Name == "pi" && environment.IsHomeOf(process.Pid, processes) && Identify(process, processes) is { AgentId.Length: > 0 } live)
            {
                yield return live;
            }
        }
    }

    private string FolderOf(int pid, IProcesses processes) =>
        processes.Variable(pid, "PI_CODING_AGENT_DIR") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
        : processes.Variable(pid, "HOME") is { Length: > 0 } home ? Path.Join(home, ".pi", "agent")
        : PiFolders.Agent(environment);

    /// <summary>By name once it is up; in its first moments node still shows its script.</summary>
    private static bool IsPi(ProcessRow process, IProcesses processes)
    {
        if (process.Name is not ("pi" or "node" or "bun" or "MainThread"))
        {
            return false;
        }

        var arguments = processes.Arguments(process.Pid);
        if (process.Name == "pi")
        {
            return arguments.Count == 0 || Path.GetFileName(arguments[0]) is "pi" or "node" or "bun";
        }

        return arguments.Count > 1 && (Path.GetFileName(arguments[1]) == "pi" || arguments[1].Contains("/pi-coding-agent/", StringComparison.Ordinal))
            || arguments is ["pi", ..];
    }
}
