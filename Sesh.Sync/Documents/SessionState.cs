using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>All registers of one session, in ascending order of register.</summary>
public sealed record SessionState(SessionId Uuid, ImmutableArray<RegisterState> Registers)
{
    /// <summary>
    /// No register shows a value: its birth was undone. Such a session is not there for anybody who reads.
    /// </summary>
    public bool ShowsNothing
    {
        get
        {
            foreach (var register in Registers)
            {
                if (register.Shown is not null)
                    return false;
            }

            return true;
        }
    }

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
