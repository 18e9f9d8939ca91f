using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>What reverses an operation.</summary>
/// <param name="Settings">To write as a new operation.</param>
/// <param name="Reversed">Registers these set back.</param>
/// <param name="Left">Registers somebody wrote since, which keep what they have.</param>
public sealed record Reversal(ImmutableArray<Setting> Settings, ImmutableArray<Register> Reversed, ImmutableArray<Register> Left);

/// <summary>
/// Undo by entry, not by value (store.md, "Undo"): where the operation's entry survives it is replaced, and nothing else, so that what others
/// set meanwhile stays. Reversing a reversal is a redo.
/// </summary>
public static class Undo
{
    /// <param name="entries">The operation's, in order.</param>
    /// <param name="before">For each, the value that showed before it (<see cref="Operation.Before"/>).</param>
    /// <param name="state">A register as held; null where it is not.</param>
    /// <param name="force">Write the value before also where the operation's entry no longer survives, replacing all that is seen.</param>
    public static Reversal Of(IReadOnlyList<Entry> entries, IReadOnlyList<Value> before, Func<Register, RegisterState?> state, bool force)
    {
        var settings = ImmutableArray.CreateBuilder<Setting>();
        var reversed = ImmutableArray.CreateBuilder<Register>();
        var left = ImmutableArray.CreateBuilder<Register>();
        // Of several entries of one register the last can survive, and the first knows what showed.
        var lasts = new Dictionary<Register, Entry>(entries.Count);
        foreach (var entry in entries)
            lasts[entry.Register] = entry;
        for (var i = 0; i < entries.Count; i++)
        {
            var register = entries[i].Register;
            if (!lasts.Remove(register, out var last))
                continue;
            var value = i < before.Count ? before[i] : Value.Absent;
            var survivors = state(register)?.Survivors ?? [];
            if (survivors.Any(s => s.Name == last.Name))
            {
                var isBeside = survivors.Any(s => s.Name != last.Name && !s.Value.IsAbsent);
                settings.Add(new Setting(register, isBeside ? Value.Absent : value, WithItself(last)));
                reversed.Add(register);
            }
            else if (force)
            {
                settings.Add(new Setting(register, value));
                reversed.Add(register);
            }
            else
            {
                left.Add(register);
            }
        }

        return new Reversal(settings.DrainToImmutable(), reversed.DrainToImmutable(), left.DrainToImmutable());
    }

    /// <summary>The undone entry's context and name; the name counts where the undoer writes under another replica id by now.</summary>
    private static Context WithItself(Entry entry) => Context.Of(
        [.. entry.Context.Seen.ToArray().SelectMany(s => s.Marks, (s, m) => new EntryName(s.Replica, m.Seq, m.Check)), entry.Name]);
}
