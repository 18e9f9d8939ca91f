using System.IO.Pipelines;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Sesh.Sync.Transports;

/// <summary>
/// One command over one connection of SSH.NET's. Its streams block without a way to cancel, so a thread of ours reads, and writing is waited for from outside. It buffers whatever
/// the other side sends: more than is ever asked for at once ends the connection.
/// </summary>
internal sealed class SshNetProgram : IRemoteProgram
{
    private const int TailBytes = 4096;
    private const long MostUnread = 32 << 20;

    private static readonly TimeSpan DisposeWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly SshClient _client;
    private readonly SshCommand _command;
    private readonly string _host;
    private readonly Pipe _output = new(new PipeOptions(pauseWriterThreshold: 256 << 10, resumeWriterThreshold: 128 << 10, useSynchronizationContext: false));
    private readonly StringBuilder _tail = new();
    private readonly Task _completing;
    // After a client was disposed of nothing of its tells that anything has ended.
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _broken;

    private SshNetProgram(SshClient client, SshCommand command, Task running, string host)
    {
        _client = client;
        _command = command;
        _host = host;
        Input = new BlockingOutput(InputOf(command));
        Output = _output.Reader.AsStream();
        var reading = Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        var listening = Task.Factory.StartNew(Listen, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Ended = EndAsync(running, listening);
        _completing = CompleteAsync(reading);
    }

    public Stream Output { get; }

    public Stream Input { get; }

    public Task<RemoteEnd> Ended { get; }

    /// <summary>Owns the client from here on where it succeeds.</summary>
    public static Task<SshNetProgram> StartAsync(SshClient client, ResolvedHost host, string text, CancellationToken cancel) => Task.Run(() =>
    {
        var command = client.CreateCommand(text);
        return new SshNetProgram(client, command, command.ExecuteAsync(CancellationToken.None), host.HostName);
    }, cancel);

    private static Stream InputOf(SshCommand command)
    {
        try
        {
            return command.CreateInputStream();
        }
        catch (InvalidOperationException)
        {
            // It has ended already, as a shell does at once that finds no sesh: Ended tells how.
            return Stream.Null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(_client).ConfigureAwait(false);
        _gone.TrySetResult();
        await Ended.ConfigureAwait(false);
        // Wakes the thread that reads; and where it waits for a reader of ours, that one has gone.
        await WithinAsync(_command.Dispose).ConfigureAwait(false);
        _output.Writer.CancelPendingFlush();
        await Task.WhenAny(_completing, Task.Delay(DisposeWithin)).ConfigureAwait(false);
    }

    /// <summary>Says goodbye to a machine that may not be there any more, so not for long.</summary>
    public static Task DisposeAsync(SshClient client) => WithinAsync(client.Dispose);

    private static async Task WithinAsync(Action dispose)
    {
        var disposing = Task.Run(() =>
        {
            try
            {
                dispose();
            }
            catch (Exception e) when (e is SshException or IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
            {
                // It is over either way.
            }
        });
        await Task.WhenAny(disposing, Task.Delay(DisposeWithin)).ConfigureAwait(false);
    }

    private async Task Pump()
    {
        var stream = _command.OutputStream;
        try
        {
            while (true)
            {
                var count = stream.Read(_output.Writer.GetSpan(32 << 10));
                if (count == 0)
                    break;
                _output.Writer.Advance(count);
                if (await FlushAsync().ConfigureAwait(false) is { IsCompleted: true } or { IsCanceled: true })
                    break;
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException or SshException)
        {
            // The end; Ended says of what kind.
        }
    }

    private async Task CompleteAsync(Task reading)
    {
        await reading.ConfigureAwait(false);
        // A peer that died reads like one that has finished: only the command's own end tells them apart, so that is waited for.
        await Ended.ConfigureAwait(false);
        await _output.Writer.CompleteAsync().ConfigureAwait(false);
    }

    private void Listen()
    {
        var buffer = new byte[1024];
        try
        {
            while (_command.ExtendedOutputStream.Read(buffer, 0, buffer.Length) is > 0 and var count)
            {
                lock (_tail)
                {
                    _tail.Append(Encoding.UTF8.GetString(buffer, 0, count));
                    if (_tail.Length > TailBytes)
                        _tail.Remove(0, _tail.Length - TailBytes);
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException or SshException)
        {
            // As in Pump.
        }
    }

    private async Task<RemoteEnd> EndAsync(Task running, Task listening)
    {
        Exception? fault = null;
        try
        {
            await (await Task.WhenAny(running, _gone.Task).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SshException or OperationCanceledException or ObjectDisposedException or IOException or System.Net.Sockets.SocketException)
        {
            fault = e;
        }

        await Task.WhenAny(listening, Task.Delay(200)).ConfigureAwait(false);
        string words;
        lock (_tail)
            words = _tail.ToString();
        if (_broken is null && running.IsCompletedSuccessfully && _command.ExitStatus is { } status)
            return new RemoteEnd(status, words);
        var why = _broken ?? (_gone.Task.IsCompleted ? "it was given up" : fault is null ? _command.ExitSignal is { Length: > 0 } signal ? $"what ran there was ended by signal {signal}" : "it ended without a status" : SshWords.Last(fault.Message));
        return new RemoteEnd(null, words, new SeshException("link-lost", $"the connection to {_host} broke: {why}"));
    }

    /// <summary>While nobody reads, SSH.NET goes on buffering.</summary>
    private async ValueTask<FlushResult> FlushAsync()
    {
        var flushing = _output.Writer.FlushAsync();
        if (flushing.IsCompleted)
            return await flushing.ConfigureAwait(false);
        var waiting = flushing.AsTask();
        while (await Task.WhenAny(waiting, Task.Delay(LookEvery)).ConfigureAwait(false) != waiting)
            Watch();
        return await waiting.ConfigureAwait(false);
    }

    private void Watch()
    {
        if (_command.OutputStream is not PipeStream { Length: > MostUnread })
            return;
        _broken = "it sends far more than it was asked for";
        _gone.TrySetResult();
        _ = DisposeAsync(_client);
    }

    /// <summary>Writes that block are done by another thread, and waited for as long as the caller wants to wait.</summary>
    private sealed class BlockingOutput(Stream inner) : Stream
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

        public override void Write(byte[] buffer, int offset, int count) => Guarded(() => inner.Write(buffer, offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // Copied: who stops waiting may use the buffer for something else while it is still being sent.
            var bytes = buffer.ToArray();
            return new ValueTask(Task.Run(() => Write(bytes, 0, bytes.Length), cancellationToken).WaitAsync(cancellationToken));
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => Guarded(inner.Flush);

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.Run(Flush, cancellationToken).WaitAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                try
                {
                    inner.Dispose();
                }
                catch (Exception e) when (e is SshException or IOException or ObjectDisposedException or InvalidOperationException)
                {
                    // The end could not be told: the connection is over.
                }
            }

            base.Dispose(disposing);
        }

        private static void Guarded(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is SshException or ObjectDisposedException or InvalidOperationException)
            {
                throw new IOException("the connection is over", e);
            }
        }
    }
}
