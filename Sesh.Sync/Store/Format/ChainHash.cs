using Org.BouncyCastle.Crypto.Digests;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>The chain: BLAKE2b-256 (RFC 7693) of the digest before, the replica and the payload. Managed, for loading OpenSSL would cost milliseconds.</summary>
internal static class ChainHash
{
    public static Digest Of(Digest before, ReplicaId replica, ReadOnlySpan<byte> payload)
    {
        Span<byte> prefix = stackalloc byte[Digest.Size + ReplicaId.Size];
        before.Write(prefix);
        replica.Write(prefix[Digest.Size..]);
        var hash = new Blake2bDigest(8 * Digest.Size);
        hash.BlockUpdate(prefix);
        hash.BlockUpdate(payload);
        Span<byte> result = stackalloc byte[Digest.Size];
        hash.DoFinal(result);
        return Digest.Read(result);
    }
}
