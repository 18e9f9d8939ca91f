using Sesh.Processes;

namespace Sesh.Agents.Codex;

/// <summary>Codex, as of 0.169.</summary>
internal sealed class CodexAgent(AgentEnvironment environment) : IAgent
{
    private readonly CodexProcesses _live = new(environment);
    private readonly ThreadNames _names = new(CodexFolders.Index(CodexFolders.Home(environment)));

    public string Name => "codex";

    public bool ChoosesId => false;

    public IReadOnlyList<string> TranscriptRoots { get; } =
        [CodexFolders.Sessions(CodexFolders.Home(environment)), CodexFolders.Archived(CodexFolders.Home(environment))];

    public IEnumerable<TranscriptFile> Transcripts() => TranscriptRoots.SelectMany(root => TranscriptFolder.Files(Name, root, levels: 3, CodexFolders.IdOfRollout));

    public TranscriptFile? Locate(string agentId, string cwd)
    {
        if (!Guid.TryParseExact(agentId, "D", out _))
        {
            return null;
        }

        foreach (var day in CodexFolders.DaysOf(TranscriptRoots[0], agentId))
        {
            if (Last(TranscriptFolder.Files(Name, day, levels: 0, CodexFolders.IdOfRollout), agentId) is { } expected)
            {
                return expected;
            }
        }

        return Last(Transcripts(), agentId);
    }

    /// <summary>Of several (a copied folder) the last by name, which is the last by time.</summary>
    private static TranscriptFile? Last(IEnumerable<TranscriptFile> files, string agentId) =>
        files.Where(file => file.AgentId.Equals(agentId, StringComparison.OrdinalIgnoreCase)).MaxBy(file => Path.GetFileName(file.Path), StringComparer.Ordinal);

    public ITranscriptParser? NewParser() => new CodexParser();

    public TranscriptFacts Complete(TranscriptFacts facts) => facts.AgentId.Length > 0 && _names.Of(facts.AgentId) is { Length: > 0 } name ? facts with { Title = name } : facts;

    public TranscriptFacts Read(Stream transcript) => Complete(TranscriptReading.Read(transcript, new CodexParser()));

    public IEnumerable<TranscriptEntry> Entries(Stream transcript) => TranscriptReading.Entries(transcript, new CodexEntries().Read);

    public LiveAgent? Identify(ProcessRow process, IProcesses processes) => _live.Identify(process, processes);

    public bool IsOfThisHome(int pid, IProcesses processes) => environment.IsHomeOf(pid, processes);

    public IEnumerable<LiveAgent> Announced(IProcesses processes) => _live.Announced(processes);

    public TurnReading ReadTurn(LiveAgent live, PaneView? pane, TranscriptFacts? facts) => CodexTurn.Read(live, pane, facts, environment.Now);

    public IDriving Driving { get; } = new CodexDriving(environment);

    public LaunchPlan New(LaunchRequest request) => Plan(request, [request.Binary]);

    /// <summary><c>-C</c> keeps codex from asking which folder to work in; a name cannot be given to a thread.</summary>
    public LaunchPlan Resume(LaunchRequest request, bool fork) => Plan(request, [request.Binary, fork ? "fork" : "resume", "-C", request.Cwd, request.AgentId]);

    /// <summary>Without its daemon, so that turns end with the pane they run in. As a setting, which older versions accept too, not as the flag of today.</summary>
    private LaunchPlan Plan(LaunchRequest request, List<string> arguments)
    {
        arguments.Add("-c");
        arguments.Add("features.daemon_auto_start=false");
        return AgentLaunch.Plan(Name, request, arguments, "", environment, "CODEX_HOME");
    }
}
