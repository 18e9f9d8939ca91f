using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// Which entries of one register replace which, where a replica is forked: by names and proofs, not by seq. An entry replaces the earlier ones on its own chain, and
/// those of other replicas at or before a name in its context, on that name's chain.
/// </summary>
internal static class Resolution
{
    /// <param name="register">Which.</param>
    /// <param name="entries">All entries of it held, each once.</param>
    /// <param name="documents">What is held.</param>
    public static RegisterState Resolve(Register register, IReadOnlyList<Entry> entries, DocumentSet documents)
    {
        var survivors = ImmutableArray.CreateBuilder<Entry>();
        var replaced = ImmutableArray.CreateBuilder<Entry>();
        var seen = new SeenMarks(documents);
        foreach (var entry in entries)
        {
            seen.Add(entry.Name);
            seen.AddContextOf(entry);
            var byOther = false;
            var byOwn = false;
            foreach (var later in entries)
            {
                if (later.Name.Replica == entry.Name.Replica)
                    byOwn |= IsLaterOnItsChain(later.Name, entry.Name, documents);
                else
                    byOther |= !byOther && Replaces(later.Context, entry.Name, documents);
            }

            if (!byOwn && !byOther)
                survivors.Add(entry);
            else if (!byOwn && register.Field.IsIdentity())
                replaced.Add(entry);
        }

        survivors.Sort(Entry.CompareForShow);
        replaced.Sort(Entry.CompareByName);
        return new RegisterState(register, survivors.DrainToImmutable(), seen.ToContext()) { Replaced = replaced.DrainToImmutable() };
    }

    private static bool IsLaterOnItsChain(EntryName later, EntryName name, DocumentSet documents)
    {
        if (later.Seq <= name.Seq)
            return false;
        var branches = documents.Find(name.Replica);
        return branches is not { IsForked: true } || branches.HoldBoth(MarkOf(name), MarkOf(later));
    }

    private static bool Replaces(Context context, EntryName name, DocumentSet documents)
    {
        foreach (var mark in context.Of(name.Replica))
        {
            if (mark.Seq == name.Seq && mark.Check == name.Check)
                return true;
            if (mark.Seq <= name.Seq)
                continue;
            var branches = documents.Find(name.Replica);
            if (branches is null or { IsForked: false } ? branches?.IsElsewhere(mark) != true : branches.HoldBoth(MarkOf(name), mark))
                return true;
        }

        return false;
    }

    private static Mark MarkOf(EntryName name) => new(name.Seq, name.Check);
}
