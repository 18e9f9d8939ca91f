namespace Sesh.Sync.Wire;

public sealed partial class Link
{
    /// <summary>Reads until the end. Never waits for anything but the next frame.</summary>
    private async Task ReadAsync()
    {
        try
        {
            while (await _reader.ReadAsync(_stop.Token).ConfigureAwait(false) is { } frame)
            {
                if (!Dispatch(frame))
                    return;
            }

            End(await WhyEndedAsync().ConfigureAwait(false) ?? "the other side ended without a goodbye", null, null);
        }
        catch (WireException e)
        {
            End($"{Name} sent {e.Message}", null, Goodbye("protocol", e.Message));
        }
        catch (Exception e)
        {
            // A transport that broke, or was ended by us.
            End(await WhyEndedAsync().ConfigureAwait(false) ?? Visible.Of(e.Message), null, null);
        }
    }

    /// <summary>False behind a goodbye.</summary>
    private bool Dispatch(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Ping:
                _outbox.Post(FrameKind.Pong, 0, []);
                break;
            case FrameKind.Pong:
                Pong();
                break;
            case FrameKind.Goodbye:
                var said = SaidWhy(frame);
                GoodbyeCode = said?.Code;
                End(said?.Message, null, null);
                return false;
            case FrameKind.Exchange or FrameKind.ExchangeCredit or FrameKind.Receipt or FrameKind.State:
                // A slow line may take its time over a ping behind much else, and answers to that prove as much.
                if (frame.Kind is FrameKind.ExchangeCredit or FrameKind.Receipt)
                    Answered();
                _exchange!.Take(frame);
                break;
            case FrameKind.Open or FrameKind.Input or FrameKind.OutputCredit or FrameKind.ErrorsCredit or FrameKind.Cancel or FrameKind.Resize:
                TakeAsServer(frame);
                break;
            case FrameKind.Output or FrameKind.Errors or FrameKind.InputCredit or FrameKind.Exit or FrameKind.Fail:
                TakeAsAsker(frame);
                break;
            case >= FrameKind.FirstIgnorable:
                break;
            default:
                throw new WireException($"a frame of kind {(int)frame.Kind}, which this version does not know");
        }

        return true;
    }

    private void Answered()
    {
        lock (_gate)
            _unanswered = null;
    }

    private void Pong()
    {
        Answered();
        lock (_gate)
        {
            foreach (var pong in _pongs)
                pong.TrySetResult();
            _pongs.Clear();
        }
    }

    private static SeshException? SaidWhy(Frame frame) => frame.Payload.Length == 0 ? null : RequestFormat.ReadFailure(frame.Payload);

    /// <summary>Why the connection is over, where it was not in order; waits a moment for the transport to know.</summary>
    private async Task<string?> WhyEndedAsync()
    {
        lock (_gate)
        {
            // We ended it: that is why, and a transport that says so late must not hold up who waits for the end.
            if (_closing is not null)
                return _why;
        }

        try
        {
            return await _connection.Ended.WaitAsync(LastWords, _options.Time).ConfigureAwait(false) is { } why ? Visible.Of(why) : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
