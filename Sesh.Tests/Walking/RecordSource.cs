using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Tests.Walking;

/// <summary>A reading of the store that holds just these records.</summary>
internal sealed class RecordSource(params IReadOnlyList<SessionRecord> records) : ISessionSource
{
    public static Snapshot Of(params IReadOnlyList<SessionRecord> records) => new(new RecordSource(records));

    public int Count => records.Count;

    public IReadOnlyList<Notice> Notices => [];

    public IEnumerable<SessionRecord> Records() => records;

    public IEnumerable<SessionRecord> RecordsOf(string machine) => records.Where(r => r.Machine == machine);

    public SessionRecord? Find(SessionId session) => records.FirstOrDefault(r => r.Uuid == session);

    public IReadOnlyList<SessionRecord> Match(string prefix) =>
        [.. records.Where(r => ((IEnumerable<string>)[r.Uuid.ToString(), r.AgentSessionId, .. r.FormerIds]).Any(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))];

    public SessionState? State(SessionId session) => null;

    public IReadOnlyList<TagCount> Tags() => [];

    public string MachineOf(ReplicaId replica) => "";

    public Hlc Highest(long wall) => default;
}
