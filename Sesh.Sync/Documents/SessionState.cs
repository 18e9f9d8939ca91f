using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>All registers of one session, in ascending order of register.</summary>
public sealed record SessionState(SessionId Uuid, ImmutableArray<RegisterState> Registers)
{
    public RegisterState? Of(Field field, string? key = null)
    {
        foreach (var register in Registers)
        {
            if (register.Register.Field == field && string.Equals(register.Register.Key, key, StringComparison.Ordinal))
                return register;
        }

        return null;
    }
}
