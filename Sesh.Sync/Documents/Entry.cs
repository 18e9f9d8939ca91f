namespace Sesh.Sync.Documents;

/// <summary>One setting of one register by one replica. Immutable.</summary>
/// <param name="Name">Who, which number, in which frame.</param>
/// <param name="Hlc">The writer's clock at that moment; every entry takes a tick of its own.</param>
/// <param name="Register">What is set.</param>
/// <param name="Value">To what; may be absent.</param>
/// <param name="Context">What the writer had seen of this register by others.</param>
public sealed record Entry(EntryName Name, Hlc Hlc, Register Register, Value Value, Context Context)
{
    /// <summary>What a newer version wrote behind the fields known here: raw bytes (<see cref="ValueKind.Opaque"/>) that travel with the entry; else absent.</summary>
    public Value Extra { get; init; }

    /// <summary>The order in which concurrent entries are shown: the greatest wins.</summary>
    public static int CompareForShow(Entry a, Entry b)
    {
        var order = a.Hlc.CompareTo(b.Hlc);
        if (order == 0)
            order = a.Name.Replica.CompareTo(b.Name.Replica);
        return order == 0 ? a.Name.Check.CompareTo(b.Name.Check) : order;
    }

    /// <summary>By replica, then seq, then check.</summary>
    internal static int CompareByName(Entry a, Entry b) => Context.Compare(a.Name, b.Name);
}
