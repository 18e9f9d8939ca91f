using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>The chains of a plain index's documents, one a replica.</summary>
internal sealed class HeldChains : IChains
{
    private readonly Dictionary<ReplicaId, (HeldChain Chain, bool IsWhole)> _chains = [];

    public HeldChains(IndexFile file, IndexHead head)
    {
        foreach (var document in head.Documents)
        {
            if (!document.IsForeign)
                _chains[document.Replica] = (new HeldChain(new KeyTable(file, document.Marks, 0), document.AgedTo, document.Head.End), document.IsWhole);
        }
    }

    public HeldChain Of(ReplicaId replica) => _chains[replica].Chain;

    public bool HoldBoth(ReplicaId replica, Mark lower, Mark higher) =>
        _chains.TryGetValue(replica, out var held) && held.Chain.Holds(lower) && held.Chain.Holds(higher);

    /// <summary>Whether the position, where it should be held, is not: then there is another branch.</summary>
    public bool IsElsewhere(ReplicaId replica, Mark mark) =>
        _chains.TryGetValue(replica, out var held) && (mark.Seq <= held.Chain.End ? !held.Chain.Holds(mark) : held.IsWhole);

    public bool IsHeld(ReplicaId replica, long seq) => _chains.TryGetValue(replica, out var held) && seq <= held.Chain.End;
}
