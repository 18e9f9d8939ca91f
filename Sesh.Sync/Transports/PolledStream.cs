using System.Runtime.InteropServices;

namespace Sesh.Sync.Transports;

/// <summary>
/// An inherited descriptor of any kind, pipe or socket, one way, for one reader or one writer. What waits does so in a thread of its own, and ends when the stream is disposed:
/// .NET's streams over a pipe wait in a read(2) that nothing can end, in one of the pool's few threads. Does not close the descriptor.
/// </summary>
internal sealed unsafe partial class PolledStream : Stream
{
    private const short In = 1;
    private const short Out = 4;
    private const int Interrupted = 4;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;
    private const int GetFlags = 3;
    private const int SetFlags = 4;

    private readonly int _descriptor;
    private readonly int _wakeRead;
    private readonly int _wakeWrite;
    private readonly SemaphoreSlim _asked = new(0);
    private Action? _work;
    private Thread? _waiter;
    private int _disposed;

    public PolledStream(int descriptor)
    {
        _descriptor = descriptor;
        var ends = stackalloc int[2];
        if (Pipe(ends) != 0)
            throw Failure();
        (_wakeRead, _wakeWrite) = (ends[0], ends[1]);
        _ = Control(_wakeRead, SetDescriptorFlags, CloseOnExec);
        _ = Control(_wakeWrite, SetDescriptorFlags, CloseOnExec);
        SetNonBlocking();
    }

    // Linux's numbers; macOS has its own.
    private static int NonBlocking => OperatingSystem.IsMacOS() ? 4 : 0x800;

    private static int TryAgain => OperatingSystem.IsMacOS() ? 35 : 11;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        while ((count = TryRead(buffer)) < 0)
            Wait(In);
        return count;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (true)
        {
            buffer = buffer[TryWrite(buffer)..];
            if (buffer.IsEmpty)
                return;
            Wait(Out);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        TryRead(buffer.Span) is >= 0 and var count ? new(count) : new(InWaiter(() => Read(buffer.Span)));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var rest = buffer[TryWrite(buffer.Span)..];
        if (rest.IsEmpty)
            return ValueTask.CompletedTask;
        return new(InWaiter(() =>
        {
            Write(rest.Span);
            return 0;
        }));
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends whoever waits. The ends of the waking pipe stay open: somebody may still be looking at them.</summary>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            byte one = 1;
            _ = WriteTo(_wakeWrite, &one, 1);
            _asked.Release();
        }

        base.Dispose(disposing);
    }

    /// <summary>-1: nothing has come yet. 0: the end.</summary>
    private int TryRead(Span<byte> buffer)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            nint count;
            fixed (byte* bytes = buffer)
                count = ReadFrom(_descriptor, bytes, (nuint)buffer.Length);
            if (count >= 0)
                return (int)count;
            if (Marshal.GetLastPInvokeError() == TryAgain)
                return -1;
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failure();
        }
    }

    /// <summary>How much of it went without waiting.</summary>
    private int TryWrite(ReadOnlySpan<byte> buffer)
    {
        var written = 0;
        while (written < buffer.Length)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            nint count;
            fixed (byte* bytes = buffer[written..])
                count = WriteTo(_descriptor, bytes, (nuint)(buffer.Length - written));
            if (count >= 0)
                written += (int)count;
            else if (Marshal.GetLastPInvokeError() == TryAgain)
                break;
            else if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failure();
        }

        return written;
    }

    private Task<int> InWaiter(Func<int> work)
    {
        // Continuations run in the pool: the waiter must be free for the next one.
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work = () =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                done.SetException(e);
            }
        };
        if (_waiter is null)
        {
            _waiter = new Thread(WaitForWork) { IsBackground = true, Name = "descriptor" };
            _waiter.Start();
        }

        _asked.Release();
        // The waiter may have gone before it saw this.
        if (Volatile.Read(ref _disposed) != 0)
            Interlocked.Exchange(ref _work, null)?.Invoke();
        return done.Task;
    }

    private void WaitForWork()
    {
        while (true)
        {
            _asked.Wait();
            // At the end the work left fails of itself.
            Interlocked.Exchange(ref _work, null)?.Invoke();
            if (Volatile.Read(ref _disposed) != 0)
                return;
        }
    }

    private void Wait(short events)
    {
        var entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = _descriptor, Events = events };
        entries[1] = new PollEntry { Descriptor = _wakeRead, Events = In };
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            if (Poll(entries, 2, -1) < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                throw Failure();
            if (entries[0].Returned != 0)
                return;
        }
    }

    private void SetNonBlocking()
    {
        var flags = Control(_descriptor, GetFlags, 0);
        if (flags < 0)
            throw Failure();
        _ = Control(_descriptor, SetFlags, flags | NonBlocking);
    }

    private static IOException Failure() => new(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()), Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFrom(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static partial int Pipe(int* ends);

    // Variadic: on Apple's arm64 the third argument lies elsewhere. Untested there.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, nint argument);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
