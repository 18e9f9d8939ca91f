using System.Runtime.InteropServices;

namespace Sesh.Sync.Documents;

/// <summary>
/// One register while its entries are folded: each replica's last entry and the join of all names and contexts. While every replica in
/// it has one branch, an entry is replaced when it is not its replica's last, or when another replica's context names it or a later one.
/// Used for one register after another.
/// </summary>
internal sealed class RegisterFold
{
    // The last entry while one replica wrote all and had seen nobody: the rule, and then its name is all that is seen.
    private Entry? _only;
    private Entry[] _last = [];
    private int _lastCount;
    private SeenMark[] _seen = [];
    private int _seenCount;

    public Register Register { get; private set; }

    /// <summary>A replica in it is forked: seq does not decide, and <see cref="Resolution"/> has to.</summary>
    public bool IsForked { get; private set; }

    public void Begin(Register register)
    {
        Register = register;
        IsForked = false;
        _only = null;
        _lastCount = 0;
        _seenCount = 0;
    }

    /// <param name="entry">The next, in any order.</param>
    /// <param name="writer">What is held of its replica.</param>
    /// <param name="documents">What is held of all.</param>
    public void Add(Entry entry, ReplicaBranches writer, DocumentSet documents)
    {
        IsForked |= writer.IsForked;
        // A quoted entry need not stand in what is held of its replica.
        var isHeld = !documents.HasQuotes || writer.IsHeld(new Mark(entry.Name.Seq, entry.Name.Check));
        if (isHeld && entry.Context.IsEmpty && _lastCount == 0 && (_only is null || _only.Name.Replica == entry.Name.Replica))
        {
            if (_only is null || _only.Name.Seq < entry.Name.Seq)
                _only = entry;
            return;
        }

        if (_only is { } only)
        {
            _only = null;
            AddLast(only);
            AddSeen(only.Name, isHeld: true, isReplaced: false);
        }

        AddLast(entry);
        AddSeen(entry.Name, isHeld, isReplaced: false);
        foreach (var (replica, marks) in entry.Context.Seen)
        {
            // What an entry says of its own replica means nothing: its chain does.
            if (replica == entry.Name.Replica)
                continue;
            var branches = documents.Find(replica);
            foreach (var mark in marks)
            {
                IsForked |= branches is not null && (branches.IsForked || branches.IsElsewhere(mark));
                AddSeen(new EntryName(replica, mark.Seq, mark.Check), branches?.IsHeld(mark) == true, isReplaced: true);
            }
        }
    }

    /// <summary>The state, where no replica in it is forked.</summary>
    public RegisterState ToState()
    {
        if (_only is { } only)
            return new RegisterState(Register, [only], Context.OfSorted([only.Name]));
        var survivors = Where(isReplaced: false);
        survivors.AsSpan().Sort(Entry.CompareForShow);
        Entry[] replaced = [];
        if (Register.Field.IsIdentity() && survivors.Length < _lastCount)
        {
            replaced = Where(isReplaced: true);
            replaced.AsSpan().Sort(Entry.CompareByName);
        }

        return new RegisterState(Register, ImmutableCollectionsMarshal.AsImmutableArray(survivors), Seen())
        {
            Replaced = ImmutableCollectionsMarshal.AsImmutableArray(replaced),
        };
    }

    private Entry[] Where(bool isReplaced)
    {
        var count = 0;
        foreach (var last in _last.AsSpan(0, _lastCount))
            count += IsReplaced(last.Name) == isReplaced ? 1 : 0;
        if (count == 0)
            return [];
        var entries = new Entry[count];
        foreach (var last in _last.AsSpan(0, _lastCount))
        {
            if (IsReplaced(last.Name) == isReplaced)
                entries[^count--] = last;
        }

        return entries;
    }

    private void AddLast(Entry entry)
    {
        for (var i = 0; i < _lastCount; i++)
        {
            if (_last[i].Name.Replica != entry.Name.Replica)
                continue;
            if (_last[i].Name.Seq < entry.Name.Seq)
                _last[i] = entry;
            return;
        }

        if (_lastCount == _last.Length)
            Array.Resize(ref _last, Math.Max(2, _lastCount * 2));
        _last[_lastCount++] = entry;
    }

    private void AddSeen(EntryName name, bool isHeld, bool isReplaced)
    {
        for (var i = 0; i < _seenCount; i++)
        {
            ref var seen = ref _seen[i];
            if (seen.Name.Seq == name.Seq ? seen.Name == name : isHeld && seen.IsHeld && seen.Name.Replica == name.Replica)
            {
                if (seen.Name.Seq < name.Seq)
                    seen = new SeenMark(name, isHeld, isReplaced);
                else if (seen.Name.Seq == name.Seq)
                    seen = new SeenMark(name, seen.IsHeld || isHeld, seen.IsReplaced || isReplaced);
                return;
            }
        }

        if (_seenCount == _seen.Length)
            Array.Resize(ref _seen, Math.Max(2, _seenCount * 2));
        _seen[_seenCount++] = new SeenMark(name, isHeld, isReplaced);
    }

    private bool IsReplaced(EntryName name)
    {
        foreach (ref readonly var seen in _seen.AsSpan(0, _seenCount))
        {
            if (seen.IsReplaced && seen.Name.Replica == name.Replica
                && (seen.Name.Seq > name.Seq || (seen.Name.Seq == name.Seq && seen.Name.Check == name.Check)))
            {
                return true;
            }
        }

        return false;
    }

    private Context Seen()
    {
        if (_seenCount == 1)
            return Context.OfSorted([_seen[0].Name]);
        var names = new EntryName[_seenCount];
        for (var i = 0; i < _seenCount; i++)
            names[i] = _seen[i].Name;
        Array.Sort(names, Context.Compare);
        return Context.OfSorted(names);
    }

    /// <param name="Name">The name seen.</param>
    /// <param name="IsHeld">The one document of its replica holds it: then only the last such stays.</param>
    /// <param name="IsReplaced">Another replica's context names it.</param>
    private readonly record struct SeenMark(EntryName Name, bool IsHeld, bool IsReplaced);
}
