using Sesh.Processes;
using Sesh.Sync;

namespace Sesh.Agents;

/// <summary>Finding an agent's program: as configured, else on PATH, else where version managers and installers put it.</summary>
internal static class AgentBinary
{
    /// <param name="configured"><c>[agents].NAME</c> of config.toml; null or empty where unset. A path that is set must work: falling back would hide the mistake.</param>
    /// <exception cref="SeshException">There is none, or what is configured is no executable file.</exception>
    public static string Find(string agent, string? configured, AgentEnvironment environment)
    {
        if (!string.IsNullOrEmpty(configured))
        {
            var path = environment.Expand(configured);
            return Programs.IsExecutable(path) ? path : throw new SeshException(
                "agent-binary", $"[agents].{agent} is not an executable file: {path}", $"set it right in config.toml, or remove it to use the {agent} on PATH");
        }

        return TryFind(agent, environment) ?? throw new SeshException(
            "agent-missing", $"{agent} is not on PATH, nor where version managers put it", $"install it, or set [agents].{agent} in config.toml to its path");
    }

    /// <summary>Null where there is none.</summary>
    public static string? TryFind(string agent, AgentEnvironment environment)
    {
        foreach (var folder in OnPath(environment).Concat(ShimFolders(environment)))
        {
            var path = Path.Join(folder, agent);
            if (Programs.IsExecutable(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Relative parts of PATH would depend on the folder a pane starts in; they are left out.</summary>
    private static IEnumerable<string> OnPath(AgentEnvironment environment) => (environment["PATH"] ?? "").Split(':').Where(Path.IsPathRooted);

    private static IEnumerable<string> ShimFolders(AgentEnvironment environment)
    {
        var home = environment.Home;
        yield return Path.Join(home, ".local", "bin");
        yield return Path.Join(environment.Folder("MISE_DATA_DIR", ".local/share/mise"), "shims");
        yield return Path.Join(environment.Folder("ASDF_DATA_DIR", ".asdf"), "shims");
        yield return Path.Join(environment.Folder("VOLTA_HOME", ".volta"), "bin");
        yield return Path.Join(environment.Folder("BUN_INSTALL", ".bun"), "bin");
        yield return Path.Join(environment.Folder("CARGO_HOME", ".cargo"), "bin");
        yield return Path.Join(home, ".claude", "local");
        yield return "/opt/homebrew/bin";
        yield return "/home/linuxbrew/.linuxbrew/bin";
        yield return "/usr/local/bin";

        // nvm has a folder a version and no shims: the newest first.
        foreach (var version in TranscriptFolder.Subfolders(Path.Join(environment.Folder("NVM_DIR", ".nvm"), "versions", "node")).OrderByDescending(VersionOf))
        {
            yield return Path.Join(version, "bin");
        }
    }

    private static Version VersionOf(string folder) => Version.TryParse(Path.GetFileName(folder.AsSpan()).TrimStart('v'), out var version) ? version : new Version();
}
