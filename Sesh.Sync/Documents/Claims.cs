using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// Who may set the identity of a session. A claim is an entry of its <see cref="Field.Machine"/> that counts: one that names the writer's own machine, a birth
/// (nobody else's claim had been seen), or a move by whom another claim had made the owner. Identity entries count from the machines that valid claims come from or
/// name; others are ignored and <c>doctor</c> names them.
/// </summary>
/// <remarks>
/// A claim whose predecessor is no longer held, because its writer has claimed again since, gets the benefit of the doubt.
/// </remarks>
internal sealed class Claims
{
    private readonly Func<ReplicaId, string> _machineOf;
    private readonly List<string> _machines = [];

    private Claims(Func<ReplicaId, string> machineOf) => _machineOf = machineOf;

    /// <summary>The surviving valid claim that shows; null where there is none.</summary>
    public Entry? Winner { get; private set; }

    /// <param name="machine">The state of the machine register; null where there is none: then everybody counts, for there is nothing to judge by.</param>
    /// <param name="machineOf">A replica's machine; empty where unknown.</param>
    public static Claims Of(RegisterState? machine, Func<ReplicaId, string> machineOf)
    {
        var claims = new Claims(machineOf);
        if (machine is { Survivors: [var only], Replaced.IsEmpty: true } && claims.IsOfItsOwn(only))
        {
            claims.Accept(only);
            claims.Winner = only;
        }
        else if (machine is not null)
        {
            claims.Judge(machine);
        }

        return claims;
    }

    /// <summary>Whether an identity entry counts.</summary>
    public bool Admits(Entry entry) => _machines.Count == 0 || _machines.Contains(_machineOf(entry.Name.Replica), StringComparer.Ordinal);

    /// <summary>An identity register's survivors among the entries that count, in ascending order of <see cref="Entry.CompareForShow"/>.</summary>
    public ImmutableArray<Entry> Survivors(RegisterState state) => Survivors(state, Admits);

    /// <summary>A register's survivors among some of its entries, as if the others had not been written; seq decides.</summary>
    private static ImmutableArray<Entry> Survivors(RegisterState state, Func<Entry, bool> counts)
    {
        if (state.Replaced.IsEmpty && state.Survivors is [var only])
            return counts(only) ? state.Survivors : [];
        if (state.Replaced.All(counts) && state.Survivors.All(counts))
            return state.Survivors;
        var entries = state.Survivors.Concat(state.Replaced).Where(counts).ToArray();
        var left = entries.Where(e => !entries.Any(later => Replaces(later, e))).ToArray();
        Array.Sort(left, Entry.CompareForShow);
        return [.. left];
    }

    private static bool Replaces(Entry later, Entry entry) => later.Name.Replica == entry.Name.Replica
        ? later.Name.Seq > entry.Name.Seq
        : later.Context.Covers(entry.Name);

    private void Judge(RegisterState machine)
    {
        var waiting = machine.Survivors.Concat(machine.Replaced).Where(e => MachineName.TryParse(e.Value.AsText(), out _)).ToList();
        var all = waiting.ToArray();
        var valid = new List<Entry>();
        bool IsValid(Entry e) => IsOfItsOwn(e) || IsBirth(e) || IsMove(e, all, valid);
        for (var next = waiting.Find(IsValid); next is not null; next = waiting.Find(IsValid))
        {
            waiting.Remove(next);
            valid.Add(next);
            Accept(next);
        }

        Winner = valid.Count == 0 ? null : Survivors(machine, valid.Contains) is [.., var greatest] ? greatest : null;
    }

    private bool IsOfItsOwn(Entry claim) =>
        claim.Value.AsText() is { } machine && machine.Length > 0 && string.Equals(machine, _machineOf(claim.Name.Replica), StringComparison.Ordinal);

    private bool IsBirth(Entry claim)
    {
        var machine = _machineOf(claim.Name.Replica);
        foreach (var (replica, _) in claim.Context.Seen)
        {
            if (!string.Equals(_machineOf(replica), machine, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private bool IsMove(Entry claim, Entry[] held, List<Entry> valid)
    {
        var machine = _machineOf(claim.Name.Replica);
        foreach (var (replica, marks) in claim.Context.Seen)
        {
            foreach (var mark in marks)
            {
                var name = new EntryName(replica, mark.Seq, mark.Check);
                if (!held.Any(e => e.Name == name) || valid.Any(e => e.Name == name && e.Value.AsText() == machine))
                    return true;
            }
        }

        // Somebody had seen an earlier claim of this replica.
        return held.Any(e => e.Name.Replica != claim.Name.Replica && e.Context.Of(claim.Name.Replica).Any(m => m.Seq < claim.Name.Seq));
    }

    private void Accept(Entry claim)
    {
        foreach (var machine in (string?[])[_machineOf(claim.Name.Replica), claim.Value.AsText()])
        {
            if (machine is { Length: > 0 } && !_machines.Contains(machine, StringComparer.Ordinal))
                _machines.Add(machine);
        }
    }
}
