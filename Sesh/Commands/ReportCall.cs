using System.ComponentModel;
using System.Text;
using Sesh.Agents;
using Sesh.Agents.Reports;
using Sesh.Processes;

namespace Sesh.Commands;

/// <summary>
/// One <c>report</c>: what agents' hooks run at every turn. It costs a start and little more, prints nothing and fails never, whatever it is given: so its words are read without the parser.
/// </summary>
internal static class ReportCall
{
    /// <summary>Hooks are given whole files now and then; what concerns us stands at the beginning.</summary>
    private const int MostBytes = 256 << 10;

    /// <summary>Nobody who reports pauses so long, in milliseconds.</summary>
    private const int InputPatience = 500;

    private const long MostDrained = 256L << 20;

    /// <summary>Is this command line one, and not a question for its help?</summary>
    public static bool Is(IReadOnlyList<string> words) => words is ["report", ..] && !words.Any(w => w is "--help" or "-h");

    public static int Run(IReadOnlyList<string> words, Surroundings surroundings)
    {
        var (agent, home, json, then) = Read(words);
        try
        {
            Note(agent, home ?? Home(surroundings), json, surroundings);
        }
        catch (Exception)
        {
            // Whatever it is: a hook that fails can stop the agent, and a look sees the state all the same.
        }

        try
        {
            if (then.Count > 0 && Programs.Find(then[0], surroundings.Variable("PATH")) is { } program)
                Exec.Replace(program, [.. then.Skip(1), json ?? ""], ProcessEnvironment.Own());
        }
        catch (Win32Exception)
        {
            // The user's own program cannot be run: as without us.
        }

        return 0;
    }

    private static (string Agent, string? Home, string? Json, IReadOnlyList<string> Then) Read(IReadOnlyList<string> words)
    {
        string agent = "", json = "";
        string? home = null;
        var then = new List<string>();
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] == "--")
            {
                then.AddRange(words.Skip(i + 1));
                break;
            }

            if (words[i] == "--agent" && i + 1 < words.Count)
                agent = words[++i];
            else if (words[i] == "--home" && i + 1 < words.Count)
                home = words[++i];
            else
                json = words[i];
        }

        if (then.Count > 0)
        {
            json = then[^1];
            then.RemoveAt(then.Count - 1);
        }

        return (agent, home is { Length: > 0 } ? home : null, json.Length > 0 ? json : null, then);
    }

    private static string? Home(Surroundings surroundings) =>
        surroundings.Variable("SESH_HOME") is { Length: > 0 } set ? Path.GetFullPath(set, surroundings.WorkingDirectory())
        : surroundings.Variable("HOME") is { Length: > 0 } user ? Path.Join(user, ".sesh") : null;

    private static void Note(string agent, string? home, string? json, Surroundings surroundings)
    {
        // The background manager's sessions are its own to tell of, and their hooks run where no process of theirs can be told.
        var isForeign = surroundings.Variable("CLAUDE_CODE_SESSION_KIND") == "bg";
        var told = json is null ? Input(surroundings) : Encoding.UTF8.GetBytes(json.Length > MostBytes ? json[..MostBytes] : json);
        if (home is null || isForeign)
            return;
        new Reporting(new ReportFolder(home), AgentEnvironment.Of(surroundings.Variable, surroundings.Time), ProcessTable.Open())
            .Note(agent, told, Libc.ParentId());
    }

    /// <summary>All of it is taken, so that no agent meets a broken pipe; the beginning is kept.</summary>
    private static ReadOnlySpan<byte> Input(Surroundings surroundings)
    {
        if (surroundings.InputIsTerminal)
            return [];
        using var input = surroundings.Input();
        var kept = new byte[16 << 10];
        var spare = Array.Empty<byte>();
        var (length, drained) = (0, 0L);
        while (drained < MostDrained && (input is not FileStream file || Readable.Within(file.SafeFileHandle, InputPatience)))
        {
            if (length == kept.Length && length < MostBytes)
                Array.Resize(ref kept, length * 4);
            else if (length == kept.Length && spare.Length == 0)
                spare = new byte[64 << 10];
            var read = length < kept.Length ? input.Read(kept, length, kept.Length - length) : input.Read(spare);
            if (read == 0)
                break;
            if (length < kept.Length)
                length += read;
            else
                drained += read;
        }

        return kept.AsSpan(0, length);
    }
}
