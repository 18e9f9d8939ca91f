using Sesh.Agents;

namespace Sesh.Tests.Agents;

/// <summary>A home of a test's own under a short path, with the agents' files in it.</summary>
internal sealed class AgentHome : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("sesh-a-").FullName;

    public Dictionary<string, string> Variables { get; } = [];

    public AgentEnvironment Environment => new(Root, Variables, TimeProvider.System);

    public string At(string path) => Path.Join(Root, path);

    public string Write(string path, params string[] lines) => WriteText(path, string.Concat(lines.Select(line => line + "\n")));

    public string WriteText(string path, string text)
    {
        var full = At(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
