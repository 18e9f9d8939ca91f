using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

public sealed partial class Link
{
    /// <summary>
    /// Skips what a remote shell prints before the preamble, says hello both ways and agrees on a protocol. Owns the connection from here on, also when it throws.
    /// </summary>
    /// <exception cref="SeshException"><c>not-sesh</c>, <c>protocol</c> (none in common; names both), <c>wrong-machine</c>, <c>silent</c>, <c>refused</c>, <c>link-lost</c>.</exception>
    public static async Task<Link> OpenAsync(IConnection connection, LinkOptions options, CancellationToken cancel)
    {
        var link = new Link(connection, options);
        try
        {
            await link.GreetAsync(cancel).ConfigureAwait(false);
            return link;
        }
        catch (Exception e)
        {
            // Whatever it was, nothing of the link stays; the other side hears what it can mend.
            link.End(e.Message, null, e is SeshException { Code: "protocol" or "wrong-machine" or "not-allowed" } said ? Goodbye(said.Code, said.Message) : null);
            await link._closing!.ConfigureAwait(false);
            throw;
        }
    }

    private async Task GreetAsync(CancellationToken cancel)
    {
        // At once, so that it is on its way while this home is read.
        _outbox.PostRaw(FrameReader.Magic);
        if (_options.Allow == Grant.None)
            throw new SeshException("not-allowed", $"{_options.Machine} allows this login nothing");
        var state = _options.Sharing.State();
        var follows = StateChange.Between(StateVector.Empty, state).Portions().ToImmutableArray();
        if (follows.Length <= 1)
            follows = [];
        var mine = Hello.Of(_options, follows, state);
        _outbox.Post(FrameKind.Hello, 0, Packed.Write(mine.Write).Span);
        foreach (var portion in follows)
            _outbox.Post(FrameKind.State, 0, Exchange.WriteState(0, portion).Span);

        var theirs = await HelloAsync(cancel).ConfigureAwait(false);
        _peer = Check(theirs, mine);
        _openedAt = _options.Time.GetTimestamp();
        Start(new Exchange(_options, _outbox, state, follows.Length, theirs, (why, failure) => End(why, failure, Goodbye("failed", why))));
    }

    /// <summary>All at once, so that an end finds either everything or nothing at work.</summary>
    private void Start(Exchange exchange)
    {
        lock (_gate)
        {
            if (_closing is not null)
                throw Lost();
            _exchange = exchange;
            _exchange.Start();
            _silence = new Silence(
                _options,
                () => _reader.LastHeard,
                Ping,
                () => { if (IsSilent) Doubt(); },
                () => End($"nothing has come from {Name} for {_options.GiveUpAfter.TotalSeconds:0} s", null, null));
            _reading = Task.Run(ReadAsync);
        }
    }

    private async Task<Hello> HelloAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(_options.HelloWithin, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var reading = ReadHelloAsync(patience, either.Token);
        _reading = reading;
        try
        {
            // A transport's read may not hear of cancellation.
            return await reading.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var came = _reader.Heard ? $"; it says: {_reader.Noise}" : "";
            throw new SeshException("silent", $"{_connection.Description}: no hello of sesh within {(_reader.Bytes > 0 ? _options.GiveUpAfter : _options.HelloWithin).TotalSeconds:0.#} s{came}");
        }
        catch (WireException e)
        {
            throw NotSesh(e.Message);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The other side went without a word: killed, for one.
            throw new SeshException("link-lost", $"{_connection.Description} broke off before it said hello: {await WhyEndedAsync().ConfigureAwait(false) ?? Visible.Of(e.Message)}", inner: e);
        }
    }

    private async Task<Hello> ReadHelloAsync(CancellationTokenSource patience, CancellationToken cancel)
    {
        if (!await _reader.SkipToMagicAsync(cancel).ConfigureAwait(false))
            throw await EndedEarlyAsync().ConfigureAwait(false);
        // It is a sesh, and reads its home before it says more: on a slow disk, or where its index is to be made, that takes its time.
        patience.CancelAfter(_options.GiveUpAfter);
        var frame = await _reader.ReadAsync(cancel).ConfigureAwait(false) ?? throw await EndedEarlyAsync().ConfigureAwait(false);
        return frame.Kind switch
        {
            FrameKind.Hello => Packed.Read(frame.Payload, "a hello", Hello.Read),
            FrameKind.Goodbye => throw new SeshException("refused", $"{_connection.Description} refuses the link: {SaidWhy(frame)?.Message ?? "without a reason"}"),
            _ => throw new WireException("something else before its hello"),
        };
    }

    private async Task<SeshException> EndedEarlyAsync()
    {
        var why = await WhyEndedAsync().ConfigureAwait(false);
        return NotSesh(why ?? "it ended without a word");
    }

    private SeshException NotSesh(string why) => new(
        "not-sesh",
        $"{_connection.Description} does not speak as sesh: {why}{(_reader.Heard ? $"; it says: {_reader.Noise}" : "")}",
        "look whether sesh is installed there");

    private PeerHello Check(Hello theirs, Hello mine)
    {
        var protocol = Math.Min(theirs.Highest, mine.Highest);
        if (protocol < theirs.Lowest || protocol < mine.Lowest)
        {
            throw new SeshException(
                "protocol",
                $"{_options.Machine} (sesh {mine.Version}) speaks protocol {new ProtocolRange(mine.Lowest, mine.Highest)}, "
                + $"{Visible.Of(theirs.Machine, 64)} (sesh {theirs.Version}) speaks {new ProtocolRange(theirs.Lowest, theirs.Highest)}",
                "upgrade the older of the two");
        }

        if (!MachineName.TryParse(theirs.Machine, out var machine))
            throw new SeshException("wrong-machine", $"{_connection.Description} calls itself \"{Visible.Of(theirs.Machine, 64)}\", which cannot be a machine's name");
        if (_options.Expected is { } expected && machine != expected)
        {
            throw new SeshException(
                "wrong-machine",
                $"{_connection.Description} calls itself {machine}, where {expected} was expected",
                $"name the peer {machine}, or correct the machine's name there");
        }

        return new PeerHello(machine, theirs.Replica, theirs.Version, protocol, theirs.Allow, theirs.ClockMs)
        {
            Stays = theirs.Capabilities.HasFlag(Capabilities.Stays),
            HeardMs = _options.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }
}
