using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Tests.Store.Sharing;

/// <summary>What a link does, by direct calls: offer, take, and the whole document where something did not join.</summary>
internal static class Exchanges
{
    /// <summary>What one lacks, from another: one way, once. The receipts, in the order of the parcels.</summary>
    public static List<Receipt> OneWay(ISharing from, string sender, ISharing to) => OneWay(from, sender, to, to.State());

    public static List<Receipt> OneWay(ISharing from, string sender, ISharing to, StateVector said)
    {
        var receipts = new List<Receipt>();
        foreach (var parcel in from.Offer(said))
        {
            var receipt = to.Take(parcel, sender);
            receipts.Add(receipt);
            if (receipt.Outcome == Outcome.Unjoined)
                receipts.AddRange(OneWay(from, sender, to, Without(said, parcel)));
        }

        return receipts;
    }

    /// <summary>As a link does after <see cref="Outcome.Unjoined"/>: as if nothing of it were held.</summary>
    private static StateVector Without(StateVector vector, Parcel parcel) => parcel switch
    {
        FramesParcel p => Without(vector, p.Replica),
        CompactionParcel p => Without(vector, p.Replica),
        DocumentParcel p => Without(vector, p.Replica),
        LiveParcel p => new StateVector([], [.. vector.Live.Where(l => l.Machine != p.State.Machine || l.Replica != p.State.Replica)]),
        _ => vector,
    };

    // Of this document alone: everything else is offered by itself.
    private static StateVector Without(StateVector vector, ReplicaId replica) =>
        vector with { Documents = [.. vector.Documents.Where(d => d.Replica != replica)] };
}
