namespace Sesh.Sessions.Import;

/// <summary>One record of an older installation, as far as it could be read. Times in milliseconds since 1970 UTC, 0 where unknown.</summary>
/// <param name="Place">Where in the source it stands, for messages: <c>record 3</c>, <c>row 17</c>.</param>
/// <param name="Fault">Why it cannot be taken; empty where it can.</param>
internal sealed record OldRecord(string Place, string Fault = "")
{
    public string Uuid { get; init; } = "";
    public string Name { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Machine { get; init; } = "";
    public string Cwd { get; init; } = "";
    public string AgentSessionId { get; init; } = "";
    public string Parent { get; init; } = "";
    public string Summary { get; init; } = "";
    public bool Archived { get; init; }
    public bool Deleted { get; init; }
    public bool? AutoRename { get; init; }
    public long LastAutoNameTurnCount { get; init; }
    public long CreatedAt { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> Meta { get; init; } = [];
}
