using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>A session of this machine whose agent now goes by another id, seen with positive evidence.</summary>
/// <param name="From">Empty where the agent had not chosen one.</param>
internal sealed record IdentityChange(SessionId Session, string From, string To, IReadOnlyList<Evidence> Evidence)
{
    /// <summary>Writes them as one operation; those that no longer stand as seen are left out.</summary>
    public static void Write(SessionStore store, IReadOnlyList<IdentityChange> seen)
    {
        if (seen.Count == 0)
            return;
        store.Write(snapshot =>
        {
            var changes = seen.SelectMany(s => s.Changes(snapshot)).ToList();
            return changes.Count == 0 ? null : new Draft(Operation.Drift, [], changes);
        });
    }

    /// <summary>What is to be written where its agent goes by that id from now on.</summary>
    public static IEnumerable<Change> Of(SessionRecord record, string id)
    {
        yield return new Change(new Register(record.Uuid, Field.AgentSessionId), Value.Of(id));
        // The uuid itself always selects the session; only other ids need remembering.
        if (record.AgentSessionId.Length > 0 && record.AgentSessionId != record.Uuid.ToString())
            yield return new Change(new Register(record.Uuid, Field.FormerId, record.AgentSessionId), Value.True);
    }

    private IEnumerable<Change> Changes(Snapshot snapshot)
    {
        if (snapshot.Find(Session) is { Deleted: false } record && record.AgentSessionId == From)
        {
            foreach (var change in Of(record, To))
                yield return change;
        }
    }
}
