namespace Sesh.Sync.Transports;

/// <summary>Reads from another stream, and completes <paramref name="ended"/> when that ends: null for an end in order, else why.</summary>
internal sealed class NoticedInput(Stream inner, TaskCompletionSource<string?> ended) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0 && buffer.Length > 0)
                ended.TrySetResult(null);
            return read;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            ended.TrySetResult(e is IOException ? e.Message : null);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            var read = inner.Read(buffer, offset, count);
            if (read == 0 && count > 0)
                ended.TrySetResult(null);
            return read;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            ended.TrySetResult(e is IOException ? e.Message : null);
            throw;
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
