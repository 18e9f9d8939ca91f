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
                receipts.AddRange(Whole(from, sender, to, parcel));
        }

        return receipts;
    }

    // As a link does after Unjoined.
    private static IEnumerable<Receipt> Whole(ISharing from, string sender, ISharing to, Parcel parcel)
    {
        IEnumerable<Parcel> wished = parcel switch
        {
            FramesParcel p => from.Offer(new StateVector([DocumentState.Whole(p.Replica)], [])).OfType<DocumentParcel>().Where(d => d.Replica == p.Replica),
            CompactionParcel p => from.Offer(new StateVector([DocumentState.Whole(p.Replica)], [])).OfType<DocumentParcel>().Where(d => d.Replica == p.Replica),
            LiveParcel p => from.Offer(StateVector.Empty).OfType<LiveParcel>().Where(l => l.State.Machine == p.State.Machine),
            _ => [],
        };
        return [.. wished.Select(p => to.Take(p, sender))];
    }
}
