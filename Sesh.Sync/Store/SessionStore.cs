using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Index;

namespace Sesh.Sync.Store;

/// <summary>
/// The files under one home, for one command. Stateless between calls but for what it has mapped; safe to use beside any number of
/// other processes. Not thread-safe.
/// </summary>
public sealed partial class SessionStore
{
    private readonly DocumentFiles _documents;
    private readonly IStoreFiles _files;
    private readonly StorePaths _paths;
    private readonly List<Notice> _notices = [];

    private SessionStore(StoreOptions options, IStoreFiles files)
    {
        Options = options;
        _files = files;
        _paths = new StorePaths(options.Home);
        _documents = new DocumentFiles(files, _paths);
    }

    public StoreOptions Options { get; }

    /// <summary>
    /// What this store came to know of its files so far, by reading and writing, each once: a command prints those that are not quiet before it exits.
    /// </summary>
    public IReadOnlyList<Notice> Notices => _notices;

    /// <summary>Opens nothing yet. Throws <see cref="SeshException"/> where home is a file, or belongs to somebody else.</summary>
    public static SessionStore Open(StoreOptions options) => Open(options, PosixFiles.Instance);

    /// <summary>
    /// Every document as it stands now, through the mapped index. Waits for no lock. Never fails for damage (see <see cref="Snapshot.Notices"/>), only for
    /// an unreadable home and for a document of a newer major version.
    /// </summary>
    public Snapshot Read() => Reading(() =>
    {
        var snapshot = Noticed(new Snapshot(Load()));
        if (!_documents.IsPublished)
            Publication.TryRenewAll(_documents);
        return snapshot;
    });

    /// <summary>
    /// Takes own/lock, reads afresh, lets <paramref name="decide"/> look, and appends what it wants as one durable operation; where it names both private and
    /// shared sessions, as one in each document. Sessions that are private stay so, whatever the draft says. Null when it wants nothing or nothing remains.
    /// <paramref name="decide"/> must not wait for anything: every other writer does.
    /// </summary>
    /// <exception cref="SeshException">
    /// <c>machine-unset</c>, <c>machine-changed</c>, <c>home-unwritable</c>, <c>disk-full</c>, <c>newer-version</c>, …; nothing is half-done then.
    /// </exception>
    public Written? Write(Func<Snapshot, Draft?> decide) => Writing(writer =>
    {
        var snapshot = writer.Snapshot;
        if (decide(snapshot) is not { } draft)
            return null;
        var shared = new List<Setting>();
        var own = new List<Setting>();
        var isPrivate = new Dictionary<SessionId, bool>();
        foreach (var (register, value) in draft.Changes)
        {
            if (!isPrivate.TryGetValue(register.Session, out var here))
                isPrivate[register.Session] = here = IsPrivate(snapshot, register.Session, draft.Private);
            (here ? own : shared).Add(new Setting(register, value));
        }

        var first = shared.Count > 0 ? writer.Append(shared, draft.Verb, draft.Options, isPrivate: false) : null;
        var second = own.Count > 0 ? writer.Append(own, draft.Verb, draft.Options, isPrivate: true) : null;
        return first is null || second is null ? first ?? second : first with { Entries = [.. first.Entries, .. second.Entries] };
    });

    internal static SessionStore Open(StoreOptions options, IStoreFiles files)
    {
        Reading(() => HomeFolder.Check(files, options.Home));
        return new SessionStore(options, files);
    }

    private static bool IsPrivate(Snapshot snapshot, SessionId session, bool wanted)
    {
        if (snapshot.Find(session) is not { } record)
            return wanted;
        return wanted && !record.Private ? throw AlreadyShared(session) : record.Private;
    }

    private IWriterSource Load() => SessionSource.Of(_documents, Options.Time);

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Reading(e);
        }
    }

    private T Writing<T>(Func<Writer, T> write)
    {
        try
        {
            using var writer = new Writer(Options, _documents, Load);
            try
            {
                return write(writer);
            }
            finally
            {
                Noticed(writer.Snapshot);
            }
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Writing(e);
        }
    }

    private Snapshot Noticed(Snapshot snapshot)
    {
        foreach (var notice in snapshot.Notices)
        {
            if (!_notices.Contains(notice))
                _notices.Add(notice);
        }

        return snapshot;
    }
}
