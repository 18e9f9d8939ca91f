using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary>What a session was found at.</summary>
/// <param name="IsSettled">It needs nobody's patience any more: idle with no message on its way, or blocked on a question.</param>
internal sealed record Awaited(SessionId Session, TurnStatus Status, string Question, bool IsSettled);

/// <summary>Waits until sessions of this machine have nothing more to do. No daemon: it looks itself.</summary>
internal sealed class Awaiting(SessionStore store, LiveStore live, MachineName machine, Walk walk, TimeProvider time)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);

    /// <summary>What was at work and looks otherwise is looked at again at once: between two steps an agent may seem idle.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(60);

    private readonly Dictionary<SessionId, LiveRow> _rows = [];
    private readonly Dictionary<SessionId, TurnStatus> _before = [];

    /// <summary>The last look's findings, in the order asked for.</summary>
    public IReadOnlyList<Awaited> Found { get; private set; } = [];

    /// <param name="any">One of them is enough.</param>
    /// <param name="note">Told once where it cannot be told whose turn it is.</param>
    /// <exception cref="SeshException"><c>deleted</c>, <c>not-found</c>, <c>not-owner</c>: one of them is none of ours any more.</exception>
    public void Run(IReadOnlyList<SessionId> sessions, bool any, Action<string> note, CancellationToken cancel)
    {
        var told = new HashSet<SessionId>();
        foreach (var session in sessions)
        {
            if (live.Find(session, machine.Text) is { } held)
                _rows[session] = held.Row;
        }

        while (true)
        {
            var before = Found;
            Found = Look(sessions);
            if (any ? Found.Any(f => f.IsSettled) : Found.All(f => f.IsSettled))
                return;
            foreach (var found in Found)
            {
                if (found.Status == TurnStatus.Unknown && told.Add(found.Session))
                    note($"it cannot be told whose turn it is in {found.Session}: waiting until it can");
            }

            var changed = Found.Where((f, i) => i < before.Count && f.Status != before[i].Status).Any();
            Pause.For(changed ? s_again : s_poll, cancel);
        }
    }

    private IReadOnlyList<Awaited> Look(IReadOnlyList<SessionId> sessions)
    {
        var snapshot = store.Read();
        var records = sessions.Select(s => Standing(snapshot, s)).ToList();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var result = walk.Look(snapshot, records, [.. _rows.Values], lastWalk: now);
        IdentityChange.Write(store, result.Drifts);
        var news = result.Rows.Where(r => !_rows.TryGetValue(r.Uuid, out var old) || old.TurnStatus != r.TurnStatus || old.Live != r.Live || old.Tmux != r.Tmux).ToList();
        foreach (var row in result.Rows)
            _rows[row.Uuid] = row;
        if (news.Count > 0)
            live.Merge(news, complete: false);
        return [.. sessions.Select(Judge)];
    }

    private Awaited Judge(SessionId session)
    {
        var row = _rows.GetValueOrDefault(session);
        var status = row?.TurnStatus ?? TurnStatus.Unknown;
        // Seen once may be a moment between two steps; twice it stands.
        var stands = !_before.TryGetValue(session, out var before) || before == status;
        _before[session] = status;
        var settled = status switch
        {
            TurnStatus.Idle => stands && !TurnLock.IsBusy(store.Options.Home, session),
            TurnStatus.Blocked => stands,
            _ => false,
        };
        return new Awaited(session, status, row?.PendingQuestion ?? "", settled);
    }

    private SessionRecord Standing(Snapshot snapshot, SessionId session) => snapshot.Find(session) switch
    {
        null => throw new SeshException("not-found", $"session {session} has vanished"),
        { Deleted: true } => throw new SeshException("deleted", $"session {session} was deleted"),
        { } record when KnownSessions.IsVoid(record) => throw new SeshException("not-found", $"session {session} has vanished"),
        { } record when record.Machine != machine.Text => throw new SeshException("not-owner", $"session {session} is owned by {record.Machine} now", $"run on {record.Machine}"),
        { } record => record,
    };
}
