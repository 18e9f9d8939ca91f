using Sesh.Agents;

namespace Sesh.Sessions;

/// <summary>Something that may be adopted: a transcript, a live agent, or both.</summary>
/// <param name="file">Null for a live agent without a transcript.</param>
/// <param name="live">Null for a transcript nobody holds.</param>
internal sealed class Found(string agent, string agentId, TranscriptFile? file, LiveAgent? live)
{
    public string Agent { get; } = agent;

    public string AgentId { get; } = agentId;

    public TranscriptFile? File { get; } = file;

    public LiveAgent? Live { get; } = live;

    /// <summary>What the transcript says; null until it was needed.</summary>
    public Digested? Digest { get; set; }

    /// <summary>Milliseconds since 1970 UTC; what is alive is newest.</summary>
    public long ModifiedAt => Live is null ? File!.ModifiedAt : long.MaxValue;

    public string Path => File?.Path ?? "";

    /// <summary>The little of a transcript's facts that outlives the reading of it.</summary>
    internal sealed record Digested(string Cwd, string Name, long CreatedAt, bool Hidden, bool Empty, string Error);
}
