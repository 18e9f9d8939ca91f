using System.Diagnostics;
using System.Text;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>What a run left behind.</summary>
internal sealed record Ran(int Exit, string Output, string Error)
{
    /// <summary>Asserts success and gives standard output without the last line's end.</summary>
    public string Succeeds()
    {
        Assert.True(Exit == 0, $"exit {Exit}\n{Error}\n{Output}");
        return Output.TrimEnd('\n');
    }

    /// <summary>Asserts a failure as users are to see them: one line of ours and hints, no stack, nothing half-printed.</summary>
    public string Fails(int exit)
    {
        Assert.True(Exit == exit, $"exit {Exit}, wanted {exit}\n{Error}\n{Output}");
        Assert.StartsWith("sesh: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        return Error.TrimEnd('\n');
    }
}

/// <summary>
/// The published binary in a world of its own: home, folders of the agents, temporary files, no tmux of anybody's. The binary is
/// <c>$SESH_BIN</c>, else <c>out/sesh</c>.
/// </summary>
internal sealed class BuiltSesh : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public BuiltSesh(string machine = "alpha")
    {
        Root = Directory.CreateTempSubdirectory("sesh-built-").FullName;
        Home = Path.Combine(Root, "sesh");
        UserHome = Directory.CreateDirectory(Path.Combine(Root, "home")).FullName;
        Directory.CreateDirectory(Path.Combine(Root, "tmp"));
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["HOME"] = UserHome,
            ["TMPDIR"] = Path.Combine(Root, "tmp"),
            ["SESH_HOME"] = Home,
            ["SESH_MACHINE"] = machine,
            ["SESH_TMUX_SOCKETS"] = Path.Combine(Root, "tmux"),
            ["LANG"] = "C.UTF-8",
            ["TERM"] = "xterm-256color",
        };
    }

    public static string Binary { get; } = Find();

    /// <summary>The whole world; deleted at the end.</summary>
    public string Root { get; }

    public string Home { get; }

    public string UserHome { get; }

    public Dictionary<string, string> Environment { get; }

    public Ran Run(params IEnumerable<string> arguments) => RunWith("", arguments);

    public Ran RunWith(string input, params IEnumerable<string> arguments) => Collect(Start(Binary, arguments), input);

    /// <summary>A line for sh, in which <c>sesh</c> is the binary.</summary>
    public Ran Shell(string script) => Collect(Start("/bin/sh", ["-c", $"PATH={Path.GetDirectoryName(Binary)}:$PATH; {script}"]), "");

    /// <summary>The same on a terminal of its own. Whenever more has been shown, <paramref name="react"/> sees all of it and may type. Gives what was shown; the command must succeed.</summary>
    public string OnTerminal(string script, Action<string, Action<string>> react)
    {
        using var process = Start("/usr/bin/script", ["-q", "-e", "-c", $"PATH={Path.GetDirectoryName(Binary)}:$PATH; {script}", "/dev/null"]);
        var error = process.StandardError.ReadToEndAsync();
        var seen = new StringBuilder();
        using var watch = new Timer(_ => process.Kill(entireProcessTree: true), null, Patience, Timeout.InfiniteTimeSpan);
        var buffer = new char[1024];
        while (process.StandardOutput.Read(buffer) is > 0 and var count)
        {
            seen.Append(buffer, 0, count);
            react(seen.ToString(), typed =>
            {
                process.StandardInput.Write(typed);
                process.StandardInput.Flush();
            });
        }

        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit {process.ExitCode}\n{seen}\n{error.Result}");
        return seen.ToString();
    }

    public Process Start(params IEnumerable<string> arguments) => Start(Binary, arguments);

    /// <summary>Registers a session without an agent and gives its uuid.</summary>
    public string Register(string name)
    {
        var uuid = Guid.NewGuid().ToString();
        Run("register", uuid, "--agent", "claude", "--name", name, "--cwd", Root).Succeeds();
        return uuid;
    }

    /// <summary>Processes that still run in this world, by the home in their environment.</summary>
    public IReadOnlyList<int> Strays()
    {
        var strays = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid))
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

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Find()
    {
        var path = System.Environment.GetEnvironmentVariable("SESH_BIN") ?? Path.Combine(Repository.Root, "out", "sesh");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there: run scripts/build first");
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static Ran Collect(Process process, string input)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            try
            {
                process.StandardInput.Write(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading its input: allowed.
            }

            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end");
            }

            process.WaitForExit();
            return new Ran(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
    }
}
