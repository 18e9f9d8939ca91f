using Sesh.Sync.Wire;

namespace Sesh.Tests.Wire;

/// <summary>One direction of a connection in memory.</summary>
internal sealed class PipeWay
{
    private const int Capacity = 64 << 10;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Credit _room = new(Capacity);
    private TaskCompletionSource? _thaw;
    private Task _delivery = Task.CompletedTask;
    private bool _closed;

    public PipeWay(TimeProvider time)
    {
        _time = time;
        Arrived = new Inbound(Capacity, read => _room.Add((ulong)read));
    }

    public Inbound Arrived { get; }

    public long Bytes { get; private set; }

    /// <summary>How long each byte is under way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>After this many bytes the connection breaks, in the middle of whatever it is.</summary>
    public long CutAfter { get; set; } = long.MaxValue;

    public Action<string>? OnCut { get; set; }

    /// <summary>Everything written, for tests that look at it.</summary>
    public MemoryStream? Record { get; set; }

    /// <summary>From here on nothing arrives, and nobody is told.</summary>
    public void Freeze() => _thaw ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw()
    {
        _thaw?.TrySetResult();
        _thaw = null;
    }

    /// <summary>In order: what was written still arrives.</summary>
    public void End()
    {
        lock (_gate)
        {
            _closed = true;
            _room.Close(new IOException("closed"));
            _delivery = After(_delivery, [], 0);
        }
    }

    /// <summary>At once.</summary>
    public void Close(string why)
    {
        lock (_gate)
            _closed = true;
        _room.Close(new IOException(why));
        Arrived.Complete();
        Thaw();
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
        {
            var piece = await _room.TakeAsync(bytes.Length, cancel);
            var cut = false;
            lock (_gate)
            {
                if (_closed)
                    throw new IOException("closed");
                if (Bytes + piece > CutAfter)
                    (piece, cut) = ((int)(CutAfter - Bytes), true);
                Bytes += piece;
                Record?.Write(bytes.Span[..piece]);
                if (Delay == TimeSpan.Zero && _thaw is null && _delivery.IsCompleted)
                    Arrived.Add(bytes.Span[..piece]);
                else
                    _delivery = After(_delivery, bytes[..piece].ToArray(), _time.GetTimestamp());
            }

            if (cut)
            {
                OnCut?.Invoke("cut");
                throw new IOException("cut");
            }

            bytes = bytes[piece..];
        }
    }

    private async Task After(Task before, byte[] bytes, long written)
    {
        await before;
        if (bytes.Length > 0 && Delay > TimeSpan.Zero && Delay - _time.GetElapsedTime(written) is var rest && rest > TimeSpan.Zero)
            await Task.Delay(rest, _time);
        if (_thaw is { } thaw)
            await thaw.Task;
        if (bytes.Length > 0)
            Arrived.Add(bytes);
        else
            Arrived.Complete();
    }
}
