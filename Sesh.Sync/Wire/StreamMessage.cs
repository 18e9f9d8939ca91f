using System.IO.Compression;

namespace Sesh.Sync.Wire;

/// <summary>
/// A message of the exchange's stream: varint of length × 16 + compressed × 8 + type, where compressed the varint of the length inside, then the bytes.
/// </summary>
/// <param name="Type">See <see cref="MessageType"/>; others are skipped.</param>
/// <param name="Bytes">Inflated.</param>
internal readonly record struct StreamMessage(MessageType Type, ReadOnlyMemory<byte> Bytes)
{
    private const int Compressed = 8;

    // Below this a compressor gains nothing worth its start.
    private const int WorthIt = 512;
    private const int Quality = 5;
    private const int Window = 20;

    /// <summary>The message as it goes out.</summary>
    public ReadOnlyMemory<byte> Encode(bool compress)
    {
        if (compress && Bytes.Length is >= WorthIt and <= Limits.Inflated)
        {
            var packed = new byte[BrotliEncoder.GetMaxCompressedLength(Bytes.Length)];
            if (BrotliEncoder.TryCompress(Bytes.Span, packed, out var size, Quality, Window) && size < Bytes.Length - (Bytes.Length >> 4))
                return Headed(packed.AsSpan(0, size), Compressed, Bytes.Length);
        }

        return Headed(Bytes.Span, 0, 0);
    }

    private ReadOnlyMemory<byte> Headed(ReadOnlySpan<byte> bytes, int how, int inside)
    {
        var message = new byte[2 * Varint.MaxSize + bytes.Length];
        var head = Varint.Write(message, ((ulong)bytes.Length << 4) | (uint)how | (uint)Type);
        if (how == Compressed)
            head += Varint.Write(message.AsSpan(head), (ulong)inside);
        bytes.CopyTo(message.AsSpan(head));
        return message.AsMemory(0, head + bytes.Length);
    }

    /// <summary>The next message; null at the stream's end. Memory is taken as bytes come, not as a length promises them.</summary>
    /// <exception cref="WireException">Too large, or not what its head says.</exception>
    public static async ValueTask<StreamMessage?> ReadAsync(Inbound stream, CancellationToken cancel)
    {
        if (await NumberAsync(stream, true, cancel).ConfigureAwait(false) is not { } head)
            return null;
        var length = head >> 4;
        var compressed = (head & Compressed) != 0;
        var inside = compressed ? await NumberAsync(stream, false, cancel).ConfigureAwait(false) ?? 0 : length;
        if (inside > (compressed ? Limits.Inflated : (ulong)Limits.Parcel) || length > inside)
            throw new WireException($"a parcel of {inside} bytes");
        var bytes = new Growing((int)inside);
        if (compressed)
            await InflateAsync(stream, (int)length, bytes, cancel).ConfigureAwait(false);
        else
            await CopyAsync(stream, (int)length, bytes, cancel).ConfigureAwait(false);
        return new StreamMessage((MessageType)(head & 7), bytes.Written);
    }

    private static async ValueTask CopyAsync(Inbound stream, int length, Growing into, CancellationToken cancel)
    {
        while (length > 0)
        {
            var room = into.Room(Math.Min(length, Limits.Piece));
            var read = await stream.ReadAsync(room[..Math.Min(length, room.Length)], cancel).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException();
            into.Advance(read);
            length -= read;
        }
    }

    private static async ValueTask InflateAsync(Inbound stream, int length, Growing into, CancellationToken cancel)
    {
        using var decoder = new Inflating();
        var piece = new byte[Math.Min(length, Limits.Piece)];
        while (length > 0)
        {
            var read = await stream.ReadAsync(piece.AsMemory(0, Math.Min(length, piece.Length)), cancel).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException();
            length -= read;
            decoder.Take(piece.AsSpan(0, read), into);
        }

        if (!decoder.Done || !into.IsFull)
            throw new WireException("a parcel that does not inflate to what it says");
    }

    private static async ValueTask<ulong?> NumberAsync(Inbound stream, bool mayEnd, CancellationToken cancel)
    {
        var bytes = new byte[Varint.MaxSize];
        for (var count = 0; ; count++)
        {
            if (await stream.ReadAsync(bytes.AsMemory(count, 1), cancel).ConfigureAwait(false) == 0)
                return mayEnd && count == 0 ? null : throw new EndOfStreamException();
            if (Varint.Read(bytes.AsSpan(0, count + 1), out var value) != 0)
                return value;
        }
    }

    /// <summary>The decompressor, which is a struct and would be copied into an async method's state.</summary>
    private sealed class Inflating : IDisposable
    {
        private BrotliDecoder _decoder;

        public bool Done { get; private set; }

        public void Take(ReadOnlySpan<byte> bytes, Growing into)
        {
            while (!Done)
            {
                var status = _decoder.Decompress(bytes, into.Room(Limits.Piece).Span, out var consumed, out var written);
                bytes = bytes[consumed..];
                into.Advance(written);
                switch (status)
                {
                    case System.Buffers.OperationStatus.Done:
                        Done = true;
                        break;
                    case System.Buffers.OperationStatus.NeedMoreData:
                        return;
                    case System.Buffers.OperationStatus.DestinationTooSmall when !into.IsFull:
                        break;
                    default:
                        throw new WireException("a parcel that does not inflate to what it says");
                }
            }

            if (bytes.Length > 0)
                throw new WireException("a parcel with something behind it");
        }

        public void Dispose() => _decoder.Dispose();
    }
}

/// <summary>What a message of the exchange's stream is.</summary>
internal enum MessageType : byte
{
    Parcel = 0,
    Marker = 1,
}
