using System.Buffers;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Live;

/// <summary>
/// What this machine's file becomes when a look is merged into it: by session, the newest observation wins. Rows that nobody looked at anew keep their bytes.
/// </summary>
internal sealed class LiveMerge
{
    /// <summary>A stamp so far ahead of the clock, in milliseconds, is of a clock since set back, and not of a step of its upkeep.</summary>
    public const long SetBack = 60_000;

    private const long AgeThatCounts = 1000;

    private readonly Dictionary<SessionId, ReadOnlyMemory<byte>> _rows = [];
    private readonly string _machine;
    private readonly ReplicaId _replica;
    private readonly UInt128 _boot;
    private readonly long _now;
    private readonly bool _isNew;
    private readonly Hlc _stamp;
    private readonly Hlc _stampBefore;
    private long _incarnation;
    private long _lastWalk;
    private bool _isNews;

    /// <param name="held">This machine's files, the newest first; the first is the replica's own where it has one.</param>
    public LiveMerge(string machine, ReplicaId replica, UInt128 boot, long now, IReadOnlyList<LiveRows> held)
    {
        (_machine, _replica, _boot, _now) = (machine, replica, boot, now);
        foreach (var file in held)
        {
            _rows.EnsureCapacity(file.Count);
            for (var i = 0; i < file.Count; i++)
            {
                if (LiveRowFormat.IsSound(file.Row(i).Span))
                    _rows.TryAdd(file.Session(i), file.Row(i));
            }
        }

        var last = held.Count == 0 ? null : held[0].Header;
        var setBack = last is not null && last.Stamp.Milliseconds > now + SetBack;
        var booted = last is not null && last.Boot != boot && last.Boot != 0 && boot != 0;
        Changed = last is null || last.Replica != replica || setBack || booted;

        _isNew = Changed;
        _isNews = Changed;

        // Seconds of the wall clock as the floor: a file that was lost does not begin below what copies of it elsewhere say.
        _incarnation = last is not null && !Changed ? last.Incarnation : Math.Max((last?.Incarnation ?? 0) + 1, now / 1000);
        _stamp = setBack || last is null || Hlc.AtWall(now) > last.Stamp ? Hlc.AtWall(now) : last.Stamp.Next();
        _stampBefore = last?.Stamp ?? default;
        _lastWalk = setBack ? 0 : last?.LastWalk ?? 0;
        if (setBack)
            Edit(_ => true, row => row with { ObservedAt = 0 });
        if (booted)
            Edit(LiveRowFormat.IsLive, row => Ended(row, row.ObservedAt, "this machine was started since"));
    }

    /// <summary>The file must be written.</summary>
    public bool Changed { get; private set; }

    public void Add(IReadOnlyCollection<LiveRow> rows, bool complete)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var row in rows)
        {
            buffer.ResetWrittenCount();
            LiveRowFormat.Write(buffer, row, _stamp);
            Add(row, buffer.WrittenMemory, complete);
        }
    }

    /// <summary>A look at every session, begun at <paramref name="began"/>, saw <paramref name="seen"/> alone: the others are not live, but for those observed since.</summary>
    /// <param name="tell">That there was a look is a change by itself, of which others are told.</param>
    public void Complete(IReadOnlyCollection<LiveRow> seen, long began, bool tell)
    {
        var ids = new HashSet<SessionId>(seen.Count);
        foreach (var row in seen)
            ids.Add(row.Uuid);
        Edit(LiveRowFormat.IsLive, row => row.ObservedAt > began || ids.Contains(row.Uuid)
            ? row
            : Ended(row, began, "a look at every session found nothing that holds it"));
        var last = tell ? Math.Min(_lastWalk, _stampBefore.Milliseconds) : _lastWalk;
        if (began - last < AgeThatCounts)
            return;
        (_lastWalk, Changed) = (Math.Max(began, _lastWalk), true);
        _isNews |= tell;
    }

    public void Forget(IEnumerable<SessionId> sessions)
    {
        var removed = false;
        foreach (var session in sessions)
            removed |= _rows.Remove(session);
        // Others are told what is there and not what went: in a new incarnation they take all rows anew.
        if (removed && !_isNew)
            _incarnation = Math.Max(_incarnation + 1, _now / 1000);
        Changed |= removed;
        _isNews |= removed;
    }

    public byte[] File() => LiveFileBytes.Of(
        new LiveHeader(_machine, _replica, _boot, _incarnation, _isNews ? _stamp : _stampBefore, _lastWalk, Rows: 0, Length: 0, KeysChecksum: 0, Panes: 0, PanesChecksum: 0), _rows);

    private void Add(LiveRow row, ReadOnlyMemory<byte> bytes, bool complete)
    {
        if (_rows.TryGetValue(row.Uuid, out var held))
        {
            var observed = Math.Max(LiveRowFormat.ObservedAt(held.Span), _lastWalk);
            if (observed > row.ObservedAt && observed <= _now + SetBack)
                return;
            // A complete look states in the header that it saw every row.
            if (LiveRowFormat.SameFacts(held, bytes) && (complete || row.ObservedAt - observed < AgeThatCounts))
                return;
        }

        _rows[row.Uuid] = bytes.ToArray();
        Changed = _isNews = true;
    }

    private void Edit(Func<ReadOnlyMemory<byte>, bool> which, Func<LiveRow, LiveRow> edit)
    {
        var edited = new List<LiveRow>();
        foreach (var (session, bytes) in _rows)
        {
            if (which(bytes) && LiveRowFormat.Read(bytes, session) is { } row && edit(row) is var after && !ReferenceEquals(after, row))
                edited.Add(after);
        }

        foreach (var row in edited)
        {
            var buffer = new ArrayBufferWriter<byte>();
            LiveRowFormat.Write(buffer, row, _stamp);
            _rows[row.Uuid] = buffer.WrittenMemory;
            Changed = _isNews = true;
        }
    }

    // Nothing holds it, so no turn runs.
    private static LiveRow Ended(LiveRow row, long at, string why) => row with
    {
        ObservedAt = at,
        Live = false,
        Tmux = null,
        Pid = 0,
        PidStart = 0,
        TurnStatus = TurnStatus.Idle,
        PendingQuestion = "",
        Evidence = [new Evidence("live", "false", "process", why, at), new Evidence("turnStatus", "idle", "process", why, at)],
    };
}
