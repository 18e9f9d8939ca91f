namespace Sesh.Sync.Wire;

/// <summary>A request on the side of who serves it.</summary>
internal sealed class Served
{
    private readonly CancellationTokenSource _stop = new();

    public Served(Outbox outbox, uint channel)
    {
        Input = new Inbound(Limits.StreamWindow, read =>
        {
            Span<byte> bytes = stackalloc byte[Varint.MaxSize];
            outbox.Post(FrameKind.InputCredit, channel, bytes[..Varint.Write(bytes, (ulong)read)]);
        });
        Streams = new RequestStreams(
            new InboundStream(Input),
            new OutboundStream(outbox, FrameKind.Output, channel, Output),
            new OutboundStream(outbox, FrameKind.Errors, channel, Errors),
            Sizes);
    }

    public Inbound Input { get; }

    public Credit Output { get; } = new(Limits.StreamWindow);

    public Credit Errors { get; } = new(Limits.StreamWindow);

    public TerminalSizes Sizes { get; } = new();

    public RequestStreams Streams { get; }

    public CancellationToken Stopping => _stop.Token;

    /// <summary>Completes when the handler has come back.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    /// <summary>Nobody waits for it any more.</summary>
    public void Stop()
    {
        var gone = new IOException("nobody waits for this any more");
        Output.Close(gone);
        Errors.Close(gone);
        Input.Complete();
        // What the handler hangs on the token must not hold up whoever reads the link.
        _ = _stop.CancelAsync();
    }
}
