using Sesh.Processes;

namespace Sesh.Sessions.Reporters;

/// <summary>What agents are told to run: this program by the path that stays the same when it is upgraded, and the home where that is not the usual one.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Home">Null for the usual one.</param>
internal sealed record ReporterProgram(string Path, string? Home)
{
    /// <param name="running">The file that runs now.</param>
    /// <param name="path">PATH: a <c>sesh</c> on it that leads to that file is the stable name.</param>
    public static ReporterProgram Of(string running, string? path, string home, string? userHome)
    {
        foreach (var folder in (path ?? "").Split(':').Where(f => f.StartsWith('/')))
        {
            var candidate = System.IO.Path.Join(folder, "sesh");
            if (Programs.IsExecutable(candidate) && FileIdentity.Of(candidate) is { } there && there == FileIdentity.Of(running))
            {
                running = candidate;
                break;
            }
        }

        return new ReporterProgram(running, userHome is not null && home == System.IO.Path.Join(userHome, ".sesh") ? null : home);
    }

    public IReadOnlyList<string> Words(string agent) => Home is null ? [Path, "report", "--agent", agent] : [Path, "report", "--agent", agent, "--home", Home];

    /// <summary>For a shell. Where this program is gone, nothing is run: an agent must not be told of errors at every turn.</summary>
    public string Line(string agent) => $"[ ! -x {Quoted(Path)} ] || {string.Join(' ', Words(agent).Select(Quoted))}";

    public static bool IsOurs(string command, string agent) => command.Contains("sesh", StringComparison.Ordinal) && command.Contains($"report --agent {agent}", StringComparison.Ordinal);

    /// <summary>The program that a line of ours runs.</summary>
    public static string PathIn(string line)
    {
        var start = line.IndexOf("[ ! -x ", StringComparison.Ordinal);
        var end = line.IndexOf(" ] || ", StringComparison.Ordinal);
        return start == 0 && end > 7 ? line[7..end].Trim('\'').Replace("'\\''", "'", StringComparison.Ordinal) : line.Split(' ')[0].Trim('\'');
    }

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '=') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
