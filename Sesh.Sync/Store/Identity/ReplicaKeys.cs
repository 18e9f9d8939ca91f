using System.Collections.Immutable;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Identity;

/// <summary>A replica's key pair (Ed25519, RFC 8032), as its seed. Its id is the hash of the public key.</summary>
internal sealed record ReplicaKeys(ReplicaId Replica, ImmutableArray<byte> Seed)
{
    public const int SeedSize = 32;

    public static ReplicaKeys Make()
    {
        // Not System.Security.Cryptography: it loads OpenSSL. A version 4 Guid is the kernel's random bytes but for six bits each.
        Span<byte> random = stackalloc byte[48];
        for (var i = 0; i < random.Length; i += 16)
            Guid.NewGuid().TryWriteBytes(random[i..]);
        var seed = new byte[SeedSize];
        var hash = new Blake2bDigest(8 * SeedSize);
        hash.BlockUpdate(random);
        hash.DoFinal(seed);
        return new ReplicaKeys(IdOf(PublicKey(seed)), [.. seed]);
    }

    public ImmutableArray<byte> PublicKey() => [.. PublicKey([.. Seed])];

    public static ReplicaId IdOf(ReadOnlySpan<byte> publicKey)
    {
        var hash = new Sha256Digest();
        hash.BlockUpdate(publicKey);
        Span<byte> digest = stackalloc byte[hash.GetDigestSize()];
        hash.DoFinal(digest);
        return ReplicaId.Read(digest);
    }

    /// <summary>64 bytes.</summary>
    public ImmutableArray<byte> Sign(byte[] message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign([.. Seed], 0, message, 0, message.Length, signature, 0);
        return [.. signature];
    }

    public static bool IsSignedBy(ReadOnlySpan<byte> publicKey, byte[] message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == Ed25519.PublicKeySize && signature.Length == Ed25519.SignatureSize
        && Ed25519.Verify(signature.ToArray(), 0, publicKey.ToArray(), 0, message, 0, message.Length);

    private static byte[] PublicKey(byte[] seed)
    {
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed, 0, key, 0);
        return key;
    }
}
