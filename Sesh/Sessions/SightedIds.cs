using Sesh.Sync.Documents;

namespace Sesh.Sessions;

/// <summary>Of ten thousand records those few whose ids, current or former, were seen alive.</summary>
internal sealed class SightedIds
{
    private readonly Dictionary<string, List<SessionRecord>> _byText = new(StringComparer.OrdinalIgnoreCase);

    public SightedIds(IEnumerable<Sighting> sightings, IEnumerable<SessionRecord> records)
    {
        var byUuid = new Dictionary<SessionId, List<SessionRecord>>();
        foreach (var sighting in sightings)
        {
            var id = sighting.Agent.AgentId;
            if (id.Length == 0 || _byText.ContainsKey(id))
                continue;
            var found = _byText[id] = [];
            if (SessionId.TryParse(id, out var uuid))
                byUuid[uuid] = found;
        }

        if (_byText.Count == 0)
            return;
        foreach (var record in records)
        {
            if (record.AgentSessionId.Length > 0)
                Add(_byText.GetValueOrDefault(record.AgentSessionId), record);
            Add(byUuid.GetValueOrDefault(record.Uuid), record);
            foreach (var former in record.FormerIds)
                Add(_byText.GetValueOrDefault(former), record);
        }
    }

    public IReadOnlyList<SessionRecord> Of(string id) => _byText.TryGetValue(id, out var found) ? found : [];

    private static void Add(List<SessionRecord>? found, SessionRecord record)
    {
        // One record's ids come one after the other, so a repeat can only stand last.
        if (found is not null && (found.Count == 0 || !ReferenceEquals(found[^1], record)))
            found.Add(record);
    }
}
