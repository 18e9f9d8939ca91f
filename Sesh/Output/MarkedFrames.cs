using System.Buffers.Binary;
using System.Text;

namespace Sesh.Output;

/// <summary>
/// A result with places in it from which it can be gone on with: frames of a kind, a length of four bytes (little-endian) and that many bytes. So a follower on another machine
/// goes on after a break, and nothing is shown twice or left out.
/// </summary>
internal static class MarkedFrames
{
    public const byte Result = 0;
    public const byte Mark = 1;
    public const int HeadSize = 5;

    /// <summary>Of one frame; a writer's pieces are smaller.</summary>
    public const int Most = 1 << 20;
}

/// <summary>Writes them.</summary>
internal sealed class MarkingStream(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>All before this has been said.</summary>
    public void Mark(string mark)
    {
        Frame(MarkedFrames.Mark, Encoding.ASCII.GetBytes(mark));
        inner.Flush();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(buffer.Length, MarkedFrames.Most)];
            Frame(MarkedFrames.Result, piece);
            buffer = buffer[piece.Length..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Frame(byte kind, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[MarkedFrames.HeadSize];
        head[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], payload.Length);
        inner.Write(head);
        inner.Write(payload);
    }
}

/// <summary>Reads them: what comes is held back until a mark says that it was all, so that after a break none of it has been shown.</summary>
internal sealed class UnmarkingStream(Stream inner) : Stream
{
    private const int LongestMark = 128;

    private readonly GatheredStream _held = new();
    private readonly MemoryStream _frame = new();

    /// <summary>From where to go on; null before the first.</summary>
    public string? Mark { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The connection broke: what came behind the last mark will come again.</summary>
    public void Drop()
    {
        _held.SetLength(0);
        _frame.SetLength(0);
    }

    /// <summary>It ended in order: what came behind the last mark is the last of it.</summary>
    public void Finish() => Release();

    /// <exception cref="IOException">These are no such frames.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _frame.Write(buffer);
        var bytes = _frame.GetBuffer().AsSpan(0, (int)_frame.Length);
        var rest = bytes;
        while (rest.Length >= MarkedFrames.HeadSize)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[1..]);
            if (length is < 0 or > MarkedFrames.Most || rest[0] > MarkedFrames.Mark || (rest[0] == MarkedFrames.Mark && length > LongestMark))
                throw new IOException("the other sesh follows in a way that this one does not know");
            if (rest.Length < MarkedFrames.HeadSize + length)
                break;
            Take(rest[0], rest.Slice(MarkedFrames.HeadSize, length));
            rest = rest[(MarkedFrames.HeadSize + length)..];
        }

        var left = rest.ToArray();
        _frame.SetLength(0);
        _frame.Write(left);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Only a mark lets go of what is held.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Take(byte kind, ReadOnlySpan<byte> payload)
    {
        if (kind == MarkedFrames.Result)
        {
            _held.Write(payload);
            return;
        }

        Release();
        Mark = Encoding.ASCII.GetString(payload);
    }

    private void Release()
    {
        inner.Write(_held.GetBuffer().AsSpan(0, (int)_held.Length));
        inner.Flush();
        _held.SetLength(0);
    }
}
