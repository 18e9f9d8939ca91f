using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>A request's streams that know whether the other side has said anything: from then on no other way may be tried.</summary>
internal sealed class HeardStreams(RequestStreams streams)
{
    public bool Any { get; private set; }

    /// <summary>For one more try: input that can be read again begins anew.</summary>
    public RequestStreams Again()
    {
        if (streams.Input.CanSeek)
            streams.Input.Position = 0;
        return streams with { Output = new Heard(this, streams.Output), Error = new Heard(this, streams.Error) };
    }

    private sealed class Heard(HeardStreams owner, Stream inner) : Stream
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

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            owner.Any = true;
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            owner.Any = true;
            inner.Write(buffer, offset, count);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
