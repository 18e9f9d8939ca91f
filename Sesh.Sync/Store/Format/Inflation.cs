using System.Buffers.Binary;
using System.IO.Compression;

namespace Sesh.Sync.Store.Format;

/// <summary>
/// A compacted part's bytes as they lie in the file: how, the length, then raw or Brotli bytes. Digests cover the bytes inside, so that a
/// compressor's version never shows.
/// </summary>
internal static class Inflation
{
    private const byte Raw = 0;
    private const byte Brotli = 1;
    private const int Prefix = 5;

    // Below this a compressor gains nothing worth its start.
    private const int WorthIt = 4096;
    private const int Quality = 6;
    private const int Window = 22;

    public static byte[] Deflate(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > FileFormat.MaxInflated)
            throw new SeshException("too-large", "this store holds more than one document can");
        if (bytes.Length >= WorthIt)
        {
            var packed = new byte[Prefix + BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
            if (BrotliEncoder.TryCompress(bytes, packed.AsSpan(Prefix), out var size, Quality, Window) && Allowed(bytes.Length, size))
                return Marked(packed.AsSpan(0, Prefix + size).ToArray(), Brotli, bytes.Length);
        }

        var raw = new byte[Prefix + bytes.Length];
        bytes.CopyTo(raw.AsSpan(Prefix));
        return Marked(raw, Raw, bytes.Length);
    }

    /// <param name="most">Bytes inside at most.</param>
    /// <exception cref="MalformedException">Whatever is wrong with it, more than allowed inside included.</exception>
    public static ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> stored, int most = FileFormat.MaxInflated)
    {
        if (stored.Length < Prefix)
            throw new MalformedException("a compacted part without a length");
        var length = BinaryPrimitives.ReadInt32LittleEndian(stored.Span[1..]);
        var inside = stored[Prefix..];
        if (length > most)
            throw new MalformedException("it inflates to more than is allowed");
        switch (stored.Span[0])
        {
            case Raw when length == inside.Length:
                return inside;
            case Brotli when Allowed(length, inside.Length):
                var bytes = new byte[length];
                return BrotliDecoder.TryDecompress(inside.Span, bytes, out var wrote) && wrote == length
                    ? bytes
                    : throw new MalformedException("a compacted part that does not inflate");
            default:
                throw new MalformedException("a compacted part of another length");
        }
    }

    private static bool Allowed(int inflated, int packed) =>
        inflated is >= 0 and <= FileFormat.MaxInflated && inflated <= (long)packed * FileFormat.MaxInflation;

    private static byte[] Marked(byte[] stored, byte how, int length)
    {
        stored[0] = how;
        BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(1), length);
        return stored;
    }
}
