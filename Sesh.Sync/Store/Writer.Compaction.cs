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
        var loaded = _documents.Load(file);
        if (loaded is null || Compacted(loaded, head.Length, _options.Time) is not var (header, compacted, bytes))
            return (head.Length, head.Length);

        // History first: a crash between the two leaves a frame in both, which are one.
        _files.Replace(StorePaths.History(path), HistoryFile.Write(header, HistoryFile.Read(_files, path, keys.Replica), loaded, compacted.AgedTo));
        _files.Replace(path, bytes);
        _heads[path] = new DocumentHead(compacted.End, compacted.Head, bytes.Length);
        if (!isPrivate)
            Publish(keys.Replica, path, publication => publication.Renew());
        return (head.Length, bytes.Length);
    }

    /// <summary>The compacted form of a document of <paramref name="length"/> bytes; null where it would save nothing, or must not be made.</summary>
    internal static (DocumentHeader Header, Document Document, byte[] Bytes)? Compacted(LoadedDocument loaded, long length, TimeProvider time)
    {
        // What a newer version wrote is not for this one to leave out.
        if (loaded is not { IsSound: true, HasMore: false } || loaded.Document.End == 0)
            return null;
        var aged = Compaction.AgedBefore(loaded.Document, (time.GetUtcNow() - HistoryKept).ToUnixTimeMilliseconds());
        if (loaded.Document.Frames.IsEmpty && aged <= loaded.Document.AgedTo)
            return null;
        var compacted = Compaction.Compact(loaded.Document, loaded.Document.End, Math.Max(aged, loaded.Document.AgedTo));
        var header = loaded.Header with
        {
            Generation = compacted.Generation, CompactedTo = compacted.CompactedTo, AgedTo = compacted.AgedTo,
            Dropped = compacted.Dropped, Generations = compacted.Generations,
        };
        byte[] bytes = [.. DocumentWriter.Header(header), .. DocumentWriter.Base(compacted.Replica, compacted.Head, compacted.Base)];
        return bytes.Length < length ? (header, compacted, bytes) : null;
    }
}
