using Sesh.Agents.Reports;
using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Agents;

/// <summary>A transcript on disk, found without opening it where the name says enough.</summary>
/// <param name="AgentId">The agent's own session id, from the file's name.</param>
/// <param name="ModifiedAt">Milliseconds since 1970 UTC.</param>
internal sealed record TranscriptFile(string Agent, string Path, string AgentId, long Size, long ModifiedAt)
{
    /// <summary>Default where whoever made this did not ask the file system.</summary>
    public FileStamp Stamp { get; init; }
}

internal enum TurnEnd : byte
{
    /// <summary>Nothing in the transcript tells.</summary>
    Unknown,

    /// <summary>The last turn is over.</summary>
    Ended,

    /// <summary>A turn was begun and not ended in the file: busy only if something alive holds the session.</summary>
    Open,

    /// <summary>Ended by Esc.</summary>
    Interrupted,

    /// <summary>Ended by a model or network error.</summary>
    Failed,
}

/// <summary>What one streaming pass over a transcript learns. Everything is optional: formats change.</summary>
internal sealed record TranscriptFacts
{
    /// <summary>The id in the lines; empty where they have none.</summary>
    public string AgentId { get; init; } = "";
    public string Cwd { get; init; } = "";
    public string Title { get; init; } = "";
    public string FirstPrompt { get; init; } = "";
    public string LastReply { get; init; } = "";
    public string Model { get; init; } = "";
    public long Turns { get; init; }

    /// <summary>Tokens in the context after the last answer; null where unknown.</summary>
    public long? ContextTokens { get; init; }
    public long? ContextWindow { get; init; }
    public TurnEnd LastTurn { get; init; }

    /// <summary>The tool call or question that the last line leaves open; empty for none.</summary>
    public string PendingTool { get; init; } = "";

    /// <summary>Milliseconds since 1970 UTC; 0 where unknown.</summary>
    public long StartedAt { get; init; }
    public long LastActivity { get; init; }

    /// <summary>A worker of another session (sub-agent, hidden title thread): not a session of its own.</summary>
    public bool Hidden { get; init; }

    /// <summary>Lines that were no JSON or of a kind nobody knows; the half line at the end is not among them.</summary>
    public long StrangeLines { get; init; }

    public int? ContextPct => ContextTokens is { } t && ContextWindow is > 0 and var w ? (int)Math.Clamp(t * 100 / w, 0, 100) : null;
}

internal enum EntryRole : byte
{
    User,
    Assistant,
    Tool,
    System,
}

/// <summary>One readable entry of a transcript, for <c>tail</c> and <c>transcript</c>.</summary>
/// <param name="At">Milliseconds since 1970 UTC; 0 where unknown.</param>
/// <param name="Tool">The tool's name, where it is a call or its result; else empty.</param>
internal sealed record TranscriptEntry(EntryRole Role, string Text, string Tool, long At);

/// <summary>What a pane shows, to an agent that wants to read its turn state. The screen is captured only when asked for.</summary>
internal sealed record PaneView(string Title, Func<string> Screen);

/// <summary>An agent process found alive.</summary>
/// <param name="AgentId">Empty where nothing outside tells it (pi without a stamp, a fresh codex): found, unresolvable.</param>
/// <param name="Background">Held by the agent's own manager rather than by a terminal.</param>
internal sealed record LiveAgent(string Agent, int Pid, long Start, string AgentId, string Cwd, bool Background, IReadOnlyList<Evidence> Evidence)
{
    /// <summary>What its own hooks last told; null where there are none.</summary>
    public Report? Report { get; init; }
}

/// <summary>A turn status with what says so.</summary>
internal sealed record TurnReading(TurnStatus Status, string PendingQuestion, IReadOnlyList<Evidence> Evidence);

internal sealed record LaunchRequest(string Binary, string AgentId, string Cwd, string? Model, string Name, string? TranscriptPath, IReadOnlyList<string> ExtraArguments)
{
    /// <summary>The id that a fork is to have, of an agent that can be told it; else empty.</summary>
    public string ForkId { get; init; } = "";
}

/// <summary>
/// What to run: <paramref name="Arguments"/> begin with the binary. <paramref name="Set"/> also carries the agent's own folder variables, since a tmux server has an
/// environment of its own. <paramref name="Unset"/> are names (a trailing <c>*</c> is a prefix) to take out of the environment.
/// </summary>
internal sealed record LaunchPlan(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> Unset, string Cwd);

/// <summary>One kind of coding agent. Everything that knows a format, a folder or a flag of it lives behind this.</summary>
internal interface IAgent
{
    /// <summary><c>claude</c>, <c>codex</c> or <c>pi</c>.</summary>
    string Name { get; }

    /// <summary>It can be told its session id at birth.</summary>
    bool ChoosesId { get; }

    /// <summary>The same for a fork.</summary>
    bool ChoosesForkId => false;

    /// <summary>A session can go on in another folder than the one it began in. Else only a fork of it can, whose id is then to be chosen: <see cref="ChoosesForkId"/>.</summary>
    bool ResumesAnywhere => true;

    /// <summary>Where its transcripts lie, whether the folder is there or not.</summary>
    IReadOnlyList<string> TranscriptRoots { get; }

    /// <summary>Every transcript in its folders; opens none of them.</summary>
    IEnumerable<TranscriptFile> Transcripts();

    /// <summary>One session's transcript by id; <paramref name="cwd"/> is a hint.</summary>
    TranscriptFile? Locate(string agentId, string cwd);

    /// <summary>A parser for one transcript, which the cache can let go on where it ended; null where transcripts are only read as a whole.</summary>
    ITranscriptParser? NewParser() => null;

    /// <summary>Adds what the agent keeps beside its transcripts: names in an index, the window of a model. Cheap; what it adds can change while the transcript does not.</summary>
    TranscriptFacts Complete(TranscriptFacts facts) => facts;

    /// <summary>One pass, completed. A half line at the end, unknown lines and 16 MB lines are taken as they come.</summary>
    TranscriptFacts Read(Stream transcript);

    /// <summary>Readable entries in order.</summary>
    IEnumerable<TranscriptEntry> Entries(Stream transcript);

    /// <summary>Is this process this agent, and which session does it hold? Null: it is not. Checks pid and start time against recycled pids.</summary>
    LiveAgent? Identify(ProcessRow process, IProcesses processes);

    /// <summary>False for a process that was started with another home folder, hence keeps its sessions where this agent does not look. In a pane it counts all the same.</summary>
    bool IsOfThisHome(int pid, IProcesses processes) => true;

    /// <summary>Live sessions that the agent's own files name (status files, locks), whatever pane or terminal they run in.</summary>
    IEnumerable<LiveAgent> Announced(IProcesses processes);

    /// <summary>The turn status now. <paramref name="pane"/> is null without one; <paramref name="facts"/> null where the transcript was not read.</summary>
    TurnReading ReadTurn(LiveAgent live, PaneView? pane, TranscriptFacts? facts);

    /// <summary>How it is driven; null for an agent that is only looked at.</summary>
    IDriving? Driving => null;

    LaunchPlan New(LaunchRequest request);

    LaunchPlan Resume(LaunchRequest request, bool fork);
}
