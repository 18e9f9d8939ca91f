using Sesh.Agents;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>Looks at this machine again and again, for a daemon: what one look costs is tmux and the process table, not the number of sessions known. One look at a time.</summary>
/// <param name="tell">Of what a look found wrong, each thing once.</param>
internal sealed class MachineLook(SessionStore store, LiveStore live, Walk walk, TranscriptCache cache, MachineName machine, Action<Notice> tell, TimeProvider time)
{
    private readonly HashSet<string> _told = [];
    private Snapshot? _snapshot;
    private List<SessionRecord> _own = [];
    private bool _isStale = true;

    /// <param name="isNews">Documents may have changed since the last look.</param>
    public WalkOutcome Look(bool isNews)
    {
        _isStale |= isNews;
        if (_isStale || _snapshot is null)
        {
            _snapshot = store.Read();
            _own = [.. _snapshot.Records().Where(r => !r.Deleted && r.Machine == machine.Text)];
            _isStale = false;
        }

        if (_own.Count == 0)
            return default;
        var held = live.All(_ => machine.Text).Values.Select(h => h.Row).ToList();
        var began = time.GetUtcNow().ToUnixTimeMilliseconds();
        var result = walk.Look(_snapshot, _own, held, live.LastWalk);
        IdentityChange.Write(store, result.Drifts);
        _isStale |= result.Drifts.Count > 0;
        live.Merge([.. result.Rows, .. result.Guests], result.Complete, began);
        cache.Save();
        foreach (var notice in result.Notices)
        {
            if (_told.Add(notice.Message))
                tell(notice);
        }

        var before = held.ToDictionary(r => r.Uuid);
        return new WalkOutcome(
            HasSessions: true,
            IsBusy: result.Rows.Any(r => r is { Live: true, TurnStatus: TurnStatus.Busy }),
            HasChanged: result.Rows.Any(r => !before.TryGetValue(r.Uuid, out var b) || IsOther(b, r)));
    }

    private static bool IsOther(LiveRow a, LiveRow b) =>
        a.Live != b.Live || a.TurnStatus != b.TurnStatus || a.Tmux != b.Tmux || a.FileSize != b.FileSize || a.Pid != b.Pid;
}
