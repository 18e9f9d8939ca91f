using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>A session as its registers show it, folded from all documents held. Observed fields (turn status, pane, …) are not here: see live rows.</summary>
public sealed record SessionRecord
{
    public required SessionId Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>May a machine rename it? True unless somebody set it false.</summary>
    public bool AutoRename { get; init; } = true;

    public string Summary { get; init; } = "";

    public long LastAutoNameTurnCount { get; init; }

    /// <summary>Ordinal order.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    public bool Archived { get; init; }

    public bool Deleted { get; init; }

    public bool Collected { get; init; }

    public SessionId? Parent { get; init; }

    public ImmutableSortedDictionary<string, string> Meta { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary><c>claude</c>, <c>codex</c>, <c>pi</c>, or a name a newer version wrote.</summary>
    public string Agent { get; init; } = "";

    /// <summary>The owner.</summary>
    public string Machine { get; init; } = "";

    public string Cwd { get; init; } = "";

    /// <summary>The agent's own id now; empty while the agent has not chosen one.</summary>
    public string AgentSessionId { get; init; } = "";

    public ImmutableArray<string> FormerIds { get; init; } = [];

    /// <summary>Milliseconds since 1970 UTC; 0 where unknown.</summary>
    public long CreatedAt { get; init; }

    public bool Kept { get; init; }

    /// <summary>The latest wall time among the session's entries, in milliseconds since 1970 UTC.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>The owner document's sequence number of its last entry about this session.</summary>
    public long OriginSeq { get; init; }

    /// <summary>True where it stands in this installation's private document.</summary>
    public bool Private { get; init; }

    /// <summary>Fields with more than one differing value, and the values that do not show.</summary>
    public ImmutableArray<Conflict> Conflicts { get; init; } = [];
}

/// <summary>A concurrent value that does not show, until somebody writes the register again.</summary>
/// <param name="Replica">Who wrote it; <paramref name="Machine"/> is that replica's machine, empty where unknown.</param>
public sealed record Conflict(Field Field, string? Key, Value Value, Hlc Hlc, ReplicaId Replica, string Machine);
