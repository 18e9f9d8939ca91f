using System.Diagnostics;

namespace Sesh.Bench.Running;

/// <summary>Programs beside sesh, and the environment all of them run in.</summary>
internal sealed class Tools(string sesh, string work)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public string Sesh { get; } = sesh;

    /// <summary>A folder of this run's own; deleted by who made it.</summary>
    public string Work { get; } = work;

    public string Sqlite { get; } = Find("sqlite3");
    public string Git { get; } = Find("git");
    public string Tmux { get; } = Find("tmux");

    /// <summary>What every program sees and nothing else.</summary>
    public Dictionary<string, string> Environment(string home = "", string machine = "") => new()
    {
        ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
        ["HOME"] = Path.Combine(Work, "home"),
        ["TMPDIR"] = Work,
        ["LANG"] = "C.UTF-8",
        ["SESH_HOME"] = home,
        ["SESH_MACHINE"] = machine,
        ["SESH_TMUX_SOCKETS"] = Path.Combine(Work, "tmux.sock"),
    };

    public Command Call(string program, params string[] arguments) => new(program, arguments, Environment()) { Errors = Path.Combine(Work, "errors") };

    /// <summary>sesh as one machine of several.</summary>
    public Command Call(string home, string machine, IReadOnlyDictionary<string, string> more, params IEnumerable<string> arguments)
    {
        var environment = Environment(home, machine);
        foreach (var (name, value) in more)
            environment[name] = value;
        return Call(Sesh, [.. arguments]) with { Environment = environment };
    }

    /// <summary>Runs once and gives standard output; throws where it fails.</summary>
    public string Output(string program, string input, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in Environment())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new FailedRunException($"{Path.GetFileName(program)} did not end within {Patience.TotalMinutes} minutes");
        }

        return process.ExitCode == 0 ? output.Result : throw new FailedRunException($"{Path.GetFileName(program)}: {error.Result.Trim()}");
    }

    private static string? Look(string name) => (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, name)).FirstOrDefault(File.Exists);

    public static bool Has(string name) => Look(name) is not null;

    public static string Find(string name) => Look(name) ?? throw new FailedRunException($"{name} is not on PATH");
}
