using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>A sighting and the session it is of.</summary>
/// <param name="Record">Null where nothing recorded is known to be it; may be deleted, or of another machine.</param>
/// <param name="NewId">The agent's id is new to the record, by positive evidence: it drifted (compaction, /clear, rewind) or was chosen late (codex).</param>
/// <param name="Evidence">What ties the two, beyond what the agent shows.</param>
internal sealed record Owned(Sighting Sighting, SessionRecord? Record, bool NewId, IReadOnlyList<Evidence> Evidence)
{
    /// <summary>Where another agent holds the same session; null where none does.</summary>
    public string? AlsoIn { get; init; }
}

/// <summary>
/// Which recorded session a live agent holds. First its id; where the records do not know that, or it shows none, the continuity of its process: the stamp of its pane,
/// if set for this very process, or the process in which we last saw the session. A stamp alone proves nothing: it outlives the agent it was set for.
/// </summary>
/// <param name="match">Records that have or had an id; may give more.</param>
/// <param name="only">The one record that is asked about: sightings that cannot be of it are not looked into.</param>
internal sealed class Ownership(
    Snapshot snapshot, Func<string, IReadOnlyList<SessionRecord>> match, MachineName? machine, IProcesses processes, IEnumerable<LiveRow> lastSeen, long now, SessionRecord? only = null)
{
    private Dictionary<int, LiveRow>? _byPid;

    public Owned Of(Sighting sighting)
    {
        var agent = sighting.Agent;
        var stamp = Stamp(sighting);
        if (only is not null && agent.AgentId.Length > 0 && !Has(only, agent.AgentId) && stamp?.Session != only.Uuid && LastIn(agent.Pid)?.Uuid != only.Uuid)
            return new Owned(sighting, null, false, []);
        var known = agent.AgentId.Length > 0 ? ById(match(agent.AgentId), agent.Agent, agent.AgentId, agent.Cwd) : null;
        if (known is not null)
            return new Owned(sighting, known, ReturnsTo(known, sighting), StampEvidence(sighting, stamp, known));

        if (Continued(sighting, stamp, out var why) is { } continued && (agent.AgentId.Length == 0 || sighting.IdIsPositive))
        {
            // Deleted ones may not be among those matched, and their ids are not another's to take.
            return agent.AgentId.Length > 0 && ById(snapshot.Match(agent.AgentId), agent.Agent, agent.AgentId, agent.Cwd) is { } other
                ? new Owned(sighting, other, false, [])
                : new Owned(sighting, continued, agent.AgentId.Length > 0, [why!]);
        }

        return new Owned(sighting, null, false, StampEvidence(sighting, stamp, null));
    }

    /// <summary>The record of that very id, this machine's first; among those that had it, current before former, and the folder decides between pi's namesakes.</summary>
    private SessionRecord? ById(IReadOnlyList<SessionRecord> records, string agent, string agentId, string cwd)
    {
        SessionRecord? best = null;
        var bestRank = -1;
        foreach (var record in records)
        {
            if (record.Agent != agent)
                continue;
            var rank = Same(record.AgentSessionId, agentId) ? 8
                : Has(record, agentId) ? 0
                : -1;
            if (rank < 0)
                continue;
            if (!record.Deleted)
                rank += 4;
            if (IsOurs(record))
                rank += 2;
            if (record.Cwd == cwd)
                rank += 1;
            if (rank > bestRank)
                (best, bestRank) = (record, rank);
        }

        return best;
    }

    /// <summary>The record knows the id as a former one, and the process shows it again.</summary>
    private bool ReturnsTo(SessionRecord record, Sighting sighting) =>
        sighting.IdIsPositive && !Same(record.AgentSessionId, sighting.Agent.AgentId) && IsOurs(record) && !record.Deleted
        && !(record.AgentSessionId.Length == 0 && Same(record.Uuid.ToString(), sighting.Agent.AgentId));

    private SessionRecord? Continued(Sighting sighting, StampOf? stamp, out Evidence? why)
    {
        var agent = sighting.Agent;
        if (stamp is { Ours: true } && Candidate(stamp.Session, agent) is { } stamped)
        {
            why = new Evidence("live", "true", "stamp", $"pane {sighting.Pane!.Id} was stamped for pid {agent.Pid}", now);
            return stamped;
        }

        if (LastIn(agent.Pid) is { } row && row.PidStart == agent.Start && Candidate(row.Uuid, agent) is { } seen)
        {
            why = new Evidence("live", "true", "process", $"pid {agent.Pid} held this session when last looked at", row.ObservedAt);
            return seen;
        }

        why = null;
        return null;
    }

    private SessionRecord? Candidate(SessionId session, LiveAgent agent) =>
        snapshot.Find(session) is { Deleted: false } record && record.Agent == agent.Agent && IsOurs(record) ? record : null;

    private LiveRow? LastIn(int pid)
    {
        if (_byPid is null)
        {
            _byPid = [];
            foreach (var row in lastSeen)
            {
                if (row.Live && row.Pid > 0)
                    _byPid[row.Pid] = row;
            }
        }

        return _byPid.GetValueOrDefault(pid);
    }

    private StampOf? Stamp(Sighting sighting)
    {
        if (sighting.Pane is not { } pane || !SessionId.TryParse(pane.Stamp, out var session))
            return null;
        var ours = pane.StampedProcess.Length > 0
            ? sighting.Line.Any(pid => processes.Find(pid) is { } process && pane.StampedProcess == TmuxServer.StampText(pid, process.Start))
            // Being launched: stamped before its process is known, and told the same in its environment.
            : processes.Variable(sighting.Agent.Pid, "SESH_SESSION_ID") == session.ToString();
        return new StampOf(session, ours);
    }

    private Evidence[] StampEvidence(Sighting sighting, StampOf? stamp, SessionRecord? record) => stamp switch
    {
        null => [],
        { } s when record is not null && s.Session == record.Uuid => [new Evidence("live", "true", "stamp", $"pane {sighting.Pane!.Id} bears its stamp", now)],
        { } s => [new Evidence("stamp", "stale", "stamp", $"pane {sighting.Pane!.Id} bears the stamp of {s.Session}, which this agent does not hold", now)],
    };

    private bool IsOurs(SessionRecord record) => machine is not null && record.Machine == machine.Text;

    private static bool Has(SessionRecord record, string agentId) =>
        Same(record.AgentSessionId, agentId) || (SessionId.TryParse(agentId, out var uuid) && record.Uuid == uuid) || record.FormerIds.Any(f => Same(f, agentId));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    /// <param name="Ours">Set for the process that is seen now.</param>
    private sealed record StampOf(SessionId Session, bool Ours);
}
