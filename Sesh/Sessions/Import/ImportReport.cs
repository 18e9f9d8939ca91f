using Sesh.Sync.Documents;

namespace Sesh.Sessions.Import;

internal enum Imported : byte
{
    /// <summary>Recorded now, or would be without <c>--dry-run</c>.</summary>
    Taken,

    /// <summary>Recorded already; what stands here is newer and stays.</summary>
    Known,

    /// <summary>Could not be taken, for a reason.</summary>
    Left,
}

/// <param name="Place">Where in the source it stands.</param>
/// <param name="Reason">Why it was left, or what of it had to be; empty where all is well.</param>
internal sealed record ImportedRow(Imported Outcome, string Place, SessionId? Uuid, string Name, string Agent, string Machine, string Reason);

/// <summary>Rows in the source's order.</summary>
internal sealed record ImportReport(string Source, IReadOnlyList<ImportedRow> Rows, IReadOnlyList<OperationId> Operations)
{
    public int Count(Imported outcome) => Rows.Count(r => r.Outcome == outcome);
}
