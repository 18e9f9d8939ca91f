using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store.Sharing;

/// <summary>What must hold of a parcel whatever is held here. All of it throws <see cref="RefusedParcelException"/>.</summary>
internal static class ParcelChecks
{
    public static void Head(SignedHead head, ReplicaId replica, ReadOnlySpan<byte> publicKey)
    {
        if (head.Replica != replica)
            throw new RefusedParcelException("its head is another document's");
        if (head.End < 1 || head.End == long.MaxValue)
            throw new RefusedParcelException("its head names no place");
        if (!HeadSignature.IsGood(head, publicKey))
            throw new RefusedParcelException("its head is not signed by its owner");
    }

    public static DocumentHeader Header(ReadOnlyMemory<byte> payload, ReplicaId replica)
    {
        DocumentHeader header;
        try
        {
            header = HeaderPayload.Read(payload);
        }
        catch (MalformedException e)
        {
            throw new RefusedParcelException($"its header does not decode: {e.Message}");
        }
        catch (NewerFormatException e)
        {
            throw new RefusedParcelException($"it is of format {e.Major}, and this sesh reads up to {FileFormat.Major}: upgrade sesh on this machine");
        }

        if (header.Replica != replica || ReplicaKeys.IdOf(header.PublicKey.AsSpan()) != replica)
            throw new RefusedParcelException("its key is not the one that its replica id is the hash of");
        if (header.Private)
            throw new RefusedParcelException("it is a document of private sessions");
        if (!Ascend(header))
            throw new RefusedParcelException("its header contradicts itself");
        return header;
    }

    /// <summary>The compacted part's digest, once it is known to inflate and decode; zero where there is none.</summary>
    public static Digest Base(DocumentHeader header, ReadOnlyMemory<byte> stored)
    {
        if (header.CompactedTo == 0)
            return stored.IsEmpty ? Digest.Zero : throw new RefusedParcelException("a compacted part that its header does not know");
        try
        {
            var payload = Inflation.Inflate(stored, SharingLimits.Inflated);
            var entries = BasePayload.Read(payload, header.Replica, out _, SharingLimits.BaseEntries);
            if (!entries.IsEmpty && entries[^1].FrameEnd > header.CompactedTo)
                throw new RefusedParcelException("a compacted part that reaches further than its header says");
            return ChainHash.Of(header.Generations[^1].Digest, header.Replica, payload.Span);
        }
        catch (MalformedException e)
        {
            throw new RefusedParcelException($"its compacted part does not decode: {e.Message}");
        }
    }

    private static bool Ascend(DocumentHeader header)
    {
        long last = 0;
        foreach (var mark in header.Dropped)
        {
            if (mark.Seq <= last || mark.Seq > header.CompactedTo)
                return false;
            last = mark.Seq;
        }

        return true;
    }
}
