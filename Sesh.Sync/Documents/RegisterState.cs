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
}

/// <summary>All registers of one session, in ascending order of register.</summary>
public sealed record SessionState(SessionId Uuid, ImmutableArray<RegisterState> Registers)
{
    public RegisterState? Of(Field field, string? key = null) =>
        Registers.FirstOrDefault(r => r.Register.Field == field && string.Equals(r.Register.Key, key, StringComparison.Ordinal));
}
