using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

internal enum TranscriptState : byte
{
    /// <summary>Not known here, or not written yet.</summary>
    Unknown,
    Present,

    /// <summary>The agent's own is gone, a copy of ours is there.</summary>
    Kept,

    /// <summary>It was there, and the agent or somebody has removed it.</summary>
    Purged,
}

/// <summary>A session as it is shown: what is recorded of it, and what its owner last observed.</summary>
/// <param name="Held">Null where nobody has looked yet.</param>
internal sealed record SessionView(SessionRecord Record, HeldRow? Held)
{
    /// <summary>An observation older than this may no longer be true, and is shown with its age. Whoever looks anew every second stays well within.</summary>
    public const long StaleAfterMs = 30_000;

    public LiveRow? Row => Held?.Row;

    /// <summary>Nobody's word, or an old one. Unknown is not idle, and old is not now.</summary>
    public bool Stale => Held is null || Held.AgeMs > StaleAfterMs;

    public TurnStatus TurnStatus => Row?.TurnStatus ?? TurnStatus.Unknown;

    public bool Live => Row?.Live ?? false;

    /// <summary>Nothing shows that it is held, and something may hold it all the same: what. Empty where there is no doubt.</summary>
    public string Doubt => Row is { Live: false, TurnStatus: TurnStatus.Unknown } row
        ? row.Evidence.FirstOrDefault(e => e is { Fact: "turnStatus", Value: "unknown" })?.Detail ?? ""
        : "";

    public TmuxPlace? Tmux => Row?.Tmux;

    public string Model => Row?.Model ?? "";

    public int? ContextPct => Row?.ContextPct;

    public string FilePath => Row?.FilePath ?? "";

    public TranscriptState Transcript => Row switch
    {
        null => TranscriptState.Unknown,
        { FileSize: > 0 } => TranscriptState.Present,
        _ when Record.Kept => TranscriptState.Kept,
        { } row when TranscriptPlace.IsGone(row) => TranscriptState.Purged,
        _ => TranscriptState.Unknown,
    };

    /// <summary>The last thing said in it, else the last change to its record. Milliseconds since 1970 UTC.</summary>
    public long LastActivity => Row is { LastActivity: > 0 and var at } ? at : Record.UpdatedAt;

    public static string Word(TurnStatus status) => status switch
    {
        TurnStatus.Idle => "idle",
        TurnStatus.Busy => "busy",
        TurnStatus.Blocked => "blocked",
        _ => "unknown",
    };

    /// <summary>The word's status; unknown for a word that this sesh does not know.</summary>
    public static TurnStatus StatusOf(string word) => word switch
    {
        "idle" => TurnStatus.Idle,
        "busy" => TurnStatus.Busy,
        "blocked" => TurnStatus.Blocked,
        _ => TurnStatus.Unknown,
    };

    public static string? Word(TranscriptState state) => state switch
    {
        TranscriptState.Present => "present",
        TranscriptState.Kept => "kept",
        TranscriptState.Purged => "purged",
        _ => null,
    };
}
