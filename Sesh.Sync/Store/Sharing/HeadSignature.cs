using Sesh.Sync.Documents;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store.Sharing;

/// <summary>Signs heads and tells whether one was signed. The message begins with words of its own, so that no other signature of that key is taken for one.</summary>
internal static class HeadSignature
{
    private static ReadOnlySpan<byte> Domain => "sesh head 1"u8;

    public static SignedHead Sign(ReplicaKeys keys, long end, Digest digest, Digest start) =>
        new(keys.Replica, end, digest, start, keys.Sign(Message(keys.Replica, end, digest, start)));

    /// <param name="publicKey">Of the document's header; whether the replica is its hash is for the caller to see.</param>
    public static bool IsGood(SignedHead head, ReadOnlySpan<byte> publicKey) =>
        !head.Signature.IsDefault && ReplicaKeys.IsSignedBy(publicKey, Message(head.Replica, head.End, head.Digest, head.Start), head.Signature.AsSpan());

    private static byte[] Message(ReplicaId replica, long end, Digest digest, Digest start)
    {
        var message = new byte[Domain.Length + ReplicaId.Size + sizeof(long) + 2 * Digest.Size];
        Domain.CopyTo(message);
        var rest = message.AsSpan(Domain.Length);
        replica.Write(rest);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(rest[ReplicaId.Size..], end);
        digest.Write(rest[(ReplicaId.Size + sizeof(long))..]);
        start.Write(rest[(ReplicaId.Size + sizeof(long) + Digest.Size)..]);
        return message;
    }
}
