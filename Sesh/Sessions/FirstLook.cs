using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>The look at a session just started: its row for the live file, and the id its agent has chosen.</summary>
internal static class FirstLook
{
    public static LiveRow? Run(SessionStore store, LiveStore live, Walk walk, SessionId session)
    {
        var snapshot = store.Read();
        if (snapshot.Find(session) is not { } record)
            return null;
        var (row, _, result) = walk.Observe(snapshot, record, null);
        IdentityChange.Write(store, result.Drifts);
        live.Merge([row], complete: false);
        return row;
    }
}
