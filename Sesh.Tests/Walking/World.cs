using Sesh.Agents;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tests.Tmux;

namespace Sesh.Tests.Walking;

/// <summary>A machine of one test's own: home, store, tmux server and the fake agents on PATH.</summary>
internal sealed class World : IDisposable
{
    public static readonly MachineName Name = MachineName.Parse("alpha");

    private readonly Dictionary<string, string> _variables;

    public World()
    {
        Home = Directory.CreateDirectory(Path.Combine(Tmux.Folder, "home")).FullName;
        Work = Directory.CreateDirectory(Path.Combine(Tmux.Folder, "work")).FullName;
        _variables = new() { ["HOME"] = Home, ["PATH"] = FakeAgentFolder.In(Tmux.Folder) + ":" + PrivateTmux.SearchPath };
        var options = new StoreOptions(Path.Combine(Home, ".sesh"), Name, TimeProvider.System);
        (Store, Live) = (SessionStore.Open(options), new LiveStore(options));
    }

    public PrivateTmux Tmux { get; } = new();

    public string Home { get; }

    public string Work { get; }

    public SessionStore Store { get; }

    public LiveStore Live { get; }

    public bool IsTerminal { get; set; } = true;

    /// <summary>Folders whose sessions stay here.</summary>
    public Func<string, bool> IsPrivate { get; set; } = _ => false;

    /// <summary>As a new process would make it.</summary>
    public Here Here() => new(this, Tmux.Outside);

    public string? Variable(string name) => _variables.GetValueOrDefault(name);

    public AgentEnvironment Agents => new(Home, _variables, TimeProvider.System);

    public IAgent Agent(string name) => KnownAgents.In(Agents).Single(a => a.Name == name);

    public string Binary(IAgent agent) => AgentBinary.Find(agent.Name, null, Agents);

    public NewSession Wanted(string agent, string? sessionId = null, bool launch = true, string? cwd = null) =>
        new(Agent(agent), Binary(Agent(agent)), $"a {agent}", ["t"], cwd ?? Work, null, null, sessionId, false, launch, [], ["--agent"]);

    public StartedSession New(NewSession wanted)
    {
        var starting = Here().Starting;
        return starting.Run(starting.Plan(wanted, Work), CancellationToken.None);
    }

    public StartedSession New(string agent) => New(Wanted(agent));

    public ResumeRequest Request(bool fork = false, string? cwd = null, string? target = null, bool force = false) => new(Binary, target, fork, cwd, Work, force, []);

    public Resumed Resume(SessionId session, ResumeRequest? request = null) =>
        Here().Resuming.Run(Record(session), request ?? Request(), _ => { }, CancellationToken.None);

    public SessionRecord Record(SessionId session) => Store.Read().Find(session)!;

    /// <summary>A look at everything, whatever the last one's age.</summary>
    public WalkResult Look() => Here().Look();

    /// <summary>The live agents of this world alone: the process table shows those of tests that run beside it too.</summary>
    public IReadOnlyList<Owned> LiveAgents() => [.. Look().All.Where(o => o.Sighting.Agent.Cwd.StartsWith(Tmux.Folder, StringComparison.Ordinal))];

    public LiveRow Row(SessionId session)
    {
        Look();
        return Live.Find(session, Name.Text)!.Row;
    }

    /// <summary>Types into its pane and waits for the answer.</summary>
    public void Turn(StartedSession session, string text)
    {
        var pane = session.Tmux!.Pane;
        Tmux.Server.Do(["send-keys", "-l", "-t", pane, "--", text], ["send-keys", "-t", pane, "Enter"]);
        Until.True(() => Tmux.Server.Screen(pane).Contains("echo: " + text, StringComparison.Ordinal), "the agent answers");
        Until.True(() => Row(session.Uuid) is { TurnStatus: TurnStatus.Idle, FilePath.Length: > 0 }, "its turn is over and written down");
    }

    /// <summary>Ends its agent and waits until nothing holds it.</summary>
    public void End(SessionId session)
    {
        Tmux.Server.KillPane(Row(session).Tmux!.Pane);
        Until.True(() => !Row(session).Live, "it is detached");
    }

    public void Dispose() => Tmux.Dispose();
}
