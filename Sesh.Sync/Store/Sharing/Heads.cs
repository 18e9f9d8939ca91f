using System.Buffers.Binary;
using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Sharing;

/// <summary>
/// <c>heads/REPLICA</c>: what owners said of their documents, so that a machine between can hand it on. A magic, the heads, a checksum; replaced as a whole under the
/// document's lock. Losing it loses nothing but that: the next exchange brings it again.
/// </summary>
internal sealed class Heads(IStoreFiles files, StorePaths paths)
{
    private const int MaxHeads = 16;
    private const int SignatureSize = 64;
    private const int HeadSize = sizeof(long) + 2 * Digest.Size + SignatureSize;
    private const int ChecksumSize = 4;

    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'s', (byte)'e', (byte)'h', 0x0d, 0x0a, 0x1a, 1];

    /// <summary>None where there is no sound file.</summary>
    public ImmutableArray<SignedHead> Of(ReplicaId replica)
    {
        byte[] bytes;
        try
        {
            bytes = files.Read(PathOf(replica));
        }
        catch (StoreFileException e) when (e.Fault == FileFault.Missing)
        {
            return [];
        }

        var body = bytes.Length - ChecksumSize;
        if (body < Magic.Length || !bytes.AsSpan().StartsWith(Magic) || (body - Magic.Length) % HeadSize != 0
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(body)) != Crc.Of(bytes.AsSpan(0, body)))
            return [];
        var heads = ImmutableArray.CreateBuilder<SignedHead>();
        for (var at = Magic.Length; at < body; at += HeadSize)
            heads.Add(Read(replica, bytes.AsSpan(at, HeadSize)));
        return heads.DrainToImmutable();
    }

    /// <summary>
    /// Adds one, durably, before what it is for is written: so whatever of that a crash leaves is vouched for. Of each copy held, the words stay that reach furthest and
    /// that are for its beginning; those for nothing held stay until there are too many.
    /// </summary>
    public void Add(SignedHead head, IReadOnlyList<HeldCopy> copies)
    {
        var held = Of(head.Replica);
        if (held.Any(h => IsSame(h, head)))
            return;
        var wanted = new HashSet<SignedHead>(ReferenceEqualityComparer.Instance);
        var known = new HashSet<SignedHead>(ReferenceEqualityComparer.Instance);
        foreach (var copy in copies)
        {
            var its = held.Append(head).Where(h => copy.Passes(h.End, h.Digest)).OrderByDescending(h => h.End).ToList();
            known.UnionWith(its);
            if (its.Count > 0)
                wanted.Add(its[0]);
            if (its.Find(h => h.Start == copy.Start) is { } beginning)
                wanted.Add(beginning);
        }

        bool IsKept(SignedHead h) => wanted.Contains(h) || !known.Contains(h);
        if (!IsKept(head))
            return;
        SignedHead[] heads = [head, .. held.Where(IsKept).OrderByDescending(wanted.Contains).ThenByDescending(h => h.End).Take(MaxHeads - 1)];
        var bytes = new byte[Magic.Length + heads.Length * HeadSize + ChecksumSize];
        Magic.CopyTo(bytes);
        for (var i = 0; i < heads.Length; i++)
            Write(heads[i], bytes.AsSpan(Magic.Length + i * HeadSize));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - ChecksumSize), Crc.Of(bytes.AsSpan(0, bytes.Length - ChecksumSize)));
        ReceivedFolders.Make(files, paths.Heads);
        files.Replace(PathOf(head.Replica), bytes);
    }

    private static bool IsSame(SignedHead a, SignedHead b) => a.End == b.End && a.Digest == b.Digest && a.Start == b.Start;

    private static SignedHead Read(ReplicaId replica, ReadOnlySpan<byte> bytes) => new(
        replica,
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        Digest.Read(bytes[sizeof(long)..]),
        Digest.Read(bytes[(sizeof(long) + Digest.Size)..]),
        [.. bytes[^SignatureSize..]]);

    private static void Write(SignedHead head, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, head.End);
        head.Digest.Write(bytes[sizeof(long)..]);
        head.Start.Write(bytes[(sizeof(long) + Digest.Size)..]);
        head.Signature.CopyTo(bytes[(sizeof(long) + 2 * Digest.Size)..HeadSize]);
    }

    private string PathOf(ReplicaId replica) => Path.Join(paths.Heads, replica.ToString());
}
