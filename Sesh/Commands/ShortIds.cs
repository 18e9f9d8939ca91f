using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>What a list shows of uuids: long enough to be typed back.</summary>
internal static class ShortIds
{
    private const int Shortest = 8;

    /// <summary>
    /// For each session the shortest beginning of its uuid, of at least eight letters, that means no other session: neither by its uuid nor by an id its agent
    /// gives or gave it.
    /// </summary>
    /// <param name="ascending">All sessions that a prefix could match.</param>
    public static Dictionary<SessionId, string> Of(IReadOnlyList<SessionRecord> ascending)
    {
        var agents = AgentIds(ascending);
        var ids = new Dictionary<SessionId, string>(ascending.Count);
        var before = "";
        var text = ascending.Count > 0 ? ascending[0].Uuid.ToString() : "";
        for (var i = 0; i < ascending.Count; i++)
        {
            var uuid = ascending[i].Uuid;
            var after = i + 1 < ascending.Count ? ascending[i + 1].Uuid.ToString() : "";
            var shared = Math.Max(Math.Max(Shared(text, before), Shared(text, after)), Shared(text, uuid, agents));
            ids[uuid] = text[..Math.Min(text.Length, Math.Max(Shortest, shared + 1))];
            (before, text) = (text, after);
        }

        return ids;
    }

    /// <summary>Whatever could be taken for a session by its short id begins so too.</summary>
    public static string Beginning(SessionId session) => session.ToString()[..Shortest];

    private static int Shared(string a, string b) => a.AsSpan().CommonPrefixLength(b);

    // What is nearest in the order shares most.
    private static int Shared(string text, SessionId uuid, List<(string Id, SessionId Session)> agents)
    {
        var at = agents.BinarySearch((text, default), ById.Instance);
        var behind = at < 0 ? ~at : at;
        var ahead = behind - 1;
        while (behind < agents.Count && agents[behind].Session == uuid)
            behind++;
        while (ahead >= 0 && agents[ahead].Session == uuid)
            ahead--;
        return Math.Max(behind < agents.Count ? Shared(text, agents[behind].Id) : 0, ahead >= 0 ? Shared(text, agents[ahead].Id) : 0);
    }

    // Most agents' ids are the uuid itself.
    private static List<(string Id, SessionId Session)> AgentIds(IReadOnlyList<SessionRecord> records)
    {
        var ids = new List<(string Id, SessionId Session)>();
        foreach (var record in records)
        {
            Add(record.AgentSessionId, record.Uuid);
            foreach (var former in record.FormerIds)
                Add(former, record.Uuid);
        }

        ids.Sort(ById.Instance);
        return ids;

        void Add(string id, SessionId session)
        {
            if (id.Length > 0 && !(SessionId.TryParse(id, out var same) && same == session))
                ids.Add((id.ToLowerInvariant(), session));
        }
    }

    private sealed class ById : IComparer<(string Id, SessionId Session)>
    {
        public static ById Instance { get; } = new();

        public int Compare((string Id, SessionId Session) x, (string Id, SessionId Session) y) => string.CompareOrdinal(x.Id, y.Id);
    }
}
