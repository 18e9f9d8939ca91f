using System.Runtime.InteropServices;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>Every operation that documents and history files still know.</summary>
internal sealed class OperationLog
{
    private readonly Dictionary<OperationId, LoggedOperation> _operations = [];
    private readonly Dictionary<EntryName, Entry> _entries = [];
    private readonly Dictionary<EntryName, LoggedOperation> _byEntry = [];
    private Dictionary<(ReplicaId, Register), List<Entry>>? _written;

    private OperationLog()
    {
    }

    /// <summary>Newest first by (clock, replica); of one replica always the later first, though its clock was set back between.</summary>
    public IReadOnlyList<LoggedOperation> Operations { get; private set; } = [];

    /// <summary>Every entry known, those that compaction took out included.</summary>
    public IEnumerable<Entry> Entries => _entries.Values;

    public static OperationLog Of(DocumentFiles files, DocumentReading reading)
    {
        var log = new OperationLog();
        var own = reading.Loaded.Where(l => l.File.IsOwn).Select(l => l.Document.Header.Replica).ToHashSet();
        foreach (var document in reading.Set.Documents)
        {
            foreach (var kept in document.Base)
                log._entries.TryAdd(kept.Entry.Name, kept.Entry);
            foreach (var frame in document.Frames)
                log.Add(frame, document.Replica, document.Machine, own);
        }

        foreach (var (file, document) in reading.Loaded)
        {
            if (!file.IsOwn)
                continue;
            foreach (var (frame, _) in HistoryFile.Read(files.Files, file.Path, document.Header.Replica))
                log.Add(frame, document.Header.Replica, reading.Set.MachineOf(document.Header.Replica), own);
        }

        log.Operations = NewestFirst(log._operations.Values);
        return log;
    }

    private static List<LoggedOperation> NewestFirst(IEnumerable<LoggedOperation> operations)
    {
        var ordered = new List<(Hlc Reached, long Seq, LoggedOperation Operation)>();
        foreach (var replica in operations.GroupBy(o => o.Replica))
        {
            var reached = default(Hlc);
            foreach (var operation in replica.OrderBy(o => o.Entries[0].Name.Seq))
            {
                if (operation.Entries[0].Hlc > reached)
                    reached = operation.Entries[0].Hlc;
                ordered.Add((reached, operation.Entries[0].Name.Seq, operation));
            }
        }

        return
        [
            .. ordered.OrderByDescending(o => o.Reached).ThenByDescending(o => o.Operation.Replica).ThenByDescending(o => o.Seq)
                .ThenByDescending(o => o.Operation.Id.Check).Select(o => o.Operation),
        ];
    }

    public LoggedOperation? OperationOf(EntryName entry) => _byEntry.GetValueOrDefault(entry);

    /// <summary>This installation's last operation that a command asked for and that is neither undone nor an undo itself; null where there is none.</summary>
    public LoggedOperation? LastToUndo()
    {
        // An undo that was itself undone undoes nothing any more. Newest first, so that it is known before what it undid is met.
        var undone = new HashSet<OperationId>();
        foreach (var operation in Operations)
        {
            if (undone.Contains(operation.Id))
                continue;
            if (operation.Operation.Undoes is { } target)
                undone.Add(target);
            else if (operation.Ours && operation.Operation.Verb != Operation.Drift)
                return operation;
        }

        return null;
    }

    /// <summary>
    /// The entry that now stands for one of an operation: itself, or the survivor by which an undo of a later operation brought it back. So several
    /// operations are undone one after the other, and undone again after a redo.
    /// </summary>
    public Entry StandIn(Entry entry, RegisterState? register)
    {
        foreach (var survivor in register?.Survivors ?? [])
        {
            if (survivor.Name.Replica == entry.Name.Replica && Meaning(survivor)?.Name == entry.Name)
                return survivor;
        }

        return entry;
    }

    /// <summary>
    /// What is reversed with an operation, and for each entry the value before it: its own entries; where it gave birth to a session, also what looks wrote of that
    /// since, which would be all that is left of it.
    /// </summary>
    public (List<Entry> Entries, List<Value> Before) ToReverse(LoggedOperation undone)
    {
        var entries = new List<Entry>(undone.Entries);
        var before = new List<Value>(undone.Operation.Before);
        var born = new HashSet<SessionId>();
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Register.Field == Field.Machine && !entries[i].Value.IsAbsent && before[i].IsAbsent)
                born.Add(entries[i].Register.Session);
        }

        if (born.Count == 0)
            return (entries, before);
        foreach (var drift in Operations.Reverse().Where(o => o.Ours && o.Operation.Verb == Operation.Drift))
        {
            for (var i = 0; i < drift.Entries.Count; i++)
            {
                if (!born.Contains(drift.Entries[i].Register.Session))
                    continue;
                entries.Add(drift.Entries[i]);
                before.Add(drift.Operation.Before[i]);
            }
        }

        return (entries, before);
    }

    // What an undo wrote means the entry before the one it reversed.
    private Entry? Meaning(Entry entry)
    {
        var meant = entry;
        while (meant is not null && OperationOf(meant.Name)?.Operation.Undoes is { } undone)
            meant = _operations.TryGetValue(undone, out var operation) ? Before(operation, meant.Register) : null;
        return meant;
    }

    // The entry before the first that an operation wrote to a register; null where it wrote none, or nothing came before.
    private Entry? Before(LoggedOperation operation, Register register)
    {
        var written = Written(operation.Replica, register);
        var first = written.FindIndex(e => OperationOf(e.Name)?.Id == operation.Id);
        if (first < 0)
            return null;
        var before = written.FindLastIndex(first, e => e.Name.Seq < written[first].Name.Seq);
        return before < 0 ? null : written[before];
    }

    // One replica's entries of a register in ascending order. All are sorted out at once: an undo of much asks for much.
    private List<Entry> Written(ReplicaId replica, Register register)
    {
        if (_written is null)
        {
            _written = [];
            foreach (var entry in _entries.Values)
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_written, (entry.Name.Replica, entry.Register), out _);
                (list ??= []).Add(entry);
            }

            foreach (var list in _written.Values)
                list.Sort(Entry.CompareByName);
        }

        return _written.GetValueOrDefault((replica, register), []);
    }

    private void Add(Frame frame, ReplicaId replica, string machine, HashSet<ReplicaId> own)
    {
        foreach (var entry in frame.Entries)
            _entries.TryAdd(entry.Name, entry);
        if (frame.Operation is not { } operation || frame.Entries.IsEmpty)
            return;
        var id = new OperationId(replica, frame.Digest.Check);
        if (_operations.ContainsKey(id))
            return;
        var logged = new LoggedOperation(id, replica, machine, operation, frame.Entries, own.Contains(replica));
        _operations.Add(id, logged);
        foreach (var entry in frame.Entries)
            _byEntry.TryAdd(entry.Name, logged);
    }
}
