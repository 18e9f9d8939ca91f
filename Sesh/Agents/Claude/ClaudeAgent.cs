using Sesh.Processes;

namespace Sesh.Agents.Claude;

/// <summary>Claude Code, as of 2.1.</summary>
internal sealed class ClaudeAgent(AgentEnvironment environment) : IAgent
{
    private readonly ClaudeProcesses _live = new(environment);

    public string Name => "claude";

    public bool ChoosesId => true;

    public IReadOnlyList<string> TranscriptRoots => [Projects];

    private string Projects => ClaudeFolders.Projects(ClaudeFolders.Configuration(environment));

    /// <summary>Files two levels down only: below a session's own folder lie its sub-agents'.</summary>
    public IEnumerable<TranscriptFile> Transcripts() => TranscriptFolder.Files(Name, Projects, levels: 1, ClaudeFolders.IdOf)
        .Where(file => !Path.GetDirectoryName(file.Path.AsSpan()).SequenceEqual(Projects));

    public TranscriptFile? Locate(string agentId, string cwd)
    {
        var fileName = $"{agentId}.jsonl";
        if (ClaudeFolders.IdOf(fileName) is null)
        {
            return null;
        }

        if (cwd.Length > 0 && TranscriptFolder.File(Name, Path.Join(Projects, ClaudeFolders.ProjectName(cwd), fileName), agentId) is { } expected)
        {
            return expected;
        }

        // A resume in another folder goes on in the first one; a copied id can lie in two: the one written last counts.
        TranscriptFile? latest = null;
        foreach (var folder in TranscriptFolder.Subfolders(Projects))
        {
            if (TranscriptFolder.File(Name, Path.Join(folder, fileName), agentId) is { } file && (latest is null || file.Stamp.Modified > latest.Stamp.Modified))
            {
                latest = file;
            }
        }

        return latest;
    }

    public ITranscriptParser? NewParser() => new ClaudeParser();

    public TranscriptFacts Read(Stream transcript) => TranscriptReading.Read(transcript, new ClaudeParser());

    public IEnumerable<TranscriptEntry> Entries(Stream transcript) => TranscriptReading.Entries(transcript, new ClaudeEntries().Read);

    public LiveAgent? Identify(ProcessRow process, IProcesses processes) => _live.Identify(process, processes);

    public bool IsOfThisHome(int pid, IProcesses processes) => environment.IsHomeOf(pid, processes);

    public IEnumerable<LiveAgent> Announced(IProcesses processes) => _live.Announced(processes);

    public TurnReading ReadTurn(LiveAgent live, PaneView? pane, TranscriptFacts? facts) => ClaudeTurn.Read(live, pane, facts, environment.Now);

    public IDriving Driving { get; } = new ClaudeDriving(environment);

    public LaunchPlan New(LaunchRequest request)
    {
        var arguments = new List<string> { request.Binary };
        AgentArguments.Add(arguments, "--session-id", request.AgentId);
        AgentArguments.Add(arguments, "--name", request.Name);
        return Plan(request, arguments, request.AgentId);
    }

    public LaunchPlan Resume(LaunchRequest request, bool fork)
    {
        List<string> arguments = [request.Binary, "--resume", request.AgentId];
        if (fork)
        {
            arguments.Add("--fork-session");
        }

        return Plan(request, arguments, fork ? "" : request.AgentId);
    }

    private LaunchPlan Plan(LaunchRequest request, List<string> arguments, string id) =>
        AgentLaunch.Plan(Name, request, arguments, id, environment, "CLAUDE_CONFIG_DIR");
}
