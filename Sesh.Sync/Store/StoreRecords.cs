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
/// <param name="Code">A stable word: <c>torn-tail</c>, <c>damaged</c>, <c>forked</c>, <c>foreign-file</c>, <c>newer-version</c>, <c>clock-ahead</c>, <c>new-replica</c>, <c>identity-ignored</c>, <c>name-claimed-twice</c>, <c>copied-home</c>, …</param>
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
