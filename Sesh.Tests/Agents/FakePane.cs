using Sesh.Agents;
using Sesh.Processes;
using Sesh.Tests.Tmux;
using Sesh.Tmux;

namespace Sesh.Tests.Agents;

/// <summary>A fake agent in a pane of a real tmux server, with a home of its own, and what sesh's agents say about it.</summary>
internal sealed class FakePane : IDisposable
{
    private readonly PrivateTmux _tmux = new();
    private readonly string _pane;

    public FakePane(string agent, params string[] arguments)
    {
        Home = Directory.CreateDirectory(Path.Join(_tmux.Folder, "h")).FullName;
        Folder = Directory.CreateDirectory(Path.Join(_tmux.Folder, "my_app.v1")).FullName;
        Agent = KnownAgents.In(new AgentEnvironment(Home, new Dictionary<string, string>(), TimeProvider.System)).Single(known => known.Name == agent);
        var program = Path.Join(FakeAgentFolder.In(_tmux.Folder), agent);
        _pane = _tmux.Run(["-c", Folder, "-e", $"HOME={Home}", "-e", $"SESH_AGENT_ID={agent}:named", program, .. arguments]);
    }

    public IAgent Agent { get; }

    public string Home { get; }

    public string Folder { get; }

    public TmuxPane Pane => _tmux.Pane(_pane);

    /// <summary>By a fresh process table; null while there is no such agent in the pane.</summary>
    public LiveAgent? Live
    {
        get
        {
            var processes = ProcessTable.Open();
            return processes.Find(Pane.Pid) is { } process ? Agent.Identify(process, processes) : null;
        }
    }

    public string Screen => _tmux.Server.Screen(_pane);

    public TranscriptFacts? Facts
    {
        get
        {
            if (Live is not { AgentId.Length: > 0 } live || Agent.Locate(live.AgentId, live.Cwd) is not { } file)
                return null;
            using var stream = TranscriptStream.Open(file.Path);
            return Agent.Read(stream);
        }
    }

    public TurnReading? Turn => Live is { } live ? Agent.ReadTurn(live, new PaneView(Pane.Title, () => Screen), Facts) : null;

    /// <summary>As sesh sends text: bracketed paste, then Enter.</summary>
    public void Say(string text)
    {
        _tmux.Server.Do(["set-buffer", "-b", "say", "--", text], ["paste-buffer", "-p", "-d", "-b", "say", "-t", _pane], ["send-keys", "-t", _pane, "Enter"]);
    }

    public void Press(string key) => _tmux.Server.SendKeys(_pane, [key]);

    public void Dispose() => _tmux.Dispose();
}
