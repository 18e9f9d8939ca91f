using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>
/// The sessions already recorded, by every id they go or went under: <c>adopt</c>, <c>register</c> and <c>import</c> ask here first, so that none of them
/// records a session twice.
/// </summary>
internal sealed class KnownSessions
{
    private readonly Dictionary<SessionId, SessionRecord> _byUuid = [];
    private readonly Dictionary<string, List<SessionRecord>> _byAgentId = new(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<SessionId> _shared = [];

    private KnownSessions()
    {
    }

    public static KnownSessions Of(Snapshot snapshot) => Of(snapshot.Records());

    public static KnownSessions Of(IEnumerable<SessionRecord> records)
    {
        var known = new KnownSessions();
        foreach (var record in records)
        {
            if (IsVoid(record))
            {
                if (!record.Private)
                    known._shared.Add(record.Uuid);
                continue;
            }

            known._byUuid[record.Uuid] = record;
            known.Name(record.Uuid.ToString(), record);
            known.Name(record.AgentSessionId, record);
            foreach (var former in record.FormerIds)
                known.Name(former, record);
        }

        return known;
    }

    public SessionRecord? Find(SessionId uuid) => _byUuid.GetValueOrDefault(uuid);

    /// <summary>Its recording was undone, and the shared document holds that for good: nothing private can be recorded under it.</summary>
    public bool WasShared(SessionId uuid) => _shared.Contains(uuid);

    /// <summary>Every session of this agent that has or had the id, those of <paramref name="machine"/> first.</summary>
    public IReadOnlyList<SessionRecord> Find(string machine, string agent, string agentId)
    {
        if (agentId.Length == 0 || !_byAgentId.TryGetValue(agentId, out var named))
            return [];
        var found = named.FindAll(r => r.Agent == agent);
        found.Sort((a, b) => (a.Machine == machine ? 0 : 1).CompareTo(b.Machine == machine ? 0 : 1));
        return found;
    }

    /// <summary>Its recording was undone: nothing but absent values is left, so it may be recorded again.</summary>
    public static bool IsVoid(SessionRecord record) => record is { Deleted: false, Agent.Length: 0, Machine.Length: 0 };

    private void Name(string id, SessionRecord record)
    {
        if (id.Length == 0)
            return;
        if (!_byAgentId.TryGetValue(id, out var named))
            _byAgentId[id] = named = [];
        // One record's ids come one after the other, so a repeat can only stand last.
        if (named.Count == 0 || !ReferenceEquals(named[^1], record))
            named.Add(record);
    }
}
