namespace Sesh.Tests.Built;

/// <summary>A machine of a mesh with agents, compiled fakes, where logins find them, and a tmux server of its own.</summary>
internal sealed class DrivingMachine : IDisposable
{
    public DrivingMachine(string name)
    {
        Mesh = new MeshMachine(name);
        Mesh.Sesh.Run("init", "--machine", name).Succeeds();
        var bin = Directory.CreateDirectory(Path.Join(Mesh.Sesh.UserHome, ".local", "bin")).FullName;
        foreach (var link in Directory.EnumerateFiles(FakeAgentFolder.In(Mesh.Sesh.Root)))
            File.CreateSymbolicLink(Path.Join(bin, Path.GetFileName(link)), link);
    }

    public MeshMachine Mesh { get; }

    public BuiltSesh Sesh => Mesh.Sesh;

    public string Work => Mesh.Sesh.Root;

    /// <summary>Its agents' processes, by their parents' home.</summary>
    public IReadOnlyList<int> Agents => [.. Sesh.Strays().Where(IsAgent)];

    /// <summary>A session of one turn that nothing holds.</summary>
    public string Headless(string agent, string message = "first")
    {
        var run = Sesh.Run("new", "--agent", agent, "--headless", "--msg", message);
        run.Succeeds();
        return run.Error.Split('\n')[0];
    }

    /// <summary>A session in a pane.</summary>
    public string Live(string agent) => Sesh.Run("new", "--agent", agent, "--target", $"{Sesh.Environment["SESH_TMUX_SOCKETS"]}:work").Succeeds();

    public IReadOnlyList<string> Said(string uuid) => Sesh.Run("transcript", uuid, "--format", "json", "--jq", ".[]|select(.role!=\"system\" and .tool==null)|.role + \": \" + .text").Succeeds().Replace("\"", "", StringComparison.Ordinal).Split('\n');

    /// <summary>How often others have asked for that verb.</summary>
    public int Served(string verb)
    {
        var log = Path.Join(Sesh.Home, "serve.log");
        return File.Exists(log) ? File.ReadAllLines(log).Count(l => l.EndsWith($": {verb}", StringComparison.Ordinal)) : 0;
    }

    public string State(string uuid) => Sesh.Run("state", uuid).Succeeds();

    public void Dispose()
    {
        foreach (var stray in Sesh.Strays())
            _ = Signal.Send(stray, Signal.Kill);
        Until.True("nothing of it runs any more", () => Sesh.Strays().Count == 0);
        Mesh.Dispose();
    }

    private static bool IsAgent(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim() is "claude" or "codex" or "pi";
        }
        catch (IOException)
        {
            // It has just ended.
            return false;
        }
    }
}
