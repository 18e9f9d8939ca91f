namespace Sesh.Agents.Pi;

/// <summary>Where pi keeps things, by its own rules.</summary>
internal static class PiFolders
{
    /// <summary>Length of <c>2026-11-22T19-20-16-909Z</c>, which stands before the id.</summary>
    private const int StampLength = 24;

    public static string Agent(AgentEnvironment environment) => environment.Folder("PI_CODING_AGENT_DIR", ".pi/agent");

    /// <summary>Folders of session files: one a working directory by default, or a flat one.</summary>
    public static string Sessions(AgentEnvironment environment) => Flat(environment) ?? Path.Join(Agent(environment), "sessions");

    public static string? Flat(AgentEnvironment environment) => environment["PI_CODING_AGENT_SESSION_DIR"] is { } set ? environment.Expand(set) : null;

    /// <summary>The folder of a working directory.</summary>
    public static string FolderName(string cwd)
    {
        var path = cwd.AsSpan();
        path = path.StartsWith('/') || path.StartsWith('\\') ? path[1..] : path;
        return $"--{path.ToString().Replace('/', '-').Replace('\\', '-').Replace(':', '-')}--";
    }

    /// <summary>The id in <c>TIME_ID.jsonl</c>, any name; null for other files.</summary>
    public static string? IdOf(ReadOnlySpan<char> fileName) =>
        fileName.Length > StampLength + 1 + 6 && fileName.EndsWith(".jsonl", StringComparison.Ordinal) && fileName[StampLength] == '_' && fileName[10] == 'T' && fileName[StampLength - 1] == 'Z'
            ? fileName[(StampLength + 1)..^6].ToString()
            : null;
}
