using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store;

internal sealed partial class Writer
{
    // Operations older than this are dropped by compaction.
    private static readonly TimeSpan HistoryKept = TimeSpan.FromDays(30);

    /// <summary>Compacts what this host writes, where that saves anything. Returns bytes before and after.</summary>
    public (long Before, long After) Compact()
    {
        var (before, after) = (0L, 0L);
        foreach (var (keys, isPrivate) in (ReadOnlySpan<(ReplicaKeys, bool)>)[(_row.Shared, false), (_row.Private, true)])
        {
            var path = _paths.OwnDocument(keys.Replica, isPrivate);
            if (_files.Stat(path) is null)
                continue;
            var (was, isNow) = Compact(path, keys, isPrivate);
            before += was;
            after += isNow;
        }

        return (before, after);
    }

    private (long Before, long After) Compact(string path, ReplicaKeys keys, bool isPrivate)
    {
        var head = HeadOf(path);
        var file = _documents.List().First(f => f.Path == path);
        // What a newer version wrote is not for this one to leave out.
        if (_documents.Load(file) is not { IsSound: true, HasMore: false } loaded || loaded.Document.End == 0)
            return (head.Length, head.Length);
        var aged = Compaction.AgedBefore(loaded.Document, (_options.Time.GetUtcNow() - HistoryKept).ToUnixTimeMilliseconds());
        if (loaded.Document.Frames.IsEmpty && aged <= loaded.Document.AgedTo)
            return (head.Length, head.Length);

        var compacted = Compaction.Compact(loaded.Document, loaded.Document.End, Math.Max(aged, loaded.Document.AgedTo));
        var header = loaded.Header with
        {
            Generation = compacted.Generation, CompactedTo = compacted.CompactedTo, AgedTo = compacted.AgedTo,
            Dropped = compacted.Dropped, Generations = compacted.Generations,
        };
        byte[] bytes = [.. DocumentWriter.Header(header), .. DocumentWriter.Base(keys.Replica, compacted.Head, compacted.Base)];
        if (bytes.Length >= head.Length)
            return (head.Length, head.Length);

        // History first: a crash between the two leaves a frame in both, which are one.
        _files.Replace(StorePaths.History(path), HistoryFile.Write(header, HistoryFile.Read(_files, path, keys.Replica), loaded, compacted.AgedTo));
        _files.Replace(path, bytes);
        _heads[path] = new DocumentHead(compacted.End, compacted.Head, bytes.Length);
        if (!isPrivate)
            Publish(keys.Replica, path, publication => publication.Renew());
        return (head.Length, bytes.Length);
    }
}
