using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

/// <summary>Tells parcels of one link apart: what it is of and where it ends.</summary>
/// <param name="Kind">The type of the parcel.</param>
/// <param name="Replica">Of the document or of the live file.</param>
/// <param name="Machine">Of the live file; else empty.</param>
/// <param name="End">Where it ends, as far as a number says it.</param>
/// <param name="Digest">Where it ends, as far as bytes say it.</param>
internal readonly record struct ParcelName(char Kind, ReplicaId Replica, string Machine, long End, UInt128 Digest)
{
    public static ParcelName Of(Parcel parcel) => parcel switch
    {
        FramesParcel p => new('F', p.Replica, "", p.Head.End, p.Head.Digest.High),
        DocumentParcel p => new('D', p.Replica, "", p.Head.End, p.Head.Digest.High),
        CompactionParcel p => new('C', p.Replica, "", p.Head.End, p.BaseDigest.High),
        LiveParcel p => new('L', p.State.Replica, p.State.Machine, p.State.Incarnation, p.State.Stamp.Bits),
        _ => throw new ArgumentException("a parcel of no known kind", nameof(parcel)),
    };

    /// <summary>For logs: <c>document 1a2b3c4d</c>.</summary>
    public override string ToString() => Kind == 'L' ? $"rows of {Machine}" : $"document {Replica.ToString()[..8]}";
}
