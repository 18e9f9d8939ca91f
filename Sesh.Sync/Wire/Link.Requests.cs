namespace Sesh.Sync.Wire;

public sealed partial class Link
{
    private readonly Dictionary<uint, Asked> _asked = [];
    private readonly Dictionary<uint, Served> _served = [];
    private uint _lastAsked;

    /// <summary>
    /// Has the other side, or a machine behind it, run something; copies the streams; returns its exit status. The asker's input is read ahead, and one read of it may be
    /// left waiting behind the end, as reading a terminal cannot be cancelled.
    /// </summary>
    /// <exception cref="SeshException">What the other side said: <c>not-allowed</c>, <c>unknown-verb</c>, <c>unreachable</c>, …; or <c>link-lost</c>, <c>busy</c>, <c>too-large</c>.</exception>
    /// <exception cref="IOException">One of the asker's own streams broke; the request is cancelled.</exception>
    public async Task<int> AskAsync(Request request, RequestStreams streams, CancellationToken cancel)
    {
        var words = RequestFormat.Write(request);
        var (channel, asked) = Add();
        void Resized(RequestTerminal size) => _outbox.Post(FrameKind.Resize, channel, RequestFormat.Write(size).Span);
        try
        {
            await _outbox.SendAsync(FrameKind.Open, channel, words, cancel).ConfigureAwait(false);
            if (streams.Sizes is not null)
                streams.Sizes.Changed += Resized;
            return await asked.RunAsync(streams, _options.Time, cancel).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The link ended before it could be asked.
            throw Lost();
        }
        finally
        {
            if (streams.Sizes is not null)
                streams.Sizes.Changed -= Resized;
            lock (_gate)
                _asked.Remove(channel);
            if (!asked.Answered)
                _outbox.Post(FrameKind.Cancel, channel, []);
        }
    }

    private (uint Channel, Asked Asked) Add()
    {
        lock (_gate)
        {
            if (_closing is not null)
                throw Lost();
            if (_asked.Count >= Limits.Requests)
                throw new SeshException("busy", $"{Limits.Requests} requests to {Name} are at work already", "wait for one of them");
            var asked = new Asked(_outbox, ++_lastAsked);
            _asked.Add(_lastAsked, asked);
            return (_lastAsked, asked);
        }
    }

    /// <summary>What is about a request that we ask. Those that nobody waits for any more are ignored.</summary>
    private void TakeAsAsker(Frame frame)
    {
        Asked? asked;
        lock (_gate)
        {
            if (frame.Channel > _lastAsked)
                throw new WireException("an answer to nothing");
            if (!_asked.TryGetValue(frame.Channel, out asked))
                return;
        }

        var bytes = frame.Payload.Span;
        switch (frame.Kind)
        {
            case FrameKind.Output:
                asked.Output.Add(bytes);
                break;
            case FrameKind.Errors:
                asked.Errors.Add(bytes);
                break;
            case FrameKind.InputCredit:
                asked.Input.Add(Varint.Take(ref bytes));
                break;
            case FrameKind.Exit:
                asked.Finish((int)Math.Min(Varint.Take(ref bytes), 255), null);
                break;
            case FrameKind.Fail:
                asked.Finish(0, RequestFormat.ReadFailure(frame.Payload));
                break;
        }
    }

    /// <summary>What is about a request that we serve. Those that are over are ignored.</summary>
    private void TakeAsServer(Frame frame)
    {
        if (frame.Kind == FrameKind.Open)
        {
            Open(frame);
            return;
        }

        Served? served;
        lock (_gate)
        {
            if (!_served.TryGetValue(frame.Channel, out served))
                return;
        }

        var bytes = frame.Payload.Span;
        switch (frame.Kind)
        {
            case FrameKind.Input when bytes.Length == 0:
                served.Input.Complete();
                break;
            case FrameKind.Input:
                served.Input.Add(bytes);
                break;
            case FrameKind.OutputCredit:
                served.Output.Add(Varint.Take(ref bytes));
                break;
            case FrameKind.ErrorsCredit:
                served.Errors.Add(Varint.Take(ref bytes));
                break;
            case FrameKind.Resize:
                served.Sizes.Report(RequestFormat.ReadTerminal(frame.Payload));
                break;
            case FrameKind.Cancel:
                served.Stop();
                break;
        }
    }

    private void Open(Frame frame)
    {
        var request = RequestFormat.Read(frame.Payload);
        var served = new Served(_outbox, frame.Channel);
        lock (_gate)
        {
            if (_closing is not null)
                return;
            if (_served.ContainsKey(frame.Channel))
                throw new WireException("a request within a request");
            if (_options.Requests is { } handler && _served.Count < Limits.Requests)
            {
                _served.Add(frame.Channel, served);
                served.Running = Task.Run(() => ServeAsync(handler, request, frame.Channel, served));
                return;
            }
        }

        Fail(frame.Channel, _options.Requests is null
            ? new SeshException("not-allowed", $"{_options.Machine} serves no requests on this link")
            : new SeshException("busy", $"{_options.Machine} has {Limits.Requests} requests of {Name} at work already", "wait for one of them"));
    }

    private async Task ServeAsync(IRequestHandler handler, Request request, uint channel, Served served)
    {
        try
        {
            var status = await handler.HandleAsync(request, new RequestOrigin(Peer.Machine.Text, _options.Allow), served.Streams, served.Stopping).ConfigureAwait(false);
            Span<byte> bytes = stackalloc byte[Varint.MaxSize];
            _outbox.Post(FrameKind.Exit, channel, bytes[..Varint.Write(bytes, (byte)status)]);
        }
        catch (SeshException e)
        {
            Fail(channel, e);
        }
        catch (Exception e)
        {
            // A handler that broke ends its request, not the link.
            if (!served.Stopping.IsCancellationRequested)
                _options.Log?.Invoke($"{request.Verb} for {Name}: {e}");
            Fail(channel, new SeshException("internal", served.Stopping.IsCancellationRequested ? "cancelled" : $"{request.Verb}: {e.Message}"));
        }

        lock (_gate)
            _served.Remove(channel);
    }

    private void Fail(uint channel, SeshException why) => _outbox.Post(FrameKind.Fail, channel, RequestFormat.Write(why).Span);

    private void LoseRequests()
    {
        Asked[] asked;
        Served[] served;
        lock (_gate)
            (asked, served) = ([.. _asked.Values], [.. _served.Values]);
        foreach (var request in asked)
            request.Lose((SeshException)Lost());
        foreach (var request in served)
            request.Stop();
    }

    private Task Served()
    {
        lock (_gate)
            return Task.WhenAll(_served.Values.Select(s => s.Running));
    }
}
