using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>Everything a store needs from outside.</summary>
/// <param name="Home">Absolute path of <c>$SESH_HOME</c>. Made, mode 0700, at the first write; reading a home that is not there shows nothing.</param>
/// <param name="Machine">This machine's name; null where it is not set: then writes fail with <c>machine-unset</c>.</param>
/// <param name="Time">The clock.</param>
public sealed record StoreOptions(string Home, MachineName? Machine, TimeProvider Time);

/// <summary>One setting that a command wants.</summary>
public readonly record struct Change(Register Register, Value Value);

/// <summary>
/// What a command wants written as one operation. Clearing what does not show is dropped by the store; asserting a value again is a real entry
/// (so a command that should write nothing when nothing is new leaves the change out itself).
/// </summary>
/// <param name="Verb">See <see cref="Operation"/>.</param>
/// <param name="Options">Names of options, without values.</param>
/// <param name="Private">True: into the private document, which never leaves this machine.</param>
public sealed record Draft(string Verb, IReadOnlyList<string> Options, IReadOnlyList<Change> Changes, bool Private = false);

/// <summary>Something the user should know about the files: damage quarantined, a clone seen, a foreign file in docs/.</summary>
/// <param name="Code">A stable word: <c>torn-tail</c>, <c>damaged</c>, <c>forked</c>, <c>foreign-file</c>, <c>newer-version</c>, <c>clock-ahead</c>, <c>new-replica</c>, <c>identity-ignored</c>, <c>name-claimed-twice</c>, …</param>
/// <param name="Quiet">True: only <c>doctor</c> tells; false: any command says it once on standard error.</param>
public sealed record Notice(string Code, string Message, string? Hint = null, bool Quiet = false);

/// <summary>What a write did.</summary>
public sealed record Written(OperationId Operation, IReadOnlyList<Entry> Entries);

/// <summary>An operation as <c>op log</c> shows it, newest first.</summary>
public sealed record LoggedOperation(OperationId Id, ReplicaId Replica, string Machine, Operation Operation, IReadOnlyList<Entry> Entries, bool Ours);

/// <summary>One entry as <c>history</c> shows it, in ascending order of hlc.</summary>
/// <param name="Operation">Null where compaction dropped its operation and history aged out.</param>
/// <param name="Shows">It is the value that shows now.</param>
/// <param name="Lost">Concurrent: it survives but another value shows.</param>
public sealed record HistoryEntry(Entry Entry, string Machine, LoggedOperation? Operation, bool Shows, bool Lost);

/// <summary>What undo did: registers set back, and those left because somebody wrote them since.</summary>
public sealed record UndoResult(LoggedOperation Undone, Written? Written, IReadOnlyList<Register> Reversed, IReadOnlyList<Register> Left);

/// <summary>One file as <c>doctor</c> tells it.</summary>
public sealed record DocumentReport(string Path, ReplicaId? Replica, string Machine, long Generation, long Seq, long Bytes, bool Ours, IReadOnlyList<Notice> Notices);

public sealed record TagCount(string Tag, int Sessions);

/// <summary>
/// The files under one home, for one command. Stateless between calls but for what it has mapped; safe to use beside any number of
/// other processes. Not thread-safe.
/// </summary>
public sealed class SessionStore
{
    private SessionStore(StoreOptions options) => Options = options;

    public StoreOptions Options { get; }

    /// <summary>Opens nothing yet. Throws <see cref="SeshException"/> where home is a file, or belongs to somebody else.</summary>
    public static SessionStore Open(StoreOptions options) => new(options);

    /// <summary>
    /// Every document as it stands now, through the mapped index. Takes no lock. Never fails for damage (see <see cref="Snapshot.Notices"/>), only for
    /// an unreadable home and for a document of a newer major version.
    /// </summary>
    public Snapshot Read() => throw new NotImplementedException();

    /// <summary>
    /// Takes own/lock, reads afresh, lets <paramref name="decide"/> look, and appends what it wants as one durable operation. Null when it wants nothing or
    /// nothing remains. <paramref name="decide"/> must not wait for anything: every other writer does.
    /// </summary>
    public Written? Write(Func<Snapshot, Draft?> decide) => throw new NotImplementedException();

    /// <summary>Operations of every replica held, newest first by (hlc, replica).</summary>
    public IReadOnlyList<LoggedOperation> Log(int limit) => throw new NotImplementedException();

    /// <summary>Every entry known about a session.</summary>
    public IReadOnlyList<HistoryEntry> History(SessionId session) => throw new NotImplementedException();

    /// <summary>
    /// Reverses one of this installation's operations (null: its last one that is not yet undone), by store.md's rule. <paramref name="idPrefix"/> is any
    /// unambiguous prefix of an operation's printed id.
    /// </summary>
    public UndoResult Undo(string? idPrefix, bool force) => throw new NotImplementedException();

    /// <summary>Moves a session between the private and the shared document. Throws <c>already-shared</c> where it cannot be called back.</summary>
    public Written? SetPrivate(SessionId session, bool isPrivate) => throw new NotImplementedException();

    /// <summary>Compacts this installation's documents where that saves anything. Returns bytes before and after.</summary>
    public (long Before, long After) Compact() => throw new NotImplementedException();

    /// <summary>Collects tombstones: an entry each, after which compaction keeps only deleted and collected.</summary>
    public Written? Collect(IReadOnlyList<SessionId> deleted) => throw new NotImplementedException();

    /// <summary>Reads every byte of every document, whatever the index says.</summary>
    public IReadOnlyList<DocumentReport> Verify() => throw new NotImplementedException();
}
