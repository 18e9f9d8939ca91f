using Sesh.Sync.Documents;

namespace Sesh.Sessions;

/// <summary>
/// Decides, without I/O, which record each find belongs to and what becomes of it. One id may name several transcripts (pi's ids are per folder): a record
/// goes to the one in its folder, else to the newest; the rest get a uuid by their path.
/// </summary>
internal sealed class AdoptPlan(string machine, bool all, Func<string, bool> isPrivate)
{
    /// <summary>Fills in the digest of finds that need one: those not known, and those that share an id.</summary>
    public static IEnumerable<Found> NeedReading(string machine, KnownSessions known, IReadOnlyList<Found> finds) =>
        finds.Where(f => f.File is not null && f.AgentId.Length > 0)
            .GroupBy(f => (f.Agent, f.AgentId.ToLowerInvariant()))
            .Where(g => g.Count() > 1 || known.Find(machine, g.Key.Agent, g.First().AgentId).Count == 0)
            .SelectMany(g => g);

    /// <summary>A row for each find, in their order.</summary>
    public IReadOnlyList<(AdoptedRow Row, Birth? Birth)> Make(KnownSessions known, IReadOnlyList<Found> finds)
    {
        var records = Assign(known, finds);
        var taken = new HashSet<SessionId>();
        var plan = new List<(AdoptedRow, Birth?)>(finds.Count);
        foreach (var find in finds)
            plan.Add(Decide(find, records.GetValueOrDefault(find), known, taken));
        return plan;
    }

    private Dictionary<Found, SessionRecord> Assign(KnownSessions known, IReadOnlyList<Found> finds)
    {
        var assigned = new Dictionary<Found, SessionRecord>();
        var given = new HashSet<SessionRecord>(ReferenceEqualityComparer.Instance);
        foreach (var group in finds.Where(f => f.AgentId.Length > 0).GroupBy(f => (f.Agent, f.AgentId.ToLowerInvariant())))
        {
            var open = new List<Found>();
            foreach (var find in group)
            {
                if (find.File is { } file && known.Find(SessionUuid.OfPath(machine, find.Agent, file.Path)) is { } byPath)
                    Give(find, byPath);
                else
                    open.Add(find);
            }

            var records = known.Find(machine, group.Key.Agent, group.First().AgentId).Where(r => !given.Contains(r)).ToList();
            foreach (var record in records.ToArray())
            {
                if (open.Find(f => Folder(f) == record.Cwd) is not { } match)
                    continue;
                Give(match, record);
                open.Remove(match);
                records.Remove(record);
            }

            for (var i = 0; i < Math.Min(open.Count, records.Count); i++)
                Give(open[i], records[i]);
        }

        return assigned;

        void Give(Found find, SessionRecord record)
        {
            assigned[find] = record;
            given.Add(record);
        }
    }

    private (AdoptedRow, Birth?) Decide(Found find, SessionRecord? record, KnownSessions known, HashSet<SessionId> taken)
    {
        if (find.AgentId.Length == 0)
            return (Row(find, Adoption.Unresolvable, null, $"pid {find.Live?.Pid}"), null);
        if (record is not null)
        {
            var outcome = record.Deleted ? Adoption.Deleted : record.Machine == machine ? Adoption.Known : Adoption.OwnedElsewhere;
            return (Row(find, outcome, record, outcome == Adoption.OwnedElsewhere ? $"owned by {record.Machine}" : ""), null);
        }

        if (find.File is not null && find.Digest is null)
            return (Row(find, Adoption.Known, null, "changed while this ran"), null);
        if (find.Digest is { Error.Length: > 0 } failed)
            return (Row(find, Adoption.Unreadable, null, failed.Error), null);
        if (find.Digest is { Hidden: true } && !all)
            return (Row(find, Adoption.Worker, null, ""), null);
        if (find.Digest is { Empty: true } && find.Live is null && !all)
            return (Row(find, Adoption.Empty, null, ""), null);

        var uuid = SessionUuid.Of(machine, find.Agent, find.AgentId);
        var detail = "";
        if (known.WasShared(uuid) && isPrivate(Folder(find)))
        {
            detail = $"{uuid} was shared once, and what was written then cannot be called back";
            uuid = SessionUuid.Apart(machine, find.Agent, find.AgentId);
        }

        if ((known.Find(uuid) is not null || !taken.Add(uuid)) && find.File is { } file)
            uuid = SessionUuid.OfPath(machine, find.Agent, file.Path);
        taken.Add(uuid);
        var birth = new Birth(uuid, find.Agent, machine)
        {
            AgentSessionId = find.AgentId,
            Cwd = Folder(find),
            Name = find.Digest?.Name ?? "",
            CreatedAt = find.Digest is { CreatedAt: > 0 } digest ? digest.CreatedAt : find.File?.ModifiedAt ?? 0,
        };
        return (new AdoptedRow(Adoption.Adopted, uuid, find.Agent, find.AgentId, birth.Name, birth.Cwd, find.Path, birth.CreatedAt, find.Live is not null, detail), birth);
    }

    /// <summary>A live agent's first folder is where its transcript says it began; where it stands now is only the next best.</summary>
    private static string Folder(Found find) => find.Digest is { Cwd.Length: > 0 } digest ? digest.Cwd : find.Live?.Cwd ?? "";

    private static AdoptedRow Row(Found find, Adoption outcome, SessionRecord? record, string detail) => new(
        outcome, record?.Uuid, find.Agent, find.AgentId, record?.Name ?? find.Digest?.Name ?? "", record?.Cwd ?? Folder(find), find.Path,
        record?.CreatedAt ?? find.Digest?.CreatedAt ?? 0, find.Live is not null, detail);
}
