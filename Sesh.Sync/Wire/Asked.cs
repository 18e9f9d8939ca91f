namespace Sesh.Sync.Wire;

/// <summary>A request on the side of who asks: copies the three streams and waits for the end.</summary>
internal sealed class Asked
{
    /// <summary>How long a stream of the asker's that does not hear of cancellation is waited for.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Outbox _outbox;
    private readonly uint _channel;
    private readonly TaskCompletionSource<Ending> _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Asked(Outbox outbox, uint channel)
    {
        (_outbox, _channel) = (outbox, channel);
        Output = new Inbound(Limits.StreamWindow, read => Grant(FrameKind.OutputCredit, read));
        Errors = new Inbound(Limits.StreamWindow, read => Grant(FrameKind.ErrorsCredit, read));
    }

    /// <summary>What the other side writes.</summary>
    public Inbound Output { get; }

    public Inbound Errors { get; }

    /// <summary>For standard input.</summary>
    public Credit Input { get; } = new(Limits.StreamWindow);

    /// <summary>Whether the other side has said how it ended.</summary>
    public bool Answered { get; private set; }

    /// <summary>The other side's last word.</summary>
    public void Finish(int status, SeshException? failure)
    {
        Answered = true;
        End(new Ending(status, failure));
    }

    /// <summary>The link is over: what came is still handed on.</summary>
    public void Lose(SeshException why) => End(new Ending(0, why));

    public async Task<int> RunAsync(RequestStreams streams, TimeProvider time, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var copies = Task.WhenAll(CopyAsync(Output, streams.Output, over.Token), CopyAsync(Errors, streams.Error, over.Token));
        var stop = over.Token;
        // Elsewhere: a stream may block in its read.
        _ = Task.Run(() => FeedAsync(streams.Input, stop), CancellationToken.None);
        try
        {
            var ending = await _ending.Task.WaitAsync(cancel).ConfigureAwait(false);
            await copies.ConfigureAwait(false);
            return ending.Failure is null ? ending.Status : throw ending.Failure;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            // A terminal that nobody reads may hold a write for ever; its task ends with it.
            await copies.WaitAsync(Grace, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CopyAsync(Inbound from, Stream to, CancellationToken cancel)
    {
        var buffer = new byte[Limits.Piece];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
                await to.FlushAsync(cancel).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // The asker's own stream broke, a closed pipe for instance: nobody can be told more, so the request is over.
            End(new Ending(0, e));
            throw;
        }
    }

    /// <summary>Is not waited for: reading a terminal cannot be cancelled.</summary>
    private async Task FeedAsync(Stream from, CancellationToken cancel)
    {
        try
        {
            var to = new OutboundStream(_outbox, FrameKind.Input, _channel, Input);
            var buffer = new byte[Limits.Piece];
            int read;
            while ((read = await from.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0 && !cancel.IsCancellationRequested)
            {
                if (!await SendAsync(to, buffer.AsMemory(0, read), cancel).ConfigureAwait(false))
                    return;
            }

            if (!cancel.IsCancellationRequested)
                _outbox.Post(FrameKind.Input, _channel, []);
        }
        catch (Exception e)
        {
            // Either the request is over, and nobody asks; or its input cannot be read, and then it is over.
            if (!cancel.IsCancellationRequested)
                End(new Ending(0, e));
        }
    }

    /// <summary>False where the link or the request is over, of which others tell the asker why.</summary>
    private static async ValueTask<bool> SendAsync(OutboundStream to, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            await to.WriteAsync(bytes, cancel).ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void End(Ending ending)
    {
        _ending.TrySetResult(ending);
        Output.Complete();
        Errors.Complete();
        Input.Close(new IOException("the request is over"));
    }

    private void Grant(FrameKind kind, int read)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxSize];
        _outbox.Post(kind, _channel, bytes[..Varint.Write(bytes, (ulong)read)]);
    }

    private readonly record struct Ending(int Status, Exception? Failure);
}
