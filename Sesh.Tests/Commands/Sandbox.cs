using System.Text;
using Sesh.Commands;

namespace Sesh.Tests.Commands;

/// <summary>What one command line said and how it ended.</summary>
internal sealed record Ran(int Status, string Out, string Error)
{
    /// <summary>The only line of the error, without the program's name.</summary>
    public string Complaint => Error.StartsWith("sesh: ", StringComparison.Ordinal) ? Error["sesh: ".Length..].TrimEnd('\n') : Error;
}

/// <summary>The whole program in memory, over a home of its own on the real disk. Sees no tmux server and no agents but those put there.</summary>
internal sealed class Sandbox : IDisposable
{
    public const string One = "8b7b4450-0000-4000-8000-000000000001";
    public const string Two = "8b7b4450-0000-4000-8000-000000000002";

    private readonly Dictionary<string, string> _variables;

    public Sandbox(string machine = "alpha")
    {
        Folder = Directory.CreateTempSubdirectory("sesh-box-").FullName;
        Home = Path.Combine(Folder, ".sesh");
        _variables = new Dictionary<string, string>
        {
            ["HOME"] = Folder,
            ["SESH_HOME"] = Home,
            ["SESH_MACHINE"] = machine,
            ["SESH_TMUX_SOCKETS"] = Path.Combine(Folder, "no-tmux"),
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
        };
    }

    public string Folder { get; }

    /// <summary>The SESH_HOME.</summary>
    public string Home { get; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public CancellationToken Cancel { get; set; }

    public string? this[string variable]
    {
        set
        {
            if (value is null)
                _variables.Remove(variable);
            else
                _variables[variable] = value;
        }
    }

    public Ran Run(params string[] words)
    {
        var (output, error) = (new MemoryStream(), new MemoryStream());
        var status = Run(output, error, words);
        return new Ran(status, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    public int Run(Stream output, Stream error, params string[] words) => Application.Run(words, new Surroundings
    {
        Variable = name => _variables.GetValueOrDefault(name),
        WorkingDirectory = () => Folder,
        Input = () => Stream.Null,
        Output = output,
        Error = error,
        Time = Time,
        Cancellation = () => Cancel,
    });

    /// <summary>Runs what must succeed, and gives what it printed.</summary>
    public string Do(params string[] words)
    {
        var ran = Run(words);
        return ran.Status == 0 ? ran.Out : throw new InvalidOperationException($"sesh {string.Join(' ', words)} ended with {ran.Status}: {ran.Error}");
    }

    /// <summary>A recorded session with nothing behind it.</summary>
    public void Record(string id = One, string name = "first") => Do("register", id, "--agent", "claude", "--name", name, "-q");

    /// <summary>A transcript of Claude's in the folder that belongs to it.</summary>
    public string Transcript(string id, params string[] prompts)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, ".claude", "projects", "-w")).FullName;
        var path = Path.Combine(folder, id + ".jsonl");
        File.WriteAllText(path, string.Concat(prompts.Select(p => Turn(id, p))));
        return path;
    }

    /// <summary>A prompt and its answer, as Claude writes them.</summary>
    public static string Turn(string id, string prompt) =>
        $$$"""
        {"type":"user","uuid":"u","cwd":"/w","sessionId":"{{{id}}}","timestamp":"2026-11-20T10:00:00.000Z","message":{"role":"user","content":"{{{prompt}}}"}}
        {"type":"assistant","uuid":"a","cwd":"/w","sessionId":"{{{id}}}","timestamp":"2026-11-20T10:00:02.000Z","message":{"role":"assistant","model":"m","content":[{"type":"text","text":"echo: {{{prompt}}}"}],"stop_reason":"end_turn"}}

        """;

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}
