using System.Collections.Immutable;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Sharing;

/// <summary>
/// What a machine holds of one branch of one document, as far as its owner vouched for it: a gap-free prefix, named by its end. Where a replica has several branches
/// there is one of these for each. Of two compactions of one prefix the one with the greater (S, L, generation) takes the other's place, as in the store.
/// </summary>
/// <param name="Generation">How often it was compacted.</param>
/// <param name="End">The last sequence number held; never 0.</param>
/// <param name="Head">The chain's digest there, its first 16 bytes: enough to tell prefixes apart, the signed head proves.</param>
/// <param name="CompactedTo">S: what ends before it is held in compacted form alone. 0 for none.</param>
/// <param name="AgedTo">L. At most S.</param>
public readonly record struct DocumentState(ReplicaId Replica, long Generation, long End, UInt128 Head, long CompactedTo, long AgedTo)
{
    /// <summary>
    /// Not a state but a wish, in place of all of that replica's: each branch as one <see cref="DocumentParcel"/>, for what was sent before did not join. Never told to others.
    /// </summary>
    public static DocumentState Whole(ReplicaId replica) => new(replica, 0, 0, 0, 0, 0);
}

/// <summary>What a machine holds of one machine's live file.</summary>
/// <param name="Incarnation">Counts the lives of the observing machine's clock.</param>
/// <param name="Stamp">That clock at the file's last change.</param>
public readonly record struct LiveState(string Machine, ReplicaId Replica, long Incarnation, Hlc Stamp)
{
    /// <summary>
    /// When that machine last looked at all of its sessions, in milliseconds since 1970 UTC by its clock; 0 where that is not told. No part of what is compared: where nothing else is
    /// new, nothing has to be sent.
    /// </summary>
    public long LastWalk { get; init; }

    /// <inheritdoc/>
    public bool Equals(LiveState other) => Machine == other.Machine && Replica == other.Replica && Incarnation == other.Incarnation && Stamp == other.Stamp;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Machine, Replica, Incarnation, Stamp);
}

/// <summary>All that a machine holds and may show others: no private document, no private session's row. In ascending order of replica, then of head.</summary>
public sealed record StateVector(ImmutableArray<DocumentState> Documents, ImmutableArray<LiveState> Live)
{
    public static StateVector Empty { get; } = new([], []);
}
