using System.Runtime.InteropServices;

namespace Sesh.FakeAgents;

/// <summary>Under which name this process was started, and what its command line shows.</summary>
internal static partial class Identity
{
    private const string Carrier = "FAKE_AGENT_ARGUMENTS";

    /// <summary>The kernel's short name: that of the link, not of its target.</summary>
    public static string Name() => File.ReadAllText("/proc/self/comm").Trim();

    /// <summary>pi overwrites its command line with its name: here by starting itself anew without arguments. False where that has been done; returns true only if it failed.</summary>
    public static bool HideArguments(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(Carrier) is not null)
        {
            return false;
        }

        var environment = Environment.GetEnvironmentVariables();
        List<string?> variables = [];
        foreach (System.Collections.DictionaryEntry variable in environment)
        {
            variables.Add($"{variable.Key}={variable.Value}");
        }

        variables.Add($"{Carrier}={string.Join('\u001f', arguments)}");
        variables.Add(null);

        // Not by /proc/self/exe: the short name must stay the link's.
        return Execve(LinkPath(), ["pi", null], [.. variables]) != 0;
    }

    public static string[] ShownArguments(string[] arguments) =>
        Environment.GetEnvironmentVariable(Carrier) is { } hidden ? hidden.Length == 0 ? [] : hidden.Split('\u001f') : arguments;

    private static string LinkPath()
    {
        var shown = File.ReadAllText("/proc/self/cmdline").Split('\0')[0];
        return shown.Contains('/')
            ? shown
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Join(folder, shown)).First(File.Exists);
    }

    [LibraryImport("libc", EntryPoint = "execve", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Execve(string path, string?[] arguments, string?[] environment);
}
