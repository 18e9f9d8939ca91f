using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store;

internal sealed partial class Writer
{
    // Operations older than this are dropped by compaction.
    private static readonly TimeSpan HistoryKept = TimeSpan.FromDays(30);

    // Inline only where nobody notices: a small document, whose index is made anew in no time.
    private const long InlineLimit = 128 << 10;
    private const int InlineSessions = 300;
    private const long LeastGarbage = 32 << 10;

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

    /// <summary>After an append: compacts where most of the document is garbage and that costs the command no noticeable time.</summary>
    private void CompactInline(string path, ReplicaKeys keys, bool isPrivate)
    {
        if (_heads[path].Length is < LeastGarbage or > InlineLimit || _source.Count > InlineSessions
            || _files.Stat(StorePaths.History(path)) is { Size: > InlineLimit } || GarbageIn(path) < LeastGarbage)
            return;
        try
        {
            Compact(path, keys, isPrivate);
        }
        catch (StoreFileException)
        {
            // The change is safe and the document as good as before: a later write tries again.
            _heads.Remove(path);
        }
    }

    // Frames weigh about twice what they leave in a compacted part.
    private long GarbageIn(string path)
    {
        var bytes = _files.Read(path);
        if (Block.Read(bytes, 0, out var header) != BlockState.Sound || Block.Read(bytes, header.End, out var next) != BlockState.Sound)
            return 0;
        var kept = next.Kind == BlockKind.Base ? next.End : header.End;
        return bytes.Length - (3 * kept);
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
            Generation = compacted.Generation,
            CompactedTo = compacted.CompactedTo,
            AgedTo = compacted.AgedTo,
            Dropped = compacted.Dropped,
            Generations = compacted.Generations,
        };
        byte[] bytes = [.. DocumentWriter.Header(header), .. DocumentWriter.Base(compacted.Replica, compacted.Head, compacted.Base)];
        return bytes.Length < length ? (header, compacted, bytes) : null;
    }
}
