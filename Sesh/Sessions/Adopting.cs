using Sesh.Agents;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <param name="Only">Paths, ids or unambiguous prefixes of ids; empty for everything.</param>
/// <param name="Agent">Null for all.</param>
/// <param name="Since">Milliseconds since 1970 UTC; transcripts untouched since then are left out. Null for all.</param>
/// <param name="All">Workers' transcripts and those without a prompt too.</param>
internal sealed record AdoptRequest(IReadOnlyList<string> Only, string? Agent = null, long? Since = null, bool All = false, bool DryRun = false);

/// <summary>Records what exists on this machine and is not recorded yet, as one operation; writes nothing when nothing is new.</summary>
/// <param name="read">The facts of a transcript, by way of the cache. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
/// <param name="isPrivate">Does the configuration keep sessions of this folder on this machine?</param>
internal sealed class Adopting(
    SessionStore store, MachineName machine, IReadOnlyList<IAgent> agents, Func<TranscriptFile, TranscriptFacts> read, Func<string, bool> isPrivate)
{
    /// <param name="live">Agents alive now, in panes or without, recorded or not.</param>
    public AdoptReport Run(AdoptRequest request, IReadOnlyList<LiveAgent> live, CancellationToken cancel)
    {
        var finds = Select(request, Collect(request, live, cancel));
        finds.Sort((a, b) => b.ModifiedAt.CompareTo(a.ModifiedAt) is not 0 and var order ? order : string.CompareOrdinal(a.Path, b.Path));
        var known = KnownSessions.Of(store.Read());
        foreach (var find in AdoptPlan.NeedReading(machine.Text, known, finds))
        {
            cancel.ThrowIfCancellationRequested();
            find.Digest = Read(find.File!);
        }

        var plan = new AdoptPlan(machine.Text, request.All, isPrivate);
        var rows = plan.Make(known, finds);
        if (request.DryRun || !rows.Any(r => r.Birth is not null))
            return new AdoptReport(rows.Select(r => r.Row).ToList(), []);

        var operations = new List<OperationId>();
        var recorded = new HashSet<SessionId>();
        foreach (var hidden in (bool[])[false, true])
        {
            if (!rows.Any(r => r.Birth is { } b && isPrivate(b.Cwd) == hidden))
                continue;
            // Planned again under the writers' lock: another command may have recorded some of them meanwhile.
            var written = store.Write(snapshot =>
            {
                var fresh = plan.Make(KnownSessions.Of(snapshot), finds);
                var changes = fresh.Where(r => r.Birth is { } b && isPrivate(b.Cwd) == hidden).SelectMany(r => r.Birth!.Changes()).ToList();
                return changes.Count == 0 ? null : new Draft("adopt", Options(request), changes, hidden);
            });
            if (written is null)
                continue;
            operations.Add(written.Operation);
            recorded.UnionWith(written.Entries.Select(e => e.Register.Session));
        }

        return new AdoptReport(rows.Select(r => r.Birth is null || recorded.Contains(r.Birth.Uuid) ? r.Row : r.Row with { Outcome = Adoption.Known }).ToList(), operations);
    }

    private IEnumerable<Found> Collect(AdoptRequest request, IReadOnlyList<LiveAgent> live, CancellationToken cancel)
    {
        var alive = live.Where(l => l.AgentId.Length > 0)
            .GroupBy(l => (l.Agent, l.AgentId.ToLowerInvariant()))
            .ToDictionary(g => g.Key, g => g.First());
        foreach (var agent in agents.Where(a => request.Agent is null || a.Name == request.Agent))
        {
            foreach (var file in agent.Transcripts())
            {
                cancel.ThrowIfCancellationRequested();
                alive.Remove((file.Agent, file.AgentId.ToLowerInvariant()), out var holder);
                if (holder is null && file.ModifiedAt < request.Since)
                    continue;
                yield return new Found(file.Agent, file.AgentId, file, holder);
            }
        }

        foreach (var one in alive.Values.Concat(live.Where(l => l.AgentId.Length == 0)))
        {
            if (request.Agent is null || one.Agent == request.Agent)
                yield return new Found(one.Agent, one.AgentId, null, one);
        }
    }

    private static List<Found> Select(AdoptRequest request, IEnumerable<Found> found)
    {
        var all = found.ToList();
        if (request.Only.Count == 0)
            return all;
        var chosen = new List<Found>();
        foreach (var wanted in request.Only)
        {
            var matches = Matching(wanted, all);
            if (matches.Count == 0)
            {
                throw new SeshException("not-found", $"no transcript and no live agent here is \"{wanted}\"",
                    "give a path in an agent's own folder, or the agent's session id; \"sesh adopt --dry-run\" lists what there is");
            }

            if (matches.DistinctBy(f => (f.Agent, f.AgentId)).Count() > 1)
            {
                throw new SeshException("ambiguous", $"\"{wanted}\" begins the id of several: {string.Join(", ", matches.Take(10).Select(f => $"{f.AgentId} ({f.Agent})"))}",
                    "give more of the id");
            }

            chosen.AddRange(matches.Where(m => !chosen.Contains(m)));
        }

        return chosen;
    }

    private static List<Found> Matching(string wanted, List<Found> all)
    {
        if (wanted.Length == 0)
            throw new SeshException("usage", "the id or path is empty", "an unset shell variable?", 2);
        if (wanted.Contains('/', StringComparison.Ordinal) || wanted.EndsWith(".jsonl", StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(wanted);
            return all.FindAll(f => f.Path == path || (f.Path.Length > 0 && Path.GetFileName(f.Path) == Path.GetFileName(path) && SameFile(f.Path, path)));
        }

        var exact = all.FindAll(f => f.AgentId.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        return exact.Count > 0 ? exact : all.FindAll(f => f.AgentId.StartsWith(wanted, StringComparison.OrdinalIgnoreCase));
    }

    private static bool SameFile(string a, string b) => Resolve(a) == Resolve(b);

    private static string Resolve(string path)
    {
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? new DirectoryInfo(parent).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? parent : "";
        return Path.Combine(folder, Path.GetFileName(path));
    }

    private Found.Digested Read(TranscriptFile file)
    {
        try
        {
            var facts = read(file);
            return new Found.Digested(facts.Cwd, ProposedName.Of(facts), facts.StartedAt > 0 ? facts.StartedAt : facts.LastActivity, facts.Hidden,
                facts is { Turns: 0, FirstPrompt.Length: 0 }, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One transcript that cannot be read (gone since it was listed, another user's) must not stop the other thousands.
            return new Found.Digested("", "", 0, false, false, e.Message);
        }
    }

    private static string[] Options(AdoptRequest request) =>
    [
        .. request.Agent is null ? (string[])[] : ["--agent"],
        .. request.Since is null ? (string[])[] : ["--since"],
        .. request.All ? (string[])["--all"] : [],
    ];
}
