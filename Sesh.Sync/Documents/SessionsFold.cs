using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sesh.Sync.Documents;

/// <summary>All registers while documents are folded, by session.</summary>
internal sealed class SessionsFold(DocumentSet documents, SessionId? only)
{
    private readonly Dictionary<SessionId, SessionFold> _sessions = [];
    private SessionFold? _latest;
    private bool _isForked;

    /// <param name="entry">The next.</param>
    /// <param name="holder">The replica whose document it stands in.</param>
    public void Add(Entry entry, ReplicaBranches holder)
    {
        if (only is { } wanted && entry.Register.Session != wanted)
            return;
        var isQuoted = entry.Name.Replica != holder.Replica;
        var writer = isQuoted ? documents.Find(entry.Name.Replica)! : holder;
        var register = RegisterOf(entry.Register);
        register.Add(entry, writer, isQuoted, documents);
        _isForked |= register.IsForked;
    }

    public ImmutableArray<SessionState> ToStates()
    {
        if (_isForked)
            GatherForked();
        var ids = new SessionId[_sessions.Count];
        var folds = new SessionFold[_sessions.Count];
        _sessions.Keys.CopyTo(ids, 0);
        _sessions.Values.CopyTo(folds, 0);
        Array.Sort(ids, folds);
        var states = new SessionState[ids.Length];
        for (var i = 0; i < ids.Length; i++)
            states[i] = new SessionState(ids[i], folds[i].ToStates(documents));
        return ImmutableCollectionsMarshal.AsImmutableArray(states);
    }

    private RegisterFold RegisterOf(Register register)
    {
        if (_latest is null || _latest.Session != register.Session)
        {
            ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, register.Session, out _);
            _latest = found ??= new SessionFold(register.Session);
        }

        return _latest.Of(register);
    }

    private void GatherForked()
    {
        foreach (var document in documents.Documents)
        {
            foreach (var entry in document.Entries())
            {
                if (only is { } wanted && entry.Register.Session != wanted)
                    continue;
                var register = RegisterOf(entry.Register);
                if (register.IsForked)
                    (register.All ??= []).TryAdd(entry.Name, entry);
            }
        }
    }

    private sealed class SessionFold(SessionId session)
    {
        // A session has a handful of registers, so that looking through them beats hashing; one with many tags gets a dictionary.
        private const int Many = 24;

        private readonly List<RegisterFold> _registers = [];
        private Dictionary<(Field, string?), RegisterFold>? _byKey;

        public SessionId Session { get; } = session;

        public RegisterFold Of(Register register)
        {
            if (_byKey is not null)
            {
                ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, (register.Field, register.Key), out _);
                if (found is null)
                    _registers.Add(found = new RegisterFold(register));
                return found;
            }

            foreach (var known in _registers)
            {
                if (known.Register.Field == register.Field && string.Equals(known.Register.Key, register.Key, StringComparison.Ordinal))
                    return known;
            }

            var added = new RegisterFold(register);
            _registers.Add(added);
            if (_registers.Count == Many)
                _byKey = _registers.ToDictionary(r => (r.Register.Field, r.Register.Key));
            return added;
        }

        public ImmutableArray<RegisterState> ToStates(DocumentSet documents)
        {
            _registers.Sort(static (a, b) => a.Register.CompareTo(b.Register));
            var states = new RegisterState[_registers.Count];
            for (var i = 0; i < states.Length; i++)
                states[i] = _registers[i].ToState(documents);
            return ImmutableCollectionsMarshal.AsImmutableArray(states);
        }
    }
}
