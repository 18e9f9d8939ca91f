using Sesh.Processes;

namespace Sesh.Agents.Pi;

/// <summary>pi, as of 0.87.</summary>
internal sealed class PiAgent(AgentEnvironment environment) : IAgent
{
    private readonly PiProcesses _live = new(environment);
    private readonly ModelWindows _windows = new(Path.Join(PiFolders.Agent(environment), "models.json"));

    public string Name => "pi";

    public bool ChoosesId => true;

    public IReadOnlyList<string> TranscriptRoots { get; } = [PiFolders.Sessions(environment)];

    private bool IsFlat => PiFolders.Flat(environment) is not null;

    public IEnumerable<TranscriptFile> Transcripts() => TranscriptFolder.Files(Name, TranscriptRoots[0], IsFlat ? 0 : 1, PiFolders.IdOf);

    /// <summary>Ids are names, one a working directory: the folder of <paramref name="cwd"/> comes first, else what was written last.</summary>
    public TranscriptFile? Locate(string agentId, string cwd)
    {
        if (agentId.Length == 0)
        {
            return null;
        }

        return (cwd.Length > 0 && !IsFlat ? Last(TranscriptFolder.Files(Name, Path.Join(TranscriptRoots[0], PiFolders.FolderName(cwd)), 0, PiFolders.IdOf), agentId) : null)
            ?? Last(Transcripts(), agentId);
    }

    private static TranscriptFile? Last(IEnumerable<TranscriptFile> files, string agentId) => files.Where(file => file.AgentId == agentId).MaxBy(file => file.Stamp.Modified);

    public ITranscriptParser? NewParser() => new PiParser();

    public TranscriptFacts Complete(TranscriptFacts facts) => facts.ContextWindow is null && facts.ContextTokens is not null ? facts with { ContextWindow = _windows.Of(facts.Model) } : facts;

    public TranscriptFacts Read(Stream transcript) => Complete(TranscriptReading.Read(transcript, new PiParser()));

    public IEnumerable<TranscriptEntry> Entries(Stream transcript) => TranscriptReading.Entries(transcript, new PiEntries().Read);

    public LiveAgent? Identify(ProcessRow process, IProcesses processes) => _live.Identify(process, processes);

    public bool IsOfThisHome(int pid, IProcesses processes) => environment.IsHomeOf(pid, processes);

    public IEnumerable<LiveAgent> Announced(IProcesses processes) => _live.Announced(processes);

    public TurnReading ReadTurn(LiveAgent live, PaneView? pane, TranscriptFacts? facts) => PiTurn.Read(live, pane, facts, environment.Now);

    public IDriving Driving { get; } = new PiDriving(environment);

    /// <summary>Nothing outside shows a pi's id.</summary>
    public bool ChoosesForkId => true;

    /// <summary>By path it goes on in the folder that the transcript names, wherever it is started; a fork is where it is started.</summary>
    public bool ResumesAnywhere => false;

    public LaunchPlan New(LaunchRequest request)
    {
        List<string> arguments = [request.Binary, "--session-id", request.AgentId];
        if (request.Name.Length > 0)
        {
            // pi takes the next word whatever it begins with, and does not know --name=value.
            arguments.AddRange(["--name", request.Name]);
        }

        return Plan(request, arguments, request.AgentId);
    }

    /// <summary>By path, because ids are per working directory: elsewhere pi would ask whether to fork, or make a second session of the same id.</summary>
    public LaunchPlan Resume(LaunchRequest request, bool fork)
    {
        List<string> arguments = [request.Binary, fork ? "--fork" : "--session", request.TranscriptPath ?? request.AgentId];
        if (fork && request.ForkId.Length > 0)
            arguments.AddRange(["--session-id", request.ForkId]);
        return Plan(request, arguments, fork ? request.ForkId : request.AgentId);
    }

    private LaunchPlan Plan(LaunchRequest request, List<string> arguments, string id) =>
        AgentLaunch.Plan(Name, request, arguments, id, environment, "PI_CODING_AGENT_DIR", "PI_CODING_AGENT_SESSION_DIR");
}
