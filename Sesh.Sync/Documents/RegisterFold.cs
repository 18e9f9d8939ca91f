using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// One register while documents are folded: each replica's last entry and the join of all names and contexts. While every replica in
/// it has one branch, an entry is replaced when it is not its replica's last, or when another replica's context names it or a later one.
/// </summary>
internal sealed class RegisterFold(Register register)
{
    private Entry[] _last = [];
    private int _lastCount;
    private SeenMark[] _seen = [];
    private int _seenCount;

    public Register Register { get; } = register;

    /// <summary>A replica in it is forked: seq does not decide, <see cref="All"/> is resolved instead.</summary>
    public bool IsForked { get; private set; }

    /// <summary>Every entry by name, gathered in a second pass where <see cref="IsForked"/>.</summary>
    public Dictionary<EntryName, Entry>? All { get; set; }

    /// <param name="entry">The next.</param>
    /// <param name="writer">What is held of its replica.</param>
    /// <param name="isQuoted">It stands in another replica's document.</param>
    /// <param name="documents">What is held.</param>
    public void Add(Entry entry, ReplicaBranches writer, bool isQuoted, DocumentSet documents)
    {
        IsForked |= writer.IsForked;
        AddLast(entry);
        AddSeen(entry.Name, isHeld: !isQuoted || writer.IsHeld(new Mark(entry.Name.Seq, entry.Name.Check)), isReplaced: false);
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

    public RegisterState ToState(DocumentSet documents) => All is { } all ? Resolution.Resolve(Register, [.. all.Values], documents) : Resolve();

    private RegisterState Resolve()
    {
        if (_lastCount == 1)
        {
            var only = _last[0];
            return IsReplaced(only.Name)
                ? new RegisterState(Register, [], Seen()) { Replaced = Register.Field.IsIdentity() ? [only] : [] }
                : new RegisterState(Register, [only], Seen());
        }

        var survivors = ImmutableArray.CreateBuilder<Entry>(_lastCount);
        var replaced = Register.Field.IsIdentity() ? new List<Entry>() : null;
        foreach (var last in _last.AsSpan(0, _lastCount))
        {
            if (IsReplaced(last.Name))
                replaced?.Add(last);
            else
                survivors.Add(last);
        }

        survivors.Sort(Entry.CompareForShow);
        replaced?.Sort(Entry.CompareByName);
        return new RegisterState(Register, survivors.DrainToImmutable(), Seen()) { Replaced = replaced is null ? [] : [.. replaced] };
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
            Array.Resize(ref _last, _lastCount == 0 ? 1 : _lastCount * 2);
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
            Array.Resize(ref _seen, _seenCount == 0 ? 1 : _seenCount * 2);
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
