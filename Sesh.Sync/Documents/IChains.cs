namespace Sesh.Sync.Documents;

/// <summary>
/// What the documents held can prove about positions in a replica's chain. Names that nothing held proves to stand on one chain are
/// both kept in contexts, for they may be of two branches.
/// </summary>
public interface IChains
{
    /// <summary>
    /// Whether one held document of <paramref name="replica"/> holds both positions. While a replica has one branch, a position at or before
    /// what aged out of its document (<see cref="Document.AgedTo"/>) counts as held.
    /// </summary>
    bool HoldBoth(ReplicaId replica, Mark lower, Mark higher);
}
