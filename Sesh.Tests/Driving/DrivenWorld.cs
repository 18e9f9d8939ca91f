using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sesh.Commands;
using Sesh.Processes;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tests.Commands;
using Sesh.Tests.Tmux;

namespace Sesh.Tests.Driving;

/// <summary>
/// The whole program over a home, a tmux server and fake agents of one test's own. Commands run in this process; their runners, and what is started by <see cref="Start"/>, are
/// the built program.
/// </summary>
internal sealed class DrivenWorld : IDisposable
{
    public static readonly string[] Agents = ["claude", "codex", "pi"];

    private static readonly string s_program = AppContext.BaseDirectory.Replace("/Sesh.Tests/bin/", "/Sesh/bin/", StringComparison.Ordinal) + "sesh";

    private readonly string _bin;

    public DrivenWorld()
    {
        UserHome = Directory.CreateDirectory(Path.Combine(Tmux.Folder, "h")).FullName;
        Work = Directory.CreateDirectory(Path.Combine(Tmux.Folder, "w")).FullName;
        Home = Path.Combine(Tmux.Folder, "sesh");
        _bin = FakeAgentFolder.In(Tmux.Folder);
        Variables = new()
        {
            ["HOME"] = UserHome,
            ["PATH"] = $"{_bin}:{PrivateTmux.SearchPath}",
            ["SESH_HOME"] = Home,
            ["SESH_MACHINE"] = "alpha",
            ["SESH_TMUX_SOCKETS"] = Tmux.Socket,
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(Tmux.Folder, "t")).FullName,
            ["LANG"] = "C.UTF-8",
        };
        foreach (var name in (string[])["DOTNET_ROOT", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"])
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                Variables[name] = value;
        }
    }

    public PrivateTmux Tmux { get; } = new();

    public string UserHome { get; }

    public string Work { get; }

    public string Home { get; }

    public Dictionary<string, string> Variables { get; }

    public LiveStore Live => new(Options);

    public SessionStore Store => SessionStore.Open(Options);

    private StoreOptions Options => new(Home, MachineName.Parse("alpha"), TimeProvider.System);

    public CommandRun Run(params string[] words) => RunWith("", words);

    public CommandRun RunWith(string input, params string[] words)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var status = Application.Run(words, new Surroundings
        {
            Variable = name => Variables.GetValueOrDefault(name),
            WorkingDirectory = () => Work,
            Input = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Output = output,
            Error = error,
            Program = s_program,
            Variables = () => [.. Variables.Select(v => $"{v.Key}={v.Value}")],
        });
        return new CommandRun(status, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    /// <summary>Runs what must succeed, and gives what it printed without the last line end.</summary>
    public string Do(params string[] words)
    {
        var run = Run(words);
        return run.Status == 0 ? run.Out.TrimEnd('\n') : throw new InvalidOperationException($"sesh {string.Join(' ', words)} ended with {run.Status}: {run.Error}{run.Out}");
    }

    /// <summary>The built program, with pipes and no terminal.</summary>
    public Process Start(params string[] words)
    {
        var start = new ProcessStartInfo(s_program, words)
        {
            WorkingDirectory = Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>A session in a pane of its own; its uuid.</summary>
    public string New(string agent, params (string Name, string Value)[] variables)
    {
        foreach (var (name, value) in variables)
            Tmux.Server.Do(["set-environment", "-g", name, value]);
        var uuid = Do("new", "--agent", agent, "--name", $"a {agent}");
        foreach (var (name, _) in variables)
            Tmux.Server.Do(["set-environment", "-g", "-u", name]);
        return uuid;
    }

    /// <summary>One that has spoken once, and whose agent has ended.</summary>
    public string Detached(string agent)
    {
        var uuid = New(agent);
        Do("send", uuid, "first");
        End(uuid);
        return uuid;
    }

    public void End(string uuid)
    {
        Tmux.Server.KillPane(Pane(uuid));
        Until.True(() => Do("info", uuid, "--json", "--fields", "live").Contains("false", StringComparison.Ordinal), "nothing holds it");
    }

    public string Pane(string uuid) => Live.Find(SessionId.Parse(uuid), "alpha")!.Row.Tmux!.Pane;

    public string Screen(string uuid) => Tmux.Server.Screen(Pane(uuid));

    public void Keys(string uuid, params string[] keys) => Tmux.Server.SendKeys(Pane(uuid), keys);

    /// <summary>Pastes without Enter, as somebody who goes on typing.</summary>
    public void Draft(string uuid, string text) => Tmux.Server.Do(["set-buffer", "-b", "draft", "--", text], ["paste-buffer", "-p", "-d", "-b", "draft", "-t", Pane(uuid)]);

    /// <summary>What the session's agent has been told and has answered, as its transcript has it.</summary>
    public IReadOnlyList<string> Said(string uuid) => JsonSerializer.Deserialize<string[]>(
        Do("transcript", uuid, "--format", "json", "--jq", "[.[]|select((.role==\"user\" or .role==\"assistant\") and .tool==null)|.role + \": \" + .text]"))!;

    /// <summary>Processes that this world's commands have started and that still run, tmux's own aside.</summary>
    public IReadOnlyList<int> Strays()
    {
        var strays = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), out var pid) || pid == Environment.ProcessId)
                continue;
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "environ")).Contains($"SESH_HOME={Home}\0", StringComparison.Ordinal))
                    strays.Add(pid);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked, or is somebody else's.
            }
        }

        return strays;
    }

    public void Dispose()
    {
        foreach (var stray in Strays())
            _ = Libc.Kill(stray, Libc.SigKill);
        Until.True(() => Strays().Count == 0, "nothing of this world runs any more");
        Tmux.Dispose();
    }
}
