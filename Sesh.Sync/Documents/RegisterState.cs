using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// All that later writers need of one register, resolved from every document held: the entries nothing replaced, and the join of the
/// names and contexts of all its entries held here (store.md, "Context").
/// </summary>
/// <param name="Register">Which.</param>
/// <param name="Survivors">Unreplaced entries in ascending order of <see cref="Entry.CompareForShow"/>; absent values among them.</param>
/// <param name="Seen">The join, of all replicas; a writer leaves out its own marks.</param>
public sealed record RegisterState(Register Register, ImmutableArray<Entry> Survivors, Context Seen)
{
    /// <summary>
    /// Of identity fields only (<see cref="Fields.IsIdentity"/>; else empty): each other replica's last entry, though replaced. Who owns a
    /// session, and so whose entries count, is judged with them (<see cref="Claims"/>). In ascending order of name.
    /// </summary>
    public ImmutableArray<Entry> Replaced { get; init; } = [];

    /// <summary>The entry that shows: the greatest survivor that is not absent; null where none is.</summary>
    public Entry? Shown
    {
        get
        {
            for (var i = Survivors.Length - 1; i >= 0; i--)
            {
                if (!Survivors[i].Value.IsAbsent)
                    return Survivors[i];
            }

            return null;
        }
    }

    /// <summary>The state of a register with one entry.</summary>
    public static RegisterState Of(Entry entry, IChains chains) => new RegisterState(entry.Register, [], Context.Empty).With(entry, chains);

    /// <summary>
    /// The state with one entry more: the next of its replica on this register, read from the frames behind what was held. Equal to folding all
    /// documents anew while no replica is forked (no second branch, no quoted entry, and no context names a position that a held chain
    /// contradicts); there fold anew instead.
    /// </summary>
    /// <param name="entry">Of a higher seq than every entry of its replica held in this register.</param>
    /// <param name="chains">What documents prove, the entry's own frame included.</param>
    public RegisterState With(Entry entry, IChains chains)
    {
        var isReplaced = Seen.Covers(entry.Name);
        var survivors = ImmutableArray.CreateBuilder<Entry>(Survivors.Length + 1);
        var replaced = Register.Field.IsIdentity() ? new List<Entry>(Replaced.Where(r => r.Name.Replica != entry.Name.Replica)) : null;
        foreach (var survivor in Survivors)
        {
            if (survivor.Name.Replica == entry.Name.Replica)
                continue;
            if (entry.Context.Covers(survivor.Name))
                replaced?.Add(survivor);
            else
                survivors.Add(survivor);
        }

        if (isReplaced)
            replaced?.Add(entry);
        else
            survivors.Add(entry);
        survivors.Sort(Entry.CompareForShow);
        replaced?.Sort(Entry.CompareByName);

        var seen = new SeenMarks(chains);
        seen.Add(Seen);
        seen.AddContextOf(entry);
        seen.Add(entry.Name);
        return new RegisterState(Register, survivors.DrainToImmutable(), seen.ToContext()) { Replaced = replaced is null ? [] : [.. replaced] };
    }
}
