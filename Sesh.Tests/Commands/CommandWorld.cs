using System.Text;
using Sesh.Commands;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Tests.Commands;

/// <summary>What one command line left.</summary>
internal sealed record CommandRun(int Status, string Out, string Error)
{
    /// <summary>What went wrong, without the program's name.</summary>
    public string Complaint => Error.StartsWith("sesh: ", StringComparison.Ordinal) ? Error["sesh: ".Length..].TrimEnd('\n') : Error;

    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The whole program in memory, over a home of its own in a real file system, with no tmux, no agents and a clock that the test moves.</summary>
internal sealed class CommandWorld : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sesh-c").FullName;

    public CommandWorld(string machine = "alpha")
    {
        Home = Path.Join(_root, "home");
        Variables["HOME"] = _root;
        Variables["SESH_HOME"] = Home;
        Variables["SESH_MACHINE"] = machine;
        // A folder with no sockets: the walk finds no server, and never the user's.
        Variables["SESH_TMUX_SOCKETS"] = Path.Join(_root, "no-such-socket");
        Variables["TMUX_TMPDIR"] = _root;
        Variables["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
    }

    public string Root => _root;

    public string Home { get; }

    public Dictionary<string, string> Variables { get; } = [];

    public FixedTime Time { get; } = new();

    public bool OnTerminal { get; set; }

    public int Width { get; set; } = 100;

    public string Input { get; set; } = "";

    public SessionStore Store => SessionStore.Open(new StoreOptions(Home, MachineName.Parse(Variables["SESH_MACHINE"]), Time));

    public LiveStore Live => new(new StoreOptions(Home, MachineName.Parse(Variables["SESH_MACHINE"]), Time));

    /// <summary>What tells a command to stop.</summary>
    public CancellationToken Cancel { get; set; }

    public CommandRun Run(params string[] words)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var status = Run(output, error, words);
        return new CommandRun(status, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    public int Run(Stream output, Stream error, params string[] words) => Application.Run(words, new Surroundings
    {
        Variable = name => Variables.GetValueOrDefault(name),
        WorkingDirectory = () => _root,
        Input = () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
        Output = output,
        Error = error,
        InputIsTerminal = OnTerminal,
        OutputIsTerminal = OnTerminal,
        ErrorIsTerminal = OnTerminal,
        Width = () => Width,
        Time = Time,
        Cancellation = () => Cancel,
    });

    /// <summary>Runs what must succeed, and gives what it printed.</summary>
    public string Do(params string[] words)
    {
        var run = Run(words);
        return run.Status == 0 ? run.Out : throw new InvalidOperationException($"sesh {string.Join(' ', words)} ended with {run.Status}: {run.Error}");
    }

    /// <summary>Puts a file of this name into the home.</summary>
    public void Write(string name, string text) => File.WriteAllText(Path.Join(Directory.CreateDirectory(Home).FullName, name), text);

    /// <summary>Puts a file beside the home, and gives its path.</summary>
    public string Beside(string name, string text)
    {
        var path = Path.Join(_root, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A transcript of Claude's, in the folder that belongs to it.</summary>
    public string Transcript(string id, params string[] prompts)
    {
        var folder = Directory.CreateDirectory(Path.Join(_root, ".claude", "projects", "-w")).FullName;
        var path = Path.Join(folder, id + ".jsonl");
        File.WriteAllText(path, string.Concat(prompts.Select(p => Turn(id, p))));
        return path;
    }

    /// <summary>A prompt and its answer, as Claude writes them.</summary>
    public static string Turn(string id, string prompt) =>
        $$$"""
        {"type":"user","uuid":"u","cwd":"/w","sessionId":"{{{id}}}","timestamp":"2026-11-20T10:00:00.000Z","message":{"role":"user","content":"{{{prompt}}}"}}
        {"type":"assistant","uuid":"a","cwd":"/w","sessionId":"{{{id}}}","timestamp":"2026-11-20T10:00:02.000Z","message":{"role":"assistant","model":"m","content":[{"type":"text","text":"echo: {{{prompt}}}"}],"stop_reason":"end_turn"}}

        """;

    /// <summary>Records a session as <c>register</c> would.</summary>
    public SessionId Add(string uuid, string name = "", string agent = "claude", string machine = "alpha", string cwd = "/work", params string[] tags)
    {
        var birth = new Birth(SessionId.Parse(uuid), agent, machine) { Cwd = cwd, Name = name, AgentSessionId = uuid, CreatedAt = Time.Now, Tags = tags };
        Store.Write(_ => new Draft("register", [], [.. birth.Changes()]));
        return birth.Uuid;
    }

    /// <summary>Sets one field of a session.</summary>
    public void Set(SessionId session, Field field, Value value, string? key = null) =>
        Store.Write(_ => new Draft("test", [], [new Change(new Register(session, field, key), value)]));

    /// <summary>This machine observed the session just now; with <paramref name="walk"/> all of its sessions.</summary>
    public void Observe(LiveRow row, bool walk = true) => Live.Merge([row], walk);

    public SessionRecord? Find(string uuid) => Store.Read().Find(SessionId.Parse(uuid));

    // An agent of a pane that was just killed may write its last file while the folder is being emptied.
    public void Dispose() => Until.True(Deleted, $"{_root} can be deleted");

    private bool Deleted()
    {
        try
        {
            Directory.Delete(_root, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
