using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>Finds the session that a word on the command line means; never guesses.</summary>
/// <param name="machine">Only sessions of this machine count; null for all.</param>
/// <param name="withPrivate">Private sessions count too.</param>
internal sealed class Selection(Snapshot snapshot, string? machine = null, bool withPrivate = true)
{
    /// <summary>
    /// The one session meant by a prefix, in either case, of a uuid or of an agent's id, now or formerly. A whole id beats longer ones that begin with it; of
    /// several matches a single one that is not archived wins.
    /// </summary>
    /// <param name="deletedToo">A deleted session is found by its full uuid.</param>
    public SessionRecord One(string selector, bool deletedToo = false)
    {
        CheckNotEmpty(selector);
        var matches = All(selector);
        if (SessionId.TryParse(selector, out var uuid) && matches.Find(r => r.Uuid == uuid) is { } whole)
        {
            return !whole.Deleted || deletedToo ? whole
                : throw new SeshException("deleted", $"session {uuid} was deleted", $"look at it with \"sesh info {uuid} --json\"; revive it: sesh register {uuid} --agent AGENT");
        }

        matches.RemoveAll(r => r.Deleted);
        var exact = matches.FindAll(r => string.Equals(r.AgentSessionId, selector, StringComparison.OrdinalIgnoreCase));
        if (exact.Count > 0)
            matches = exact;
        if (matches.Count > 1 && matches.FindAll(r => !r.Archived) is [var active])
            return active;
        return matches.Count switch
        {
            1 => matches[0],
            0 => throw NotFound(selector),
            _ => throw new AmbiguousException($"{matches.Count} sessions match {selector}", matches.ConvertAll(Described), "give more of the uuid"),
        };
    }

    /// <summary>Every session, archived ones too, whose uuid or agent's id begins with the prefix; deleted ones not.</summary>
    public IReadOnlyList<SessionRecord> Matching(string prefix)
    {
        CheckNotEmpty(prefix);
        var matches = All(prefix);
        matches.RemoveAll(r => r.Deleted);
        return matches;
    }

    /// <summary>Sessions named one after the other, each once.</summary>
    public IReadOnlyList<SessionRecord> Several(IEnumerable<string> selectors)
    {
        var records = new List<SessionRecord>();
        foreach (var selector in selectors)
        {
            var record = One(selector);
            if (!records.Exists(r => r.Uuid == record.Uuid))
                records.Add(record);
        }

        return records;
    }

    /// <summary>An empty word is an unset shell variable: whatever it was to be, it was not "any session".</summary>
    public static void CheckNotEmpty(string selector)
    {
        if (string.IsNullOrWhiteSpace(selector))
            throw new SeshException("usage", "the uuid is empty", "is a shell variable unset?", exitCode: 2);
    }

    private List<SessionRecord> All(string prefix)
    {
        var matches = new List<SessionRecord>();
        foreach (var record in snapshot.Match(prefix))
        {
            if (!KnownSessions.IsVoid(record) && (machine is null || record.Machine == machine) && (withPrivate || !record.Private))
                matches.Add(record);
        }

        return matches;
    }

    private SeshException NotFound(string selector) => new(
        "not-found",
        machine is null ? $"no session matches {selector}" : $"no session of {machine} matches {selector}",
        "see \"sesh list --archived\"");

    private static string Described(SessionRecord record) =>
        $"{record.Uuid}  {(record.Name.Length > 0 ? record.Name : "(no name)")}  {record.Machine}{(record.Archived ? "  archived" : "")}";
}
