using System.Text.Json;
using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Agents.Codex;

/// <summary>
/// Which process is a codex, and which thread it holds: the locks it holds on <c>thread-writer-locks/ID.lock</c>, the rollouts it has open, else <c>resume ID</c> on its
/// command line. With the background daemon the terminal's process holds nothing: the daemon does.
/// </summary>
internal sealed class CodexProcesses(AgentEnvironment environment)
{
    /// <summary>Subcommands that hold no session of their own; <c>app-server</c> holds those of others.</summary>
    private static readonly string[] NoSessions =
        ["agents", "app", "apply", "cloud", "completion", "debug", "doctor", "features", "help", "login", "logout", "mcp", "mcp-server", "plugin", "queue", "remote-control", "sandbox", "update"];

    /// <summary>Programs of its own that it runs beside itself and that never hold a session. As the kernel names them: cut off at 15 bytes.</summary>
    private static readonly string[] NoSessionPrograms = ["codex-code-mode", "codex-linux-san", "codex-execve-wr", "codex-responses"];

    public LiveAgent? Identify(ProcessRow process, IProcesses processes)
    {
        if (!IsCodex(process, processes))
        {
            return null;
        }

        var arguments = processes.Arguments(process.Pid);
        var command = arguments.Count > 1 ? arguments[1] : "";
        if (command == "app-server" || NoSessions.Contains(command))
        {
            return null;
        }

        var evidence = new List<Evidence> { new("live", "true", "process", $"pid {process.Pid} ({process.Name})", environment.Now) };
        var held = HeldThreads.Of(process.Pid, processes);
        var id = held.Count > 0 ? Current(held, evidence) : OfArguments(arguments, evidence);
        return new LiveAgent("codex", process.Pid, process.Start, id, processes.WorkingDirectory(process.Pid) ?? "", Background: false, evidence);
    }

    /// <summary>Every thread that a live codex holds, the background servers' among them.</summary>
    public IEnumerable<LiveAgent> Announced(IProcesses processes)
    {
        var daemon = DaemonPid(processes);
        foreach (var process in processes.All)
        {
            if (!IsCodex(process, processes) || !environment.IsHomeOf(process.Pid, processes))
            {
                continue;
            }

            if (process.Pid == daemon || processes.Arguments(process.Pid) is [_, "app-server", ..])
            {
                foreach (var thread in HeldThreads.Of(process.Pid, processes).Where(thread => !thread.IsWorker()))
                {
                    yield return HeldByServer(process, thread);
                }
            }
            else if (Identify(process, processes) is { AgentId.Length: > 0 } live)
            {
                yield return live;
            }
        }
    }

    private LiveAgent HeldByServer(ProcessRow process, HeldThread thread) => new("codex", process.Pid, process.Start, thread.Id, "", Background: true,
    [
        new Evidence("live", "true", "process", $"pid {process.Pid}, codex's own background server: it lives on when the terminal is gone", environment.Now),
        thread.Evidence(),
    ]);

    /// <summary>
    /// After <c>/new</c> one process holds both threads. The one begun or written last is the one on the screen; with nothing else to tell, that is said as it is: a guess.
    /// </summary>
    private static string Current(IReadOnlyList<HeldThread> held, List<Evidence> evidence)
    {
        var candidates = held.Count > 1 ? [.. held.Where(thread => !thread.IsWorker())] : held;
        var latest = candidates.MaxBy(thread => thread.LastSign) ?? held[0];
        evidence.Add(latest.Evidence());
        foreach (var other in candidates.Where(thread => thread != latest))
        {
            evidence.Add(new Evidence("agentSessionId", other.Id, "lock", "held too, but begun and written earlier (after /new a process keeps both)", other.LastSign));
        }

        return latest.Id;
    }

    private static string OfArguments(IReadOnlyList<string> arguments, List<Evidence> evidence)
    {
        var resume = -1;
        for (var i = 1; i < arguments.Count && resume < 0; i++)
        {
            resume = arguments[i] == "resume" ? i : -1;
        }

        var id = resume < 0 ? null : arguments.Skip(resume + 1).FirstOrDefault(argument => Guid.TryParseExact(argument, "D", out _));
        evidence.Add(id is null
            ? new Evidence("agentSessionId", "", "lock", "it holds no thread: not begun yet, or its turns run in codex's background server", 0)
            : new Evidence("agentSessionId", id, "argv", "resume", 0));
        return id?.ToLowerInvariant() ?? "";
    }

    /// <summary>Null without a daemon; its pid file is JSON with the start time in ticks, so a recycled pid shows.</summary>
    private int? DaemonPid(IProcesses processes)
    {
        try
        {
            using var stream = TranscriptStream.Open(CodexFolders.DaemonPid(CodexFolders.Home(environment)));
            using var json = JsonDocument.Parse(stream);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("pid", out var pidElement) && pidElement.ValueKind == JsonValueKind.Number && pidElement.TryGetInt32(out var pid)
                && processes.Find(pid) is { } process
                && (!json.RootElement.TryGetProperty("startTicks", out var ticks) || ticks.ValueKind != JsonValueKind.Number || (ticks.TryGetInt64(out var start) && start == process.Start))
                    ? pid
                    : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            // No daemon, or a file of another format: servers are still known by their command line.
            return null;
        }
    }

    /// <summary>The native binary. The launcher of npm (node running codex.js) is not it: the binary is its child, or has replaced it.</summary>
    private static bool IsCodex(ProcessRow process, IProcesses processes) =>
        process.Name == "codex" || (process.Name.StartsWith("codex-", StringComparison.Ordinal)
            && !Array.Exists(NoSessionPrograms, name => process.Name.StartsWith(name, StringComparison.Ordinal))
            && Path.GetFileName(processes.Executable(process.Pid) ?? "").StartsWith("codex", StringComparison.Ordinal));
}
