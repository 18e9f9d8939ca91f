using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sesh.Sync.Documents;

/// <summary>
/// Folds documents into sessions in two passes: the first threads each session's entries into a list, the second folds one session after another in
/// the same few buffers. That touches memory far less often than keeping all sessions open at once.
/// </summary>
internal sealed class SessionsFold
{
    private readonly DocumentSet _documents;
    private readonly SessionId? _only;
    private readonly Dictionary<SessionId, int> _sessions = [];
    private readonly List<Thread> _threads = [];
    private readonly List<Entry> _entries;
    private readonly List<int> _next;
    private readonly SessionFold _fold;

    /// <param name="documents">What is held.</param>
    /// <param name="only">The one session to fold; null for all.</param>
    public SessionsFold(DocumentSet documents, SessionId? only)
    {
        _documents = documents;
        _only = only;
        var count = only is null ? documents.Documents.Sum(d => d.Base.Length + d.Frames.Length) : 0;
        _entries = new List<Entry>(count);
        _next = new List<int>(count);
        _fold = new SessionFold(documents);
    }

    public ImmutableArray<SessionState> ToStates()
    {
        foreach (var document in _documents.Documents)
        {
            foreach (var kept in document.Base)
                Add(kept.Entry);
            foreach (var frame in document.Frames)
            {
                foreach (var entry in frame.Entries)
                    Add(entry);
            }
        }

        var ids = new SessionId[_sessions.Count];
        var threads = new int[_sessions.Count];
        _sessions.Keys.CopyTo(ids, 0);
        _sessions.Values.CopyTo(threads, 0);
        Array.Sort(ids, threads);
        var states = new SessionState[ids.Length];
        for (var i = 0; i < ids.Length; i++)
            states[i] = new SessionState(ids[i], Fold(_threads[threads[i]]));
        return ImmutableCollectionsMarshal.AsImmutableArray(states);
    }

    private void Add(Entry entry)
    {
        if (_only is { } wanted && entry.Register.Session != wanted)
            return;
        var at = _entries.Count;
        _entries.Add(entry);
        _next.Add(-1);
        ref var thread = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, entry.Register.Session, out var isKnown);
        if (!isKnown)
        {
            thread = _threads.Count;
            _threads.Add(new Thread(at, at));
            return;
        }

        var held = _threads[thread];
        _next[held.Last] = at;
        _threads[thread] = held with { Last = at };
    }

    private ImmutableArray<RegisterState> Fold(Thread thread)
    {
        _fold.Begin();
        for (var i = thread.First; i >= 0; i = _next[i])
            _fold.Add(_entries[i]);
        return _fold.ToStates();
    }

    /// <summary>Where a session's entries begin and end.</summary>
    private readonly record struct Thread(int First, int Last);
}
