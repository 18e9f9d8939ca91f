using Sesh.Sync.Wire;

namespace Sesh.Tests.Wire;

/// <summary>
/// One end of a connection in memory, with what goes wrong with real ones: it can be cut after any byte, frozen, slow. As narrow as a real pipe, so that whoever does not read holds up
/// whoever writes.
/// </summary>
internal sealed class PipeConnection : IConnection
{
    private readonly PipeWay _from;
    private readonly PipeWay _to;
    private readonly TaskCompletionSource<string?> _ended;
    private readonly TaskCompletionSource<string?> _otherEnded;

    private PipeConnection(string description, PipeWay from, PipeWay to, TaskCompletionSource<string?> ended, TaskCompletionSource<string?> otherEnded)
    {
        (Description, _from, _to, _ended, _otherEnded) = (description, from, to, ended, otherEnded);
        Input = new InboundStream(from.Arrived);
        Output = new PipeOutput(to);
    }

    public Stream Input { get; }

    public Stream Output { get; }

    public string Description { get; }

    public Task<string?> Ended => _ended.Task;

    /// <summary>Bytes written here.</summary>
    public long Sent => _to.Bytes;

    /// <summary>The way out, to spoil it.</summary>
    public PipeWay Way => _to;

    public static (PipeConnection Here, PipeConnection There) Pair(TimeProvider? time = null, string here = "here", string there = "there")
    {
        var (a, b) = (new PipeWay(time ?? TimeProvider.System), new PipeWay(time ?? TimeProvider.System));
        var (endA, endB) = (Ending(), Ending());
        var left = new PipeConnection(there, a, b, endA, endB);
        var right = new PipeConnection(here, b, a, endB, endA);
        a.OnCut = b.OnCut = left.Cut;
        return (left, right);
    }

    /// <summary>Both ways, at once, as when the network goes.</summary>
    public void Cut(string why)
    {
        _ended.TrySetResult(why);
        _otherEnded.TrySetResult(why);
        _from.Close(why);
        _to.Close(why);
    }

    public ValueTask DisposeAsync()
    {
        _to.End();
        _from.Close("closed");
        _ended.TrySetResult(null);
        _otherEnded.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource<string?> Ending() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class PipeOutput(PipeWay way) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => way.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            way.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
