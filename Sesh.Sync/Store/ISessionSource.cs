using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>
/// What a <see cref="Snapshot"/> reads from: the mapped index with what was appended behind it, or every document decoded. Both answer alike;
/// the second is the fallback and the first one's oracle in tests. Members mean what those of <see cref="Snapshot"/> mean. A session that shows nothing
/// (<see cref="SessionState.ShowsNothing"/>) has a state and no record.
/// </summary>
internal interface ISessionSource
{
    int Count { get; }

    IReadOnlyList<Notice> Notices { get; }

    IEnumerable<SessionRecord> Records();

    IEnumerable<SessionRecord> RecordsOf(string machine);

    SessionRecord? Find(SessionId session);

    IReadOnlyList<SessionRecord> Match(string prefix);

    SessionState? State(SessionId session);

    IReadOnlyList<TagCount> Tags();

    string MachineOf(ReplicaId replica);

    /// <summary>The highest clock among all entries held that are not more than a day ahead of <paramref name="wall"/> (milliseconds since 1970 UTC).</summary>
    Hlc Highest(long wall);
}
