using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

public sealed partial class SessionStore
{
    private const string UndoVerb = "undo";
    private const string PrivateVerb = "private";

    /// <summary>Operations of every replica held, newest first by (hlc, replica).</summary>
    public IReadOnlyList<LoggedOperation> Log(int limit) => Reading(() =>
    {
        var operations = OperationLog.Of(_documents, DocumentReading.Of(_documents)).Operations;
        return limit < operations.Count ? [.. operations.Take(limit)] : operations;
    });

    /// <summary>Every entry known about a session, in ascending order of clock.</summary>
    public IReadOnlyList<HistoryEntry> History(SessionId session) => Reading(() =>
    {
        var reading = DocumentReading.Of(_documents);
        var log = OperationLog.Of(_documents, reading);
        var state = reading.Set.State(session);
        IReadOnlyList<HistoryEntry> history =
        [
            .. log.Entries.Where(e => e.Register.Session == session).OrderBy(e => e.Hlc).ThenBy(e => e.Name.Replica).ThenBy(e => e.Name.Seq)
                .Select(e => Described(e, reading, log, state?.Of(e.Register.Field, e.Register.Key))),
        ];
        return history;
    });

    /// <summary>
    /// Reverses one of this installation's operations (null: its last one that is neither undone nor an undo), by store.md's rule. <paramref name="idPrefix"/> is any
    /// unambiguous prefix of an operation's printed id.
    /// </summary>
    /// <exception cref="SeshException"><c>nothing-to-undo</c>, <c>not-found</c>, <c>ambiguous</c>, <c>not-owner</c>, <c>already-shared</c>.</exception>
    public UndoResult Undo(string? idPrefix, bool force) => Writing(writer =>
    {
        var log = OperationLog.Of(_documents, DocumentReading.Of(_documents));
        var undone = idPrefix is null
            ? log.LastToUndo() ?? throw new SeshException("nothing-to-undo", "nothing is left to undo", "\"sesh op log\" shows what was done")
            : Select(log, idPrefix);
        if (!undone.Ours)
            throw new SeshException("not-owner", $"operation {undone.Id} was done on {undone.Machine}", $"run this on {undone.Machine}");
        if (undone.Operation.Verb == PrivateVerb)
            throw AlreadyShared(undone.Entries[0].Register.Session);
        var (entries, before) = log.ToReverse(undone);
        var reversal = Documents.Undo.Of([.. entries.Select(e => log.StandIn(e, writer.Register(e.Register)))], before, writer.Register, force);
        var written = reversal.Settings.IsEmpty
            ? null
            : writer.Append(reversal.Settings, UndoVerb, force ? ["--force"] : [], writer.Source.IsPrivate(undone.Replica), undone.Id);
        return new UndoResult(undone, written, reversal.Reversed, reversal.Left);
    });

    private static LoggedOperation Select(OperationLog log, string prefix)
    {
        var found = log.Operations.Where(o => o.Id.ToString().StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        var ours = found.Where(o => o.Ours).ToList();
        return (prefix.Length == 0 ? [] : ours.Count > 0 ? ours : found) switch
        {
            [var only] => only,
            [] => throw new SeshException("not-found", $"no operation begins with '{prefix}'", "\"sesh op log\" shows what was done"),
            var several => throw new SeshException(
                "ambiguous", $"{several.Count} operations begin with '{prefix}': {string.Join(", ", several.Select(o => o.Id))}", "give more digits"),
        };
    }

    private static HistoryEntry Described(Entry entry, DocumentReading reading, OperationLog log, RegisterState? register)
    {
        var shows = register?.Shown is { } shown && shown.Name == entry.Name;
        var lost = !shows && !entry.Value.IsAbsent && register?.Survivors.Any(s => s.Name == entry.Name) == true;
        return new HistoryEntry(entry, reading.Set.MachineOf(entry.Name.Replica), log.OperationOf(entry.Name), shows, lost);
    }
}
