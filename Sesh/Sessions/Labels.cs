using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>Writes labels, which any machine may for any session. Sessions are looked up under the writers' lock, so that what is decided is decided on what is.</summary>
internal sealed class Labels(SessionStore store, string verb, IReadOnlyList<string> options)
{
    /// <summary>One operation for all of them; one more for those that are private. Returns the sessions as they were.</summary>
    /// <param name="select">May throw: then nothing is written.</param>
    /// <param name="changes">For one session; none where nothing is to change.</param>
    public IReadOnlyList<SessionRecord> Write(Func<Snapshot, IReadOnlyList<SessionRecord>> select, Func<SessionRecord, IEnumerable<Change>> changes)
    {
        IReadOnlyList<SessionRecord> selected = [];
        store.Write(snapshot =>
        {
            selected = select(snapshot);
            return Draft(selected, isPrivate: false);
        });
        if (selected.Any(r => r.Private))
            store.Write(snapshot => Draft([.. selected.Where(r => r.Private).Select(r => snapshot.Find(r.Uuid) ?? r)], isPrivate: true));
        return selected;

        Draft? Draft(IReadOnlyList<SessionRecord> records, bool isPrivate)
        {
            var all = records.Where(r => r.Private == isPrivate).SelectMany(changes).ToList();
            return all.Count == 0 ? null : new Draft(verb, options, all, isPrivate);
        }
    }
}
