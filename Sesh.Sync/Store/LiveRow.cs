using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>Whose turn it is. Unknown is not idle.</summary>
public enum TurnStatus : byte
{
    Unknown,
    Idle,
    Busy,

    /// <summary>The agent waits for a permission or an answer.</summary>
    Blocked,
}

/// <summary>Where a session's agent runs in tmux. The socket is a path; the pane is tmux's <c>%N</c>.</summary>
public sealed record TmuxPlace(string Socket, string Session, string Window, string Pane);

/// <summary>One statement about a session by one kind of evidence, for <c>explain</c>.</summary>
/// <param name="Fact">What is stated: <c>live</c>, <c>turnStatus</c>, <c>agentSessionId</c>, …</param>
/// <param name="Value">The value stated.</param>
/// <param name="Source">The kind of evidence: <c>reporter</c>, <c>status file</c>, <c>lock</c>, <c>transcript</c>, <c>title</c>, <c>screen</c>, <c>process</c>, <c>argv</c>, <c>stamp</c>.</param>
/// <param name="Detail">The file, pid, title… that says so.</param>
/// <param name="At">Milliseconds since 1970 UTC by this machine's clock; 0 where the evidence has no time.</param>
public sealed record Evidence(string Fact, string Value, string Source, string Detail, long At);

/// <summary>
/// What a machine observes of one of its own sessions now. Replaced as a whole, never merged field by field; no history.
/// </summary>
public sealed record LiveRow
{
    public required SessionId Uuid { get; init; }

    /// <summary>Milliseconds since 1970 UTC by the observing machine's clock.</summary>
    public required long ObservedAt { get; init; }

    public TurnStatus TurnStatus { get; init; }

    /// <summary>A process holds the session, in a pane or without one.</summary>
    public bool Live { get; init; }

    /// <summary>Null without a pane.</summary>
    public TmuxPlace? Tmux { get; init; }

    /// <summary>The agent process; 0 where none is known.</summary>
    public int Pid { get; init; }

    /// <summary>That process's start time in clock ticks since boot (field 22 of /proc/PID/stat), against recycled pids; 0 where unknown.</summary>
    public long PidStart { get; init; }

    /// <summary>0 to 100, rounded; null where unknown.</summary>
    public int? ContextPct { get; init; }

    public string Model { get; init; } = "";

    /// <summary>The transcript; empty while there is none.</summary>
    public string FilePath { get; init; } = "";

    public long FileSize { get; init; }

    /// <summary>The transcript's modification time in milliseconds since 1970 UTC; 0 where there is none.</summary>
    public long FileTime { get; init; }

    /// <summary>Milliseconds since 1970 UTC of the last thing said in it; 0 where unknown.</summary>
    public long LastActivity { get; init; }

    /// <summary>What it waits for, where blocked.</summary>
    public string PendingQuestion { get; init; } = "";

    public IReadOnlyList<Evidence> Evidence { get; init; } = [];
}
