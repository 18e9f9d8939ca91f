namespace Sesh.Tests.Agents;

/// <summary>A stream of these parts one after the other, of which a read gives so many bytes at most.</summary>
internal sealed class Portions(int most, params byte[][] parts) : Stream
{
    private int _part;
    private int _at;

    public override int Read(byte[] buffer, int offset, int count)
    {
        for (; _part < parts.Length; _part++, _at = 0)
        {
            var read = Math.Min(Math.Min(count, most), parts[_part].Length - _at);
            if (read > 0)
            {
                parts[_part].AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
                _at += read;
                return read;
            }
        }

        return 0;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
