using System.Buffers.Binary;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>One block of a document file, its checksums found right.</summary>
/// <param name="Offset">Of its head in the bytes it was read from.</param>
/// <param name="Link">The check of the digest it says it stands behind.</param>
internal readonly record struct Block(BlockKind Kind, int Offset, int PayloadLength, Digest Digest, Check Link)
{
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'s', (byte)'e'];

    public int End => Offset + FileFormat.HeadSize + PayloadLength;

    public ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte> bytes) => bytes.Slice(Offset + FileFormat.HeadSize, PayloadLength);

    public static byte[] Encode(BlockKind kind, Digest before, Digest digest, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > FileFormat.MaxPayload)
            throw new SeshException("too-large", "one operation cannot hold that much", "do it in several commands");
        var block = new byte[FileFormat.HeadSize + payload.Length];
        Magic.CopyTo(block);
        block[3] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(8), Crc.Of(block.AsSpan(0, 8)));
        digest.Write(block.AsSpan(16));
        BinaryPrimitives.WriteUInt64BigEndian(block.AsSpan(48), before.Check.Bits);
        payload.CopyTo(block.AsSpan(FileFormat.HeadSize));
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(12), Crc.Of(block.AsSpan(16)));
        return block;
    }

    public static BlockState Read(ReadOnlySpan<byte> bytes, int offset, out Block block)
    {
        block = default;
        var rest = bytes[offset..];
        if (rest.Length < FileFormat.HeadSize)
            return rest.StartsWith(Magic[..Math.Min(3, rest.Length)]) ? BlockState.Incomplete : BlockState.Damaged;
        if (!rest.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]) != Crc.Of(rest[..8]))
            return BlockState.Damaged;
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        if (length is < 0 or > FileFormat.MaxPayload)
            return BlockState.Damaged;
        if (length > rest.Length - FileFormat.HeadSize)
            return BlockState.Incomplete;
        if (BinaryPrimitives.ReadUInt32LittleEndian(rest[12..]) != Crc.Of(rest[16..(FileFormat.HeadSize + length)]))
            return BlockState.Damaged;
        block = new Block((BlockKind)rest[3], offset, length, Digest.Read(rest[16..]), new Check(BinaryPrimitives.ReadUInt64BigEndian(rest[48..])));
        return BlockState.Sound;
    }

    /// <summary>Whether there is nothing but sound blocks.</summary>
    public static bool AreSound(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Read(bytes, at, out var block) == BlockState.Sound)
            at = block.End;
        return at == bytes.Length;
    }

    /// <summary>The first sound block at or behind an offset.</summary>
    public static bool Next(ReadOnlySpan<byte> bytes, int offset, out Block block)
    {
        while (offset < bytes.Length)
        {
            var at = bytes[offset..].IndexOf(Magic);
            if (at < 0)
                break;
            if (Read(bytes, offset + at, out block) == BlockState.Sound)
                return true;
            offset += at + 1;
        }

        block = default;
        return false;
    }
}

internal enum BlockState : byte
{
    Sound,

    /// <summary>It goes on behind the end of the file.</summary>
    Incomplete,
    Damaged,
}
