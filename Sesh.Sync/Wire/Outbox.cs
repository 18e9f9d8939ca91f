namespace Sesh.Sync.Wire;

/// <summary>
/// The frames on their way out. What answers the other side is posted and never waits, so that reading never waits for writing; what flows (documents, output) waits for its turn,
/// one frame at a time. Whatever is there when the stream takes bytes again leaves in one write.
/// </summary>
/// <param name="output">Written by this alone.</param>
/// <param name="broken">Told once, of a write that failed or of a peer that reads nothing while it has us answer.</param>
internal sealed class Outbox(Stream output, Action<string> broken)
{
    private const int Enough = 64 << 10;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private byte[] _pending = new byte[2 << 10];
    private byte[] _spare = [];
    private int _count;
    private TaskCompletionSource? _room;
    private Task _pump = Task.CompletedTask;
    private bool _pumping;
    private bool _closed;
    private bool _told;

    /// <summary>Bytes of all frames so far, heads and preamble included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Completes when all that was put in before has been written, or never will be.</summary>
    public Task Drained
    {
        get
        {
            lock (_gate)
                return _pump;
        }
    }

    /// <summary>Bytes that are no frame: the preamble.</summary>
    public void PostRaw(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Reserve(bytes.Length);
            Append(bytes);
            Pump();
        }
    }

    /// <summary>Puts a frame in without waiting. After the end of the link: does nothing.</summary>
    public void Post(FrameKind kind, uint channel, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_count <= Limits.Posted)
            {
                Append(kind, channel, payload);
                return;
            }

            if (_told)
                return;
            _told = true;
        }

        broken("it has much answered and reads nothing");
    }

    /// <summary>Puts a frame in as soon as others have left. Whoever waits longest is next.</summary>
    /// <exception cref="ObjectDisposedException">The link is over.</exception>
    public async ValueTask SendAsync(FrameKind kind, uint channel, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            while (true)
            {
                Task room;
                lock (_gate)
                {
                    ObjectDisposedException.ThrowIf(_closed, this);
                    if (_count < Enough)
                    {
                        Append(kind, channel, payload.Span);
                        return;
                    }

                    room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }

                await room.WaitAsync(cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Nothing more goes in; who waits is told.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _room?.TrySetResult();
            _room = null;
        }
    }

    private void Append(FrameKind kind, uint channel, ReadOnlySpan<byte> payload)
    {
        Reserve(2 * Varint.MaxSize + payload.Length);
        var head = Varint.Write(_pending.AsSpan(_count), ((ulong)channel << 5) | (byte)kind);
        head += Varint.Write(_pending.AsSpan(_count + head), (ulong)payload.Length);
        _count += head;
        Bytes += head;
        Append(payload);
        Pump();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_pending.AsSpan(_count));
        _count += bytes.Length;
        Bytes += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (_count + more > _pending.Length)
            Array.Resize(ref _pending, Math.Max(2 * _pending.Length, _count + more));
    }

    private void Pump()
    {
        if (_pumping)
            return;
        _pumping = true;
        // On another thread: a transport may block in a write, and whoever posts may be the reader.
        _pump = Task.Run(PumpAsync);
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            byte[] bytes;
            int count;
            lock (_gate)
            {
                if (_count == 0)
                {
                    _pumping = false;
                    return;
                }

                (bytes, count) = (_pending, _count);
                _pending = _spare.Length > 0 ? _spare : new byte[bytes.Length > 2 * Enough ? 2 << 10 : bytes.Length];
                _spare = [];
                _count = 0;
                _room?.TrySetResult();
                _room = null;
            }

            try
            {
                await output.WriteAsync(bytes.AsMemory(0, count)).ConfigureAwait(false);
                await output.FlushAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // Whatever a transport throws here, it means that nothing can be said any more.
                Close();
                broken(Visible.Of(e.Message));
                return;
            }

            lock (_gate)
            {
                if (bytes.Length <= 3 * Enough)
                    _spare = bytes;
            }
        }
    }
}
