using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>A live row as held here: whose, and how old by our clock.</summary>
/// <param name="Machine">The machine that observed it.</param>
/// <param name="AgeMs">Milliseconds since it was observed, never negative.</param>
/// <param name="Ours">Observed by this installation.</param>
public sealed record HeldRow(LiveRow Row, string Machine, long AgeMs, bool Ours);

/// <summary>
/// The files under <c>live/</c>. A row about a session counts only from the session's owner. This machine's file is replaced under a lock: what
/// different lookers saw is merged by session, the newest observation wins.
/// </summary>
public sealed class LiveStore(StoreOptions options)
{
    public StoreOptions Options { get; } = options;

    /// <summary>One session's newest row by that machine; null where it has none. Reads no other rows.</summary>
    public HeldRow? Find(SessionId session, string owner) => throw new NotImplementedException();

    /// <summary>Every row held, by session, of the machine that observed it.</summary>
    public IReadOnlyDictionary<SessionId, HeldRow> All() => throw new NotImplementedException();

    /// <summary>When this installation last looked at all of its own sessions, in milliseconds since 1970 UTC; 0 for never.</summary>
    public long LastWalk => throw new NotImplementedException();

    /// <summary>
    /// Merges what a look saw into this machine's file and replaces it. <paramref name="complete"/>: the look covered every session of this machine, so rows
    /// absent from it that were live before are no longer live. Writes nothing where no machine is set or nothing differs but ages under a second.
    /// </summary>
    public void Merge(IReadOnlyCollection<LiveRow> rows, bool complete) => throw new NotImplementedException();
}
