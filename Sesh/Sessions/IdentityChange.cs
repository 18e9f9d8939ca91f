using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>A session of this machine whose agent now goes by another id, seen with positive evidence.</summary>
/// <param name="From">Empty where the agent had not chosen one.</param>
internal sealed record IdentityChange(SessionId Session, string From, string To, bool Private, IReadOnlyList<Evidence> Evidence)
{
    /// <summary>Writes them as one operation (private ones as one of their own); those that no longer stand as seen are left out.</summary>
    public static void Write(SessionStore store, IReadOnlyList<IdentityChange> seen)
    {
        foreach (var isPrivate in (ReadOnlySpan<bool>)[false, true])
        {
            var part = seen.Where(s => s.Private == isPrivate).ToList();
            if (part.Count == 0)
                continue;
            store.Write(snapshot =>
            {
                var changes = part.SelectMany(s => s.Changes(snapshot)).ToList();
                return changes.Count == 0 ? null : new Draft("drift", [], changes, isPrivate);
            });
        }
    }

    private IEnumerable<Change> Changes(Snapshot snapshot)
    {
        if (snapshot.Find(Session) is not { Deleted: false } record || record.AgentSessionId != From)
            yield break;
        yield return new Change(new Register(Session, Field.AgentSessionId), Value.Of(To));
        // The uuid itself always selects the session; only other ids need remembering.
        if (From.Length > 0 && From != Session.ToString())
            yield return new Change(new Register(Session, Field.FormerId, From), Value.True);
    }
}
