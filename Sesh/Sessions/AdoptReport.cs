using Sesh.Sync.Documents;

namespace Sesh.Sessions;

internal enum Adoption : byte
{
    /// <summary>Recorded now, or would be without <c>--dry-run</c>.</summary>
    Adopted,
    Known,

    /// <summary>Somebody deleted it; only <c>register</c> revives it.</summary>
    Deleted,

    /// <summary>Recorded as another machine's: a copied home, or a session that moved away.</summary>
    OwnedElsewhere,

    /// <summary>A sub-agent's or a hidden helper's transcript.</summary>
    Worker,

    /// <summary>Nobody has said anything in it.</summary>
    Empty,
    Unreadable,

    /// <summary>Alive, and nothing tells its id.</summary>
    Unresolvable,
}

/// <summary>What became of one thing found.</summary>
/// <param name="Uuid">Null for what was not recorded and is not known.</param>
/// <param name="Path">Empty for an agent that is alive and has no transcript yet.</param>
/// <param name="CreatedAt">Milliseconds since 1970 UTC; 0 where unknown.</param>
/// <param name="Detail">The owner, the error, the pid, a warning…; for people.</param>
internal sealed record AdoptedRow(
    Adoption Outcome, SessionId? Uuid, string Agent, string AgentId, string Name, string Cwd, string Path, long CreatedAt, bool Live, string Detail);

/// <summary>Rows newest first. <paramref name="Operations"/>: what <c>undo</c> takes back (two where private sessions were among them).</summary>
internal sealed record AdoptReport(IReadOnlyList<AdoptedRow> Rows, IReadOnlyList<OperationId> Operations)
{
    /// <summary>The same, knowing which recorded sessions were seen alive.</summary>
    public AdoptReport Seeing(IReadOnlySet<SessionId> live) =>
        this with { Rows = [.. Rows.Select(r => r.Uuid is { } uuid && live.Contains(uuid) ? r with { Live = true } : r)] };

    public int Count(Adoption outcome) => Rows.Count(r => r.Outcome == outcome);
}
