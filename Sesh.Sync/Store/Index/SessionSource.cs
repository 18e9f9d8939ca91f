using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Store.Index;

/// <summary>
/// Where a reading of the store comes from: the index where it says what the files say, else every document, of which the index is then made. The cache is never
/// trusted: whatever is wrong with it, at any moment, the documents answer instead.
/// </summary>
internal sealed class SessionSource : IWriterSource, IChains
{
    private readonly DocumentFiles _files;
    private readonly TimeProvider _time;
    private readonly IndexedSessions? _indexed;
    private FullSource? _full;

    private SessionSource(DocumentFiles files, TimeProvider time, IndexedSessions? indexed) => (_files, _time, _indexed) = (files, time, indexed);

    public static IWriterSource Of(DocumentFiles files, TimeProvider time)
    {
        // A cache belongs to files that outlive this process.
        if (files.Files is not PosixFiles)
            return FullSource.Of(files);
        var source = new SessionSource(files, time, Open(files));
        if (source._indexed is null)
            return source.Full;
        if (IndexMerge.IsDue(source._indexed))
            source.Merge(source._indexed);
        return source;
    }

    public static string PathOf(StorePaths paths) => Path.Join(paths.Cache, $"index.{IndexFile.Version}");

    public int Count => Try(i => i.Count, f => f.Count);

    public IReadOnlyList<Notice> Notices => _full is null ? _indexed!.Notices : _full.Notices;

    public IChains Chains => this;

    private FullSource Full => _full ??= ReadAll();

    public IEnumerable<SessionRecord> Records() => Try(IEnumerable<SessionRecord> (i) => i.Records(), f => f.Records());

    public IEnumerable<SessionRecord> RecordsOf(string machine) => Try(IEnumerable<SessionRecord> (i) => i.Records(machine), f => f.RecordsOf(machine));

    public SessionRecord? Find(SessionId session) => Try(i => i.Find(session), f => f.Find(session));

    public IReadOnlyList<SessionRecord> Match(string prefix) => Try(i => i.Match(prefix), f => f.Match(prefix));

    public SessionState? State(SessionId session) => Try(i => i.State(session), f => f.State(session));

    public IReadOnlyList<TagCount> Tags() => Try(
        i =>
        {
            var tags = i.Tags().Select(t => new TagCount(t.Key, t.Value)).ToList();
            tags.Sort(static (a, b) => string.CompareOrdinal(a.Tag, b.Tag));
            return tags;
        },
        f => f.Tags());

    public string MachineOf(ReplicaId replica) => _full is null ? _indexed!.Head.Replicas.MachineOf(replica) : _full.MachineOf(replica);

    public Hlc Highest(long wall) => (_full is null ? _indexed!.Tail.Times.Highest(wall) : null) ?? Full.Highest(wall);

    public bool IsOutrun(ReplicaId own) => _full is null && _indexed!.Head.IsPlain ? _indexed.IsOutrun(own) : Full.IsOutrun(own);

    public bool IsPrivate(ReplicaId replica) => _full is null ? _indexed!.Privates.Contains(replica) : _full.IsPrivate(replica);

    public DocumentHead? HeadOf(string path) =>
        _full is null ? _indexed!.HeadOf(Path.GetRelativePath(_files.Paths.Home, path)) : _full.HeadOf(path);

    public bool HoldBoth(ReplicaId replica, Mark lower, Mark higher) => Try(
        i => i.Head.IsPlain ? i.Tail.Chains.HoldBoth(replica, lower, higher) : Full.Chains.HoldBoth(replica, lower, higher),
        f => f.Chains.HoldBoth(replica, lower, higher));

    private static IndexedSessions? Open(DocumentFiles files)
    {
        try
        {
            return IndexedSessions.Open(PathOf(files.Paths), files);
        }
        catch (IndexCorruptException)
        {
            // Missing, of another version or damaged: the documents know everything it knew.
            return null;
        }
        catch (StoreFileException)
        {
            // A file went away between the look and the read: the full reading looks again, and has the words for what does not pass.
            return null;
        }
    }

    private T Try<T>(Func<IndexedSessions, T> indexed, Func<FullSource, T> full)
    {
        if (_full is not null || _indexed is null)
            return full(Full);
        try
        {
            return indexed(_indexed);
        }
        catch (IndexCorruptException)
        {
            // Found out late: the documents answer from here on.
            return full(Full);
        }
    }

    private FullSource ReadAll()
    {
        var reading = DocumentReading.Of(_files);
        // Something to be told aloud depends on more than these files, and ends when it is mended.
        if (reading.Files.Count > 0 && reading.Notices.All(n => n.Quiet))
            Alone(path => IndexBuilder.Write(path, _files.Paths.Home, reading, _time.GetUtcNow().ToUnixTimeMilliseconds()));
        return new FullSource(reading);
    }

    private void Merge(IndexedSessions before) => Alone(path => IndexMerge.Write(path, before));

    // One at a time makes an index, for it is the same; the others go on with what they have.
    private void Alone(Action<string> make)
    {
        try
        {
            Directory.CreateDirectory(_files.Paths.Cache, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var mutex = FileLock.TryTake(Path.Join(_files.Paths.Cache, "lock"));
            if (mutex is not null)
                make(PathOf(_files.Paths));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexCorruptException)
        {
            // A read-only or full home is read without a cache; a damaged one is found so by the next who opens it.
        }
    }
}
