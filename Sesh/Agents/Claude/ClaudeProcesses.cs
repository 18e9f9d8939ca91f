using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Agents.Claude;

/// <summary>Which process is a claude, and which session it holds: its status file, else its command line, which keeps the id it was started with for ever.</summary>
internal sealed class ClaudeProcesses(AgentEnvironment environment)
{
    /// <summary>Subcommands that hold no session of their own.</summary>
    private static readonly string[] NoSessions =
        ["agents", "attach", "auth", "bg-pty-host", "bg-spare", "config", "daemon", "doctor", "install", "kill", "logs", "mcp", "migrate-installer", "plugin", "plugins", "respawn", "rm", "setup-token", "stop", "update", "upgrade"];

    public LiveAgent? Identify(ProcessRow process, IProcesses processes)
    {
        if (!MayBeClaude(process.Name))
        {
            return null;
        }

        var status = ClaudeStatus.Read(Path.Join(ClaudeFolders.Sessions(ConfigurationOf(process.Pid, processes)), $"{process.Pid}.json"));
        if (status?.IsOf(process) == true)
        {
            return FromStatus(status, process, processes);
        }

        var arguments = AgentArguments.OfScript(processes.Arguments(process.Pid));
        if (!IsClaude(process, arguments) || (arguments.Count > 1 && NoSessions.Contains(arguments[1])))
        {
            return null;
        }

        return FromArguments(process, arguments, processes, stale: status is not null);
    }

    /// <summary>
    /// Every live claude that says which session it holds: those of the table's list, and those that go by another name and whose status files lie in the usual folder.
    /// </summary>
    public IEnumerable<LiveAgent> Announced(IProcesses processes)
    {
        var seen = new HashSet<int>();
        foreach (var process in processes.All)
        {
            if (process.Name.StartsWith("claude", StringComparison.Ordinal) && environment.IsHomeOf(process.Pid, processes) && Identify(process, processes) is { AgentId.Length: > 0 } live && seen.Add(live.Pid))
            {
                yield return live;
            }
        }

        var folder = ClaudeFolders.Sessions(ClaudeFolders.Configuration(environment));
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [])
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(path.AsSpan()), out var pid) && !seen.Contains(pid) && processes.Find(pid) is { } process
                && !process.Name.StartsWith("claude", StringComparison.Ordinal) && ClaudeStatus.Read(path) is { } status && status.IsOf(process) && seen.Add(pid))
            {
                yield return FromStatus(status, process, processes);
            }
        }
    }

    private LiveAgent FromStatus(ClaudeStatus status, ProcessRow process, IProcesses processes)
    {
        var evidence = new List<Evidence>
        {
            new("live", "true", "process", $"pid {process.Pid} ({process.Name})", environment.Now),
            new("agentSessionId", status.SessionId, "status file", status.Path, status.UpdatedAt),
            new("turnStatus", status.Status, "status file", status.Path, status.UpdatedAt),
        };
        if (status.WaitingFor.Length > 0)
        {
            evidence.Add(new Evidence("pendingQuestion", status.WaitingFor, "status file", status.Path, status.UpdatedAt));
        }

        if (IdInArguments(AgentArguments.OfScript(processes.Arguments(process.Pid))) is { } started && started != status.SessionId)
        {
            evidence.Add(new Evidence("agentSessionId", started, "argv", "the id it was started with; the status file says what it holds now", 0));
        }

        var background = status.Kind == "bg" || processes.Variable(process.Pid, "CLAUDE_CODE_SESSION_KIND") == "bg";
        return new LiveAgent("claude", process.Pid, process.Start, status.SessionId, status.Cwd.Length > 0 ? status.Cwd : processes.WorkingDirectory(process.Pid) ?? "", background, evidence);
    }

    private LiveAgent FromArguments(ProcessRow process, IReadOnlyList<string> arguments, IProcesses processes, bool stale)
    {
        var evidence = new List<Evidence> { new("live", "true", "process", $"pid {process.Pid} ({process.Name})", environment.Now) };
        var id = IdInArguments(arguments) ?? "";
        if (id.Length > 0)
        {
            evidence.Add(new Evidence("agentSessionId", id, "argv", string.Join(' ', arguments.Take(4)), 0));
        }

        if (stale)
        {
            evidence.Add(new Evidence("agentSessionId", "", "status file", "left behind by an earlier process of the same pid", 0));
        }

        var background = processes.Variable(process.Pid, "CLAUDE_CODE_SESSION_KIND") == "bg";
        return new LiveAgent("claude", process.Pid, process.Start, id, processes.WorkingDirectory(process.Pid) ?? "", background, evidence);
    }

    /// <summary>A fork gets a new id, and <c>--continue</c> names none.</summary>
    private static string? IdInArguments(IReadOnlyList<string> arguments)
    {
        var id = AgentArguments.ValueOf(arguments, "--session-id") ?? (AgentArguments.Has(arguments, "--fork-session") ? null : AgentArguments.ValueOf(arguments, "--resume", "-r"));
        return Guid.TryParseExact(id, "D", out _) ? id!.ToLowerInvariant() : null;
    }

    private string ConfigurationOf(int pid, IProcesses processes) =>
        processes.Variable(pid, "CLAUDE_CONFIG_DIR") is { Length: > 0 } set ? set
        : processes.Variable(pid, "HOME") is { Length: > 0 } home ? Path.Join(home, ".claude")
        : ClaudeFolders.Configuration(environment);

    private static bool MayBeClaude(string name) => name.StartsWith("claude", StringComparison.Ordinal) || name is "node" or "bun" or "MainThread";

    private static bool IsClaude(ProcessRow process, IReadOnlyList<string> arguments) =>
        process.Name.StartsWith("claude", StringComparison.Ordinal)
        || (arguments.Count > 0 && (Path.GetFileName(arguments[0]) == "claude" || arguments[0].Contains("/@anthropic-ai/claude-code/", StringComparison.Ordinal)));
}
