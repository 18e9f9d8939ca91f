namespace Sesh.Sync.Wire;

internal sealed partial class Exchange
{
    /// <summary>Their last marker that everything before has been taken of. Under the gate.</summary>
    private ulong _theirMarkerTaken;

    private async Task TakeAsync(Task offering)
    {
        try
        {
            _sharing.Confirm(_walks);
            while (await StreamMessage.ReadAsync(_inbound, CancellationToken.None).ConfigureAwait(false) is { } message)
            {
                switch (message.Type)
                {
                    case MessageType.Parcel:
                        TakeParcel(message.Bytes);
                        break;
                    case MessageType.Marker:
                        TakeMarker(Marker.Read(message.Bytes.Span));
                        break;
                    default:
                        // A newer version's; whoever sends it knows that it may be ignored.
                        break;
                }
            }
        }
        catch (EndOfStreamException)
        {
            // Half a message before the link ended: the other side offers it again on the next one.
        }
        catch (WireException e)
        {
            _failed(e.Message, null);
        }
        catch (Exception e)
        {
            // This home cannot be read.
            _failed(Visible.Of(e.Message), e);
        }
        finally
        {
            News();
            // Whatever ended this ends that; its last look may be what settles it.
            await offering.ConfigureAwait(false);
            lock (_gate)
            {
                _over = true;
                Settle();
                foreach (var waiting in _waiting)
                    waiting.TrySetException(new EndOfStreamException());
            }
        }
    }

    private void TakeParcel(ReadOnlyMemory<byte> bytes)
    {
        Answer answer;
        var reason = "";
        try
        {
            var receipt = _sharing.Take(ParcelFormat.Read(bytes), _peer);
            (answer, reason) = ((Answer)receipt.Outcome, receipt.Reason);
        }
        catch (WireException e)
        {
            (answer, reason) = (Answer.Refused, e.Message);
        }
        catch (SeshException e)
        {
            // The home is full, or not writable: the link goes on, and both sides say so.
            (answer, reason) = (Answer.Failed, e.Message);
            _homeFailure = e;
        }

        lock (_gate)
        {
            if (answer == Answer.Taken)
            {
                _received++;
                _took = true;
            }
            else if (answer is Answer.Refused or Answer.Failed)
            {
                _refusals.Add($"refused from {_peer}: {Visible.Of(reason)}", isForNow: answer == Answer.Failed);
            }
        }

        var said = System.Text.Encoding.UTF8.GetBytes(answer is Answer.Taken or Answer.Known ? "" : Visible.Of(reason, 500));
        _outbox.Post(FrameKind.Receipt, 0, [(byte)answer, .. said]);
    }

    private void TakeMarker(Marker marker)
    {
        bool took;
        lock (_gate)
        {
            if (marker.Number != _theirMarkerTaken + 1 || marker.Knows > _toldChanges || marker.Heard > _looked)
                throw new WireException("a marker that fits nothing");
            _theirMarkerTaken = marker.Number;
            took = _took;
        }

        if (took || marker.Look)
        {
            Tell(marker.Answer);
        }
        else if (marker.Answer)
        {
            lock (_telling)
                PostState(StateChange.None);
        }

        News();
        lock (_gate)
        {
            _theirMarker = marker;
            if (marker.Look)
                _lookHeard = marker.Number;
            // What was taken may be what others of ours had waited for to count.
            _again |= took;
            Wake();
            Settle();
        }
    }

    private void News()
    {
        lock (_gate)
        {
            if (!_took)
                return;
            _took = false;
        }

        _options.Received?.Invoke();
    }
}
