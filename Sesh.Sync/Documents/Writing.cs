using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>One register to set in an operation.</summary>
/// <param name="Context">What the entry shall replace, for undo; null for all that is seen here.</param>
public readonly record struct Setting(Register Register, Value Value, Context? Context = null);

/// <summary>The entries of an operation before its frame is encoded, their checks still zero.</summary>
/// <param name="Before">For each entry, the value its register showed before it.</param>
public sealed record Drafted(ImmutableArray<Entry> Entries, ImmutableArray<Value> Before)
{
    /// <summary>The entries under the name they have once the frame's chain digest is known.</summary>
    public ImmutableArray<Entry> WithCheck(Check check) =>
        ImmutableArray.CreateRange(Entries, (entry, given) => entry with { Name = entry.Name with { Check = given } }, check);
}

/// <summary>What one replica writes, seen what is held.</summary>
public static class Writing
{
    /// <summary>
    /// The entries of one operation. Clearing what does not show writes nothing; setting what shows already is a real entry. Each takes a tick of its own, and
    /// several of one register see each other.
    /// </summary>
    /// <param name="settings">In the order they are to be applied.</param>
    /// <param name="state">A register as held; null where it is not.</param>
    /// <param name="own">The writer.</param>
    /// <param name="next">The first free sequence number of its document.</param>
    /// <param name="now">Its clock: <see cref="Clock.Now"/>.</param>
    /// <param name="chains">What is held.</param>
    public static Drafted Draft(
        IReadOnlyList<Setting> settings, Func<Register, RegisterState?> state, ReplicaId own, long next, Hlc now, IChains chains)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>(settings.Count);
        var before = ImmutableArray.CreateBuilder<Value>(settings.Count);
        var written = new Dictionary<Register, RegisterState>();
        foreach (var (register, value, context) in settings)
        {
            var held = written.TryGetValue(register, out var latest) ? latest : state(register);
            var shown = held?.Shown?.Value ?? Value.Absent;
            if (value.IsAbsent && shown.IsAbsent && context is null)
                continue;
            now = now.Next();
            var name = new EntryName(own, next + entries.Count, default);
            var entry = new Entry(name, now, register, value, (context ?? held?.Seen ?? Context.Empty).Without(own));
            entries.Add(entry);
            before.Add(shown);
            written[register] = Replace(held, entry);
        }

        return new Drafted(entries.DrainToImmutable(), before.DrainToImmutable());

        // What the next setting of this register in this operation sees.
        RegisterState Replace(RegisterState? held, Entry entry) =>
            held is null ? RegisterState.Of(entry, chains)
            : entry.Context.Equals(held.Seen.Without(own)) ? held with { Survivors = [entry] }
            : held.With(entry, chains);
    }
}
