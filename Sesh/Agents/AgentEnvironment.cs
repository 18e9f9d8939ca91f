using Sesh.Processes;

namespace Sesh.Agents;

/// <summary>
/// What the agents' rules read from their surroundings: the home folder, variables and the clock. Tests give their own.
/// </summary>
internal sealed class AgentEnvironment(string home, IReadOnlyDictionary<string, string> variables, TimeProvider clock)
{
    private static readonly string[] Read =
        ["CLAUDE_CONFIG_DIR", "CODEX_HOME", "PI_CODING_AGENT_DIR", "PI_CODING_AGENT_SESSION_DIR", "PATH", "MISE_DATA_DIR", "ASDF_DATA_DIR", "NVM_DIR", "VOLTA_HOME", "CARGO_HOME", "BUN_INSTALL"];

    public string Home { get; } = home;

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Null where unset or empty: to every agent an empty variable is an unset one.</summary>
    public string? this[string name] => variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The folder a variable names, with a leading <c>~</c> expanded, or the default under the home folder.</summary>
    public string Folder(string name, string defaultUnderHome) => this[name] is { } set ? Expand(set) : Path.Join(Home, defaultUnderHome);

    public string Expand(string path) => path switch
    {
        "~" => Home,
        ['~', '/', .. var rest] => Path.Join(Home, rest),
        _ => Path.IsPathRooted(path) ? path : Path.GetFullPath(path),
    };

    /// <summary>
    /// Is this the home the process was started with? One user's processes can have another (a sandbox, a test): their sessions are not this home's. Where it cannot be told, it is.
    /// </summary>
    public bool IsHomeOf(int pid, IProcesses processes) => processes.Variable(pid, "HOME") is not { Length: > 0 } other || other.AsSpan().TrimEnd('/').SequenceEqual(Home.AsSpan().TrimEnd('/'));

    /// <summary>What the agents find that are started with these variables.</summary>
    public static AgentEnvironment Of(Func<string, string?> variable, TimeProvider clock)
    {
        var variables = new Dictionary<string, string>(Read.Length);
        foreach (var name in Read)
        {
            if (variable(name) is { } value)
                variables[name] = value;
        }

        return new AgentEnvironment(variable("HOME") is { Length: > 0 } set ? set : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), variables, clock);
    }
}
