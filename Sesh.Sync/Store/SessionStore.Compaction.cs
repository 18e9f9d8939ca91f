using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

public sealed partial class SessionStore
{
    /// <summary>Compacts this installation's documents where that saves anything. Returns bytes before and after.</summary>
    public (long Before, long After) Compact() => Writing(writer => writer.Compact());

    /// <summary>Bytes of this installation's documents, and what <see cref="Compact"/> would leave of them. Takes no lock, writes nothing.</summary>
    public (long Before, long After) CompactionWouldSave() => Reading(() =>
    {
        var (before, after) = (0L, 0L);
        foreach (var file in _documents.List().Where(f => f.IsOwn))
        {
            before += file.Facts.Size;
            after += _documents.Load(file) is { } loaded && Writer.Compacted(loaded, file.Facts.Size, Options.Time) is { } compacted ? compacted.Bytes.Length : file.Facts.Size;
        }

        return (before, after);
    });

    /// <summary>Collects tombstones: an entry each, after which compaction keeps only deleted and collected. Sessions that are not deleted are refused.</summary>
    /// <exception cref="SeshException"><c>not-deleted</c>.</exception>
    public Written? Collect(IReadOnlyList<SessionId> deleted) => Write(snapshot =>
    {
        var changes = new List<Change>();
        foreach (var session in deleted)
        {
            if (snapshot.Find(session) is not { Deleted: true } record)
                throw new SeshException("not-deleted", $"session {session} is not deleted", $"run \"sesh delete {session}\" first");
            if (!record.Collected)
                changes.Add(new Change(new Register(session, Field.Collected), Value.True));
        }

        return changes.Count == 0 ? null : new Draft("gc", [], changes);
    });
}
