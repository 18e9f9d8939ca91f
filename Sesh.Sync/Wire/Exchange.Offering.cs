using MessagePack;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

internal sealed partial class Exchange
{
    private async Task OfferAsync()
    {
        try
        {
            while (await WokenAsync().ConfigureAwait(false))
            {
                while (Begin() is { } round)
                    await RunAsync(round).ConfigureAwait(false);
            }

            // What came last may need no more than to be looked at.
            while (Begin() is { } round)
                await RunAsync(round).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or EndOfStreamException or ObjectDisposedException)
        {
            // The link is over, and who waits is told by the task that takes.
        }
        catch (TimeoutException)
        {
            _failed($"{_peer} does not answer what it is sent", null);
        }
        catch (Exception e)
        {
            // This home cannot be read: what the exchange does is of no use any more.
            _failed(Visible.Of(e.Message), e);
        }
    }

    /// <summary>False when the link is over.</summary>
    private async Task<bool> WokenAsync()
    {
        await _wake.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_stop.IsCancellationRequested;
    }

    /// <summary>The next round, where one is due.</summary>
    private Round? Begin()
    {
        lock (_gate)
        {
            _running = Due;
            if (!_running)
            {
                Settle();
                return null;
            }

            var round = new Round(_theirs, _stale, _look, (_marker == 0 && !_equal) || _theirChanges > _roundKnew || _lookHeard > _roundHeard, _theirChanges, _lookHeard);
            _stale = _look = _again = false;
            (_roundKnew, _roundHeard) = (round.Knows, round.Heard);
            return round;
        }
    }

    private async Task RunAsync(Round round)
    {
        var mine = round.IsStale ? Tell(false) : _told;
        var sent = 0;
        if (!StateChange.Between(mine, round.Theirs).IsEmpty)
        {
            StateVector against;
            lock (_gate)
                against = _offered.Against(round.Theirs);
            foreach (var parcel in _sharing.Offer(against))
            {
                bool send;
                lock (_gate)
                    send = _offered.Note(parcel, round.Theirs);
                if (send && await SendAsync(parcel).ConfigureAwait(false))
                    sent++;
            }
        }

        if (sent == 0 && !round.Look && !round.MustMark)
            return;
        ulong number;
        lock (_gate)
        {
            number = ++_marker;
            if (sent > 0 || round.Look)
                _wanted = number;
            if (round.Look)
                _looked = number;
        }

        var marker = new Marker(number, sent > 0 || round.Look, round.Look, round.Knows, round.Heard);
        await StreamAsync(new StreamMessage(MessageType.Marker, marker.Write()).Encode(false)).ConfigureAwait(false);
        await UntilAsync(() => _theirTaken >= _wanted && _offered.Unanswered == 0).ConfigureAwait(false);
    }

    private async Task<bool> SendAsync(Parcel parcel)
    {
        var bytes = ParcelFormat.Write(parcel);
        if (bytes.Length > Limits.Parcel)
        {
            lock (_gate)
                _refusals.Add($"{ParcelName.Of(parcel)} is too large to be sent: {bytes.Length} bytes", isForNow: false);
            return false;
        }

        // A compacted part is compressed as it lies.
        var compress = _compress && !(parcel is DocumentParcel document && document.Base.Length > bytes.Length / 2);
        var message = new StreamMessage(MessageType.Parcel, bytes).Encode(compress);
        await UntilAsync(() => _offered.Unanswered < Limits.Unanswered).ConfigureAwait(false);
        lock (_gate)
            _offered.OnWay(parcel);
        await StreamAsync(message).ConfigureAwait(false);
        return true;
    }

    private async Task StreamAsync(ReadOnlyMemory<byte> message)
    {
        while (message.Length > 0)
        {
            var wait = _credit.TakeAsync(Math.Min(message.Length, Limits.Piece), _stop.Token);
            var piece = wait.IsCompletedSuccessfully
                ? wait.Result
                : await wait.AsTask().WaitAsync(_options.GiveUpAfter, _options.Time, _stop.Token).ConfigureAwait(false);
            await _outbox.SendAsync(FrameKind.Exchange, 0, message[..piece], _stop.Token).ConfigureAwait(false);
            message = message[piece..];
        }
    }

    /// <exception cref="TimeoutException">The other side is there and does nothing.</exception>
    private async Task UntilAsync(Func<bool> state)
    {
        while (true)
        {
            Task progress;
            lock (_gate)
            {
                if (state())
                    return;
                progress = _progress.Task;
            }

            await progress.WaitAsync(_options.GiveUpAfter, _options.Time, _stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Looks what is held and tells the other side what is new. Gives what it now knows of us.</summary>
    /// <param name="answer">Whether something is said in any case.</param>
    private StateVector Tell(bool answer)
    {
        lock (_telling)
        {
            var mine = _sharing.State();
            var change = StateChange.Between(_told, mine);
            if (!change.IsEmpty)
            {
                foreach (var portion in change.Portions())
                    PostState(portion);
            }
            else if (answer)
            {
                PostState(change);
            }

            return _told = mine;
        }
    }

    /// <summary>While telling: a state never says less than the one before.</summary>
    private void PostState(StateChange change)
    {
        ulong taken;
        lock (_gate)
        {
            taken = _theirMarkerTaken;
            if (!change.IsEmpty)
                _toldChanges++;
        }

        _outbox.Post(FrameKind.State, 0, WriteState(taken, change).Span);
    }

    public static ReadOnlyMemory<byte> WriteState(ulong taken, StateChange change) => Packed.Write((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(change.IsEmpty ? 1 : 2);
        writer.Write(taken);
        if (!change.IsEmpty)
            change.Write(ref writer);
    });

    /// <param name="Theirs">Their vector as last told.</param>
    /// <param name="IsStale">Ours has to be looked up again.</param>
    /// <param name="Look">They are asked to look again as well.</param>
    /// <param name="MustMark">They wait to hear that it was run.</param>
    /// <param name="Knows">The changes of theirs in it.</param>
    /// <param name="Heard">Their marker that asked to look.</param>
    private sealed record Round(StateVector Theirs, bool IsStale, bool Look, bool MustMark, ulong Knows, ulong Heard);
}
