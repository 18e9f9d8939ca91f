namespace Sesh.Tests;

/// <summary>A folder with links <c>claude</c>, <c>codex</c> and <c>pi</c> to the compiled fake agents, to be put first on PATH. See Sesh.FakeAgents/Program.cs for what they do.</summary>
internal static class FakeAgentFolder
{
    /// <summary>Built with these tests, in the same configuration: <c>…/bin/Debug/net10.0</c> there as here.</summary>
    private static string Program { get; } = AppContext.BaseDirectory.Replace("/Sesh.Tests/bin/", "/Sesh.FakeAgents/bin/", StringComparison.Ordinal) + "fake-agent";

    /// <summary>Makes it below <paramref name="root"/> and returns its path.</summary>
    public static string In(string root)
    {
        var folder = Directory.CreateDirectory(Path.Join(root, "agents-bin")).FullName;
        foreach (var agent in (string[])["claude", "codex", "pi"])
            File.CreateSymbolicLink(Path.Join(folder, agent), Program);
        return folder;
    }
}
