using Sesh.Agents;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>Looks at this machine again and again, for a daemon: what one look costs is tmux and the process table, not the number of sessions known. One look at a time.</summary>
/// <param name="tell">Of what a look found wrong, each thing once.</param>
internal sealed class MachineLook(SessionStore store, LiveStore live, Walk walk, TranscriptCache cache, MachineName machine, Action<Notice> tell, TimeProvider time)
{
    /// <summary>Others are told in such steps how fresh it all is; who asks here looks for himself.</summary>
    private const long WrittenEveryMs = 15_000;

    private readonly HashSet<string> _told = [];
    private long _writtenAt;
    private List<(string Path, long Size)> _transcripts = [];
    private Snapshot? _snapshot;
    private List<SessionRecord> _records = [];
    private bool _isStale = true;

    /// <param name="isNews">Documents may have changed since the last look.</param>
    /// <param name="announce">See <see cref="LiveStore.Merge"/>, tell.</param>
    public WalkOutcome Look(bool isNews, bool announce = true)
    {
        _isStale |= isNews;
        if (_isStale || _snapshot is null)
        {
            _snapshot = store.Read();
            _records = [.. _snapshot.RecordsOf(machine.Text).Where(r => !r.Deleted)];
            _isStale = false;
        }

        if (_records.Count == 0)
            return default;
        var held = live.OwnAsLastRead();
        var began = time.GetUtcNow().ToUnixTimeMilliseconds();
        var result = walk.Look(_snapshot, _records, held, live.LastWalk, areAll: false);
        IdentityChange.Write(store, result.Drifts);
        _isStale |= result.Drifts.Count > 0;
        List<LiveRow> seen = [.. result.Rows, .. result.Guests];
        var hasChanged = HasChanged(held, seen, result.Complete);
        // What nobody waits for need not be written, noticed and looked at each time.
        if (hasChanged || began - _writtenAt is < 0 or >= WrittenEveryMs)
        {
            live.Merge(seen, result.Complete, began, announce);
            _writtenAt = began;
        }

        _transcripts = [.. seen.Where(r => r is { Live: true, FilePath.Length: > 0 }).Select(r => (r.FilePath, r.FileSize))];
        cache.Save();
        foreach (var notice in result.Notices)
        {
            if (_told.Add(notice.Message))
                tell(notice);
        }

        return new WalkOutcome(HasSessions: true, IsBusy: result.Rows.Any(r => r is { Live: true, TurnStatus: TurnStatus.Busy }), hasChanged);
    }

    /// <summary>Whether something was said in a session that lives: then a turn has begun or ended.</summary>
    public bool Peek()
    {
        foreach (var (path, size) in _transcripts)
        {
            if (FileStamp.Of(path) is { } stamp && stamp.Size != size)
                return true;
        }

        return false;
    }

    private static bool HasChanged(IReadOnlyList<LiveRow> held, List<LiveRow> seen, bool isComplete)
    {
        // Few are seen, and thousands may be held.
        var now = seen.ToDictionary(r => r.Uuid);
        foreach (var old in held)
        {
            // Alive before, and nowhere now.
            if (now.Remove(old.Uuid, out var row) ? IsOther(old, row) : isComplete && old.Live)
                return true;
        }

        return now.Count > 0;
    }

    private static bool IsOther(LiveRow a, LiveRow b) =>
        a.Live != b.Live || a.TurnStatus != b.TurnStatus || a.Tmux != b.Tmux || a.FileSize != b.FileSize || a.Pid != b.Pid
        || a.PendingQuestion != b.PendingQuestion;
}
