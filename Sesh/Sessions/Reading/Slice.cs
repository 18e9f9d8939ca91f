using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Sesh.Sessions.Reading;

/// <summary>Takes bytes as they are.</summary>
internal delegate void ByteSink(ReadOnlySpan<byte> bytes);

/// <summary>Part of an open file as a stream. Ends early where the file has become shorter meanwhile. Does not own the handle.</summary>
internal sealed class Slice(SafeFileHandle file, long start, long end) : Stream
{
    private readonly long _start = start;
    private long _at = start;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => end - _start;

    public override long Position
    {
        get => _at - _start;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, end - _at);
        if (wanted <= 0)
            return 0;
        var read = RandomAccess.Read(file, buffer[..wanted], _at);
        _at += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>The rest of it.</summary>
    public void CopyTo(ByteSink output)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            while (Read(buffer.AsSpan()) is > 0 and var read)
                output(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
