using Sesh.Sync.Documents;

namespace Sesh.Sessions;

/// <summary>Owners of sessions asked for in ascending order of uuid, as live files hold them: a step each, where a table of ten thousand would have to be made first.</summary>
/// <param name="records">In ascending order of uuid.</param>
internal sealed class OwnersInOrder(IReadOnlyList<SessionRecord> records)
{
    private int _next;

    /// <summary>Null where no record has the uuid.</summary>
    public string? Of(SessionId session)
    {
        // Another file begins.
        if (_next > 0 && records[_next - 1].Uuid.CompareTo(session) >= 0)
            _next = 0;
        while (_next < records.Count && records[_next].Uuid.CompareTo(session) < 0)
            _next++;
        return _next < records.Count && records[_next].Uuid == session ? records[_next].Machine : null;
    }
}
