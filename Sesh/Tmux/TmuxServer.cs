using System.ComponentModel;
using System.Globalization;
using Sesh.Processes;
using Sesh.Sync;

namespace Sesh.Tmux;

/// <summary>One tmux server, spoken to by the tmux program. Text goes as arguments, never through a shell.</summary>
internal sealed partial class TmuxServer(string program, string socket)
{
    /// <summary>A server that is well answers in milliseconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Starting a server runs the user's configuration, plug-ins and all.</summary>
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(15);

    public string Socket { get; } = socket;

    public string Program { get; } = program;

    public static TmuxServer Open(TmuxSurroundings surroundings, string socket) => new(
        surroundings.Program ?? throw new SeshException("tmux-missing", "tmux is not on PATH", "install tmux"),
        socket);

    /// <summary>The arguments that reach this server. Without <c>-u</c> tmux puts <c>_</c> for all that is not ASCII where the locale is not UTF-8.</summary>
    public IReadOnlyList<string> Arguments(params IReadOnlyList<IReadOnlyList<string>> commands)
    {
        var arguments = new List<string> { "-u", "-S", Socket };
        for (var i = 0; i < commands.Count; i++)
        {
            if (i > 0)
                arguments.Add(";");
            foreach (var argument in commands[i])
                arguments.Add(TmuxArgument.Whole(argument));
        }

        return arguments;
    }

    /// <summary>Runs commands in order; tmux stops at the first that fails.</summary>
    public CommandResult Try(params IReadOnlyList<IReadOnlyList<string>> commands) => Run(Patience, commands);

    /// <summary>As <see cref="Try"/>, and throws where it fails. Returns what it printed, without the last line end.</summary>
    public string Do(params IReadOnlyList<IReadOnlyList<string>> commands) => Expect(Run(Patience, commands));

    private string DoStarting(IReadOnlyList<string> command) => Expect(Run(s_startPatience, [command]));

    private string Expect(CommandResult result)
    {
        if (result.TimedOut)
            throw Hung();
        if (result.Succeeded)
            return result.Text.TrimEnd('\n');
        if (IsGone(result))
            throw new SeshException("tmux-gone", $"no tmux server answers at {Socket}", "see \"sesh list\" for what is live now");
        throw new SeshException("tmux-failed", $"tmux: {result.Complaint}");
    }

    public SeshException Hung() => new("tmux-hung", $"the tmux server at {Socket} does not answer");

    /// <summary>The server is not there: never was, or ended meanwhile.</summary>
    public static bool IsGone(CommandResult result)
    {
        var said = result.Complaint;
        return said.StartsWith("no server running", StringComparison.Ordinal)
            || said.StartsWith("error connecting", StringComparison.Ordinal)
            || said.StartsWith("server exited", StringComparison.Ordinal)
            || said.StartsWith("lost server", StringComparison.Ordinal)
            || said.Contains("No such file", StringComparison.Ordinal);
    }

    /// <summary>The target is not there.</summary>
    public static bool IsMissing(CommandResult result) => result.Complaint.StartsWith("can't find", StringComparison.Ordinal);

    private CommandResult Run(TimeSpan patience, IReadOnlyList<IReadOnlyList<string>> commands)
    {
        try
        {
            return ChildProcess.Run(Program, Arguments(commands), patience);
        }
        catch (Win32Exception e)
        {
            throw new SeshException("tmux-failed", $"cannot run {Program}: {e.Message}", inner: e);
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
