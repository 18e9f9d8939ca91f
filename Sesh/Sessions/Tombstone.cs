using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>A deleted session whose tombstone still carries all it was.</summary>
/// <param name="DeletedAt">Milliseconds since 1970 UTC by the clock of the machine that deleted it.</param>
internal sealed record Tombstone(SessionId Uuid, string Name, string Agent, string Machine, long DeletedAt)
{
    /// <summary>Those deleted before <paramref name="before"/> (milliseconds since 1970 UTC) and not collected yet, oldest first.</summary>
    public static IReadOnlyList<Tombstone> Old(Snapshot snapshot, long before)
    {
        var old = new List<Tombstone>();
        foreach (var record in snapshot.Records())
        {
            if (record is not { Deleted: true, Collected: false })
                continue;
            var at = snapshot.State(record.Uuid)?.Of(Field.Deleted)?.Shown?.Hlc.Milliseconds ?? record.UpdatedAt;
            if (at <= before)
                old.Add(new Tombstone(record.Uuid, record.Name, record.Agent, record.Machine, at));
        }

        old.Sort((a, b) => a.DeletedAt.CompareTo(b.DeletedAt));
        return old;
    }
}
