using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Import;

/// <summary>
/// Brings the records of an older installation in, as one operation. Only this machine's own: an older store holds copies of other machines' records too, but
/// they have their owners, who import them. What is recorded here already is left as it is, so a second run writes nothing.
/// </summary>
internal sealed class Importing(SessionStore store, MachineName machine, Func<string, bool> isPrivate)
{
    /// <summary>A quarter of a gigabyte: far beyond any real one.</summary>
    private const long MaxSourceBytes = 256 << 20;

    private static readonly string[] Agents = ["claude", "codex", "pi"];

    /// <param name="file">Null for the default: <c>sessions.json</c>, else <c>sesh.db</c>, in the home.</param>
    public ImportReport Run(string? file, bool dryRun)
    {
        var path = file is null ? Default() : Path.GetFullPath(file);
        var records = Read(path);
        var rows = Plan(records, KnownSessions.Of(store.Read()));
        var operations = new List<OperationId>();
        foreach (var hidden in dryRun ? (bool[])[] : [false, true])
        {
            if (!rows.Any(r => r.Birth is { } b && isPrivate(b.Cwd) == hidden))
                continue;
            var written = store.Write(snapshot =>
            {
                var changes = Plan(records, KnownSessions.Of(snapshot)).Where(r => r.Birth is { } b && isPrivate(b.Cwd) == hidden).SelectMany(r => r.Changes).ToList();
                return changes.Count == 0 ? null : new Draft("import", [], changes, hidden);
            });
            if (written is not null)
                operations.Add(written.Operation);
        }

        return new ImportReport(path, rows.Select(r => r.Row).ToList(), operations);
    }

    /// <summary>Reads a source of either kind; what it is shows in its first bytes, not in its name.</summary>
    internal static IReadOnlyList<OldRecord> Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (Directory.Exists(path))
                throw new SeshException("bad-import", $"{path} is a folder", "name the file: sessions.json or sesh.db");
            if (!info.Exists)
                throw new SeshException("no-such-file", $"no such file: {path}", "name the old store: \"sesh import FILE\"");
            if (info.Length > MaxSourceBytes)
                throw new SeshException("bad-import", $"{path} is larger than {MaxSourceBytes >> 20} MB", "this is no list of sessions");
            using var stream = info.OpenRead();
            Span<byte> start = stackalloc byte[16];
            if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(OldDatabase.Magic))
                return OldDatabase.Read(path);
            return OldJson.Read(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("bad-import", $"{path}: {e.Message}", "nothing was imported", inner: e);
        }
    }

    private string Default()
    {
        string[] candidates = [Path.Combine(store.Options.Home, "sessions.json"), Path.Combine(store.Options.Home, "sesh.db")];
        return Array.Find(candidates, File.Exists)
            ?? throw new SeshException("no-such-file", $"no older store: neither sessions.json nor sesh.db in {store.Options.Home}", "name it: \"sesh import FILE\"");
    }

    private sealed record Planned(ImportedRow Row, Birth? Birth, IReadOnlyList<Change> Changes);

    private List<Planned> Plan(IReadOnlyList<OldRecord> records, KnownSessions known)
    {
        var seen = new HashSet<SessionId>();
        return records.Select(r => Plan(r, known, seen)).ToList();
    }

    private Planned Plan(OldRecord old, KnownSessions known, HashSet<SessionId> seen)
    {
        if (Fault(old) is { } fault)
            return Row(Imported.Left, fault);
        var isUuid = SessionId.TryParse(old.Uuid, out var uuid);
        if (!isUuid)
            uuid = SessionUuid.Of(machine.Text, old.Agent, old.Uuid);
        if (!seen.Add(uuid))
            return Row(Imported.Left, "repeats an earlier one's uuid", uuid);
        var agentId = old.AgentSessionId.Length > 0 ? old.AgentSessionId : isUuid ? uuid.ToString() : old.Uuid;
        if ((known.Find(uuid) ?? known.Find(machine.Text, old.Agent, agentId).FirstOrDefault()) is { } record)
            return record.Deleted ? Row(Imported.Left, "deleted here", record.Uuid) : Row(Imported.Known, "", record.Uuid);

        var remarks = new List<string>();
        var birth = new Birth(uuid, old.Agent, machine.Text)
        {
            AgentSessionId = agentId,
            Cwd = OldText.Path(old.Cwd, remarks),
            Name = OldText.Name(old.Name, remarks),
            CreatedAt = old.CreatedAt,
            Tags = OldText.Tags(old.Tags, remarks),
            Parent = SessionId.TryParse(old.Parent, out var parent) && parent != uuid ? parent : null,
        };
        return new Planned(
            new ImportedRow(Imported.Taken, old.Place, uuid, birth.Name, old.Agent, machine.Text, string.Join("; ", remarks)), birth, [.. birth.Changes(), .. Labels(old, uuid, remarks)]);

        Planned Row(Imported outcome, string reason, SessionId? id = null) =>
            new(new ImportedRow(outcome, old.Place, id, old.Name, old.Agent, old.Machine, reason), null, []);
    }

    private string? Fault(OldRecord old) =>
        old.Fault.Length > 0 ? old.Fault
        : old.Uuid.Length == 0 ? "has no uuid"
        : old.Uuid.Length > 200 || old.Uuid.Any(char.IsControl) || old.Uuid.Contains('/', StringComparison.Ordinal) ? "its uuid is none"
        : !Array.Exists(Agents, a => a == old.Agent) ? (old.Agent.Length == 0 ? "has no agent" : $"of an unknown agent \"{old.Agent}\"")
        : !SessionId.TryParse(old.Uuid, out _) && old.Agent != "pi" ? $"\"{old.Uuid}\" is not a uuid"
        : old.Machine.Length > 0 && old.Machine != machine.Text ? $"owned by {old.Machine}: import it there"
        : old.Deleted ? "deleted there"
        : null;

    private static IEnumerable<Change> Labels(OldRecord old, SessionId uuid, List<string> remarks)
    {
        if (old.Archived)
            yield return Set(Field.Archived, Value.True);
        if (old.AutoRename == false)
            yield return Set(Field.AutoRename, Value.False);
        if (OldText.Summary(old.Summary) is { Length: > 0 } summary)
            yield return Set(Field.Summary, Value.Of(summary));
        if (old.LastAutoNameTurnCount > 0)
            yield return Set(Field.LastAutoNameTurnCount, Value.Of(old.LastAutoNameTurnCount));
        foreach (var (key, value) in OldText.Meta(old.Meta, remarks))
            yield return Set(Field.Meta, Value.Of(value), key);

        Change Set(Field field, Value value, string? key = null) => new(new Register(uuid, field, key), value);
    }
}
