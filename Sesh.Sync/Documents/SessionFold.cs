using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sesh.Sync.Documents;

/// <summary>The registers of one session while its entries are folded; used for one session after another.</summary>
internal sealed class SessionFold(DocumentSet documents)
{
    // A session has a handful of registers, so that looking through them beats hashing; one with many tags gets a dictionary.
    private const int Many = 24;

    private readonly List<Entry> _entries = [];
    private readonly List<RegisterFold> _registers = [];
    private readonly Dictionary<(Field, string?), RegisterFold> _byKey = [];
    private int _count;
    private ReplicaBranches? _writer;

    public void Begin()
    {
        _entries.Clear();
        _byKey.Clear();
        // One absurd session must not hold its memory for all that follow.
        if (_registers.Count > Many)
            _registers.RemoveRange(Many, _registers.Count - Many);
        _count = 0;
    }

    public void Add(Entry entry)
    {
        _entries.Add(entry);
        if (_writer is null || _writer.Replica != entry.Name.Replica)
            _writer = documents.Find(entry.Name.Replica)!;
        Of(entry.Register).Add(entry, _writer, documents);
    }

    public ImmutableArray<RegisterState> ToStates()
    {
        var registers = CollectionsMarshal.AsSpan(_registers)[.._count];
        registers.Sort(static (a, b) => a.Register.CompareTo(b.Register));
        var states = new RegisterState[_count];
        for (var i = 0; i < states.Length; i++)
            states[i] = registers[i].IsForked ? Resolve(registers[i].Register) : registers[i].ToState();
        return ImmutableCollectionsMarshal.AsImmutableArray(states);
    }

    private RegisterState Resolve(Register register)
    {
        var entries = new Dictionary<EntryName, Entry>();
        foreach (var entry in _entries)
        {
            if (entry.Register == register)
                entries.TryAdd(entry.Name, entry);
        }

        return Resolution.Resolve(register, [.. entries.Values], documents);
    }

    private RegisterFold Of(Register register)
    {
        if (_count > Many)
        {
            ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, (register.Field, register.Key), out _);
            return found ??= Next(register);
        }

        for (var i = 0; i < _count; i++)
        {
            var known = _registers[i].Register;
            if (known.Field == register.Field && string.Equals(known.Key, register.Key, StringComparison.Ordinal))
                return _registers[i];
        }

        var added = Next(register);
        if (_count > Many)
        {
            foreach (var known in _registers)
                _byKey[(known.Register.Field, known.Register.Key)] = known;
        }

        return added;
    }

    private RegisterFold Next(Register register)
    {
        if (_count == _registers.Count)
            _registers.Add(new RegisterFold());
        var next = _registers[_count++];
        next.Begin(register);
        return next;
    }
}
