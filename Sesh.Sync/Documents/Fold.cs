using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>From a session's registers to the record that people see. Pure; no value makes it throw: one of a wrong kind counts as none.</summary>
public static class Fold
{
    // The last millisecond of the year 9999, the latest that DateTimeOffset can tell.
    private const long LatestTime = 253_402_300_799_999;

    /// <param name="state">The registers.</param>
    /// <param name="machineOf">A replica's machine; empty where unknown.</param>
    /// <param name="isPrivate">Whether it stands in this installation's private document.</param>
    public static SessionRecord Record(SessionState state, Func<ReplicaId, string> machineOf, bool isPrivate = false)
    {
        var claims = Claims.Of(state.Of(Field.Machine), machineOf);
        var owner = claims.Winner?.Value.AsText() ?? "";
        var draft = new RecordDraft(state.Uuid, owner, claims, machineOf);
        foreach (var register in state.Registers)
            draft.Add(register);
        return draft.ToRecord(isPrivate);
    }

    /// <summary>Identity entries by those who do not own the session: not folded, for <c>doctor</c> to name.</summary>
    public static ImmutableArray<Entry> Ignored(SessionState state, Func<ReplicaId, string> machineOf)
    {
        var claims = Claims.Of(state.Of(Field.Machine), machineOf);
        return
        [
            .. state.Registers.Where(r => r.Register.Field.IsIdentity())
                .SelectMany(r => r.Survivors.Concat(r.Replaced))
                .Where(e => !claims.Admits(e)),
        ];
    }

    /// <summary>Milliseconds since 1970 UTC that a date can be made of; 0 where they are none.</summary>
    internal static long Time(long? milliseconds) => milliseconds is >= 0 and <= LatestTime ? milliseconds.Value : 0;

    /// <summary>The latest that a clock's reading can be shown as.</summary>
    internal static long Time(Hlc time) => Math.Min(time.Milliseconds, LatestTime);
}
