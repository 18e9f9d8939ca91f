using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>Writes labels, which any machine may for any session. Sessions are looked up under the writers' lock, so that what is decided is decided on what is.</summary>
internal sealed class Labels(SessionStore store, string verb, IReadOnlyList<string> options)
{
    /// <summary>Writes for all of them at once; returns the sessions as they were.</summary>
    /// <param name="select">May throw: then nothing is written.</param>
    /// <param name="changes">For one session; none where nothing is to change.</param>
    public IReadOnlyList<SessionRecord> Write(Func<Snapshot, IReadOnlyList<SessionRecord>> select, Func<SessionRecord, IEnumerable<Change>> changes)
    {
        IReadOnlyList<SessionRecord> selected = [];
        store.Write(snapshot =>
        {
            selected = select(snapshot);
            var all = selected.SelectMany(changes).ToList();
            return all.Count == 0 ? null : new Draft(verb, options, all);
        });
        return selected;
    }
}
