using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

/// <summary>
/// The exchange of one link. Each side tells its vector and how it changes (<c>State</c>), sends what the other lacks and ends that round with a <see cref="Marker"/>; each parcel is answered
/// when it is durable. Both hold the same when each has run a round that knew the other's last vector and all parcels are answered.
/// </summary>
/// <remarks>
/// Two tasks that never wait for one another: one offers, under the other side's credit; one takes what comes and answers without waiting. So two sides that both have much to send never
/// block each other.
/// </remarks>
internal sealed partial class Exchange
{
    /// <summary>How long until what a full home could not take is offered again, if nothing else changes.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Lock _telling = new();
    private readonly ISharing _sharing;
    private readonly Outbox _outbox;
    private readonly LinkOptions _options;
    private readonly string _peer;
    private readonly bool _compress;
    private readonly Action<string, Exception?> _failed;
    private readonly Inbound _inbound;
    private readonly Credit _credit = new(Limits.ExchangeWindow);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Offered _offered = new();
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly Refusals _refusals;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StateVector _told;
    private StateVector _theirs;

    // Of ours: how many changes of the vector were told; the last marker; the last that must be answered; the last that asked to look.
    private ulong _toldChanges;
    private ulong _marker;
    private ulong _wanted;
    private ulong _looked;

    // Of theirs: how many changes came; which of our markers they have taken in; their last marker and what it knew and heard.
    private ulong _theirChanges;
    private ulong _theirTaken;
    private Marker _theirMarker;
    private ulong _lookHeard;

    // What our last round took into account.
    private ulong _roundKnew;
    private ulong _roundHeard;

    private readonly ImmutableArray<LiveState> _walks;
    private readonly ulong _startsAt;
    private readonly bool _equal;
    private bool _running;
    private bool _stale;
    private bool _look;
    private bool _again;
    private bool _took;
    private bool _over;
    private bool _broken;
    private bool _isRetrying;
    private SeshException? _homeFailure;

    private int _sent;
    private int _received;

    /// <param name="options">Of the link.</param>
    /// <param name="outbox">Of the link.</param>
    /// <param name="told">The vector in our hello.</param>
    /// <param name="toldChanges">How many frames of it followed.</param>
    /// <param name="theirs">Their hello.</param>
    /// <param name="failed">Ends the link; with what is to be thrown to who waits. Must not wait.</param>
    public Exchange(LinkOptions options, Outbox outbox, StateVector told, int toldChanges, Hello theirs, Action<string, Exception?> failed)
    {
        (_options, _outbox, _sharing, _failed) = (options, outbox, options.Sharing, failed);
        _refusals = new Refusals(options.Log);
        (_told, _toldChanges, _theirs, _startsAt) = (told, (ulong)toldChanges, theirs.State, (ulong)theirs.Follows);
        _walks = theirs.State.Live;
        (_peer, _compress) = (theirs.Machine, theirs.Capabilities.HasFlag(Capabilities.Brotli));
        _inbound = new Inbound(Limits.ExchangeWindow, read => Post(FrameKind.ExchangeCredit, (ulong)read));
        // The same on both sides: each knows it of the other, and nothing need be said.
        _equal = _startsAt == 0 && toldChanges == 0 && StateChange.Between(told, _theirs).IsEmpty;
        _again = !_equal;
        if (_again)
            _wake.Release();
    }

    /// <summary>Completes when all that had come is taken and nothing is sent any more.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start()
    {
        var offering = Task.Run(OfferAsync);
        Running = Task.Run(() => TakeAsync(offering));
    }

    public int Sent => Volatile.Read(ref _sent);

    public int Received => Volatile.Read(ref _received);

    public IReadOnlyList<string> Refused
    {
        get
        {
            lock (_gate)
                return _refusals.All;
        }
    }

    /// <summary>See <see cref="Refusals.Forget"/>.</summary>
    public void ForgetRefused()
    {
        lock (_gate)
            _refusals.Forget();
    }

    /// <summary>Something here may have changed.</summary>
    public void Changed()
    {
        lock (_gate)
        {
            _stale = true;
            _offered.Retry();
            Wake();
        }
    }

    /// <summary>Waits until both sides hold the same.</summary>
    /// <param name="look">Whether both look again what they hold.</param>
    /// <param name="lost">What to throw where the link ends before.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async Task SettledAsync(bool look, Func<Exception> lost, CancellationToken cancel)
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (look)
            {
                _stale = _look = true;
                _homeFailure = null;
                _offered.Retry();
                Wake();
            }

            _waiting.Add(settled);
            if (!_broken)
                Settle();
            if (_broken || _over)
                settled.TrySetException(new EndOfStreamException());
        }

        try
        {
            await settled.Task.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw lost();
        }
        finally
        {
            lock (_gate)
                _waiting.Remove(settled);
        }

        if (_homeFailure is { } failure)
            throw failure;
    }

    /// <summary>The link is over. What has come is still taken.</summary>
    /// <param name="broken">Not by a goodbye: who asks from now on is not told that all is well.</param>
    public void Close(bool broken)
    {
        lock (_gate)
            _broken = broken;
        _inbound.Complete();
        _credit.Close(new EndOfStreamException());
        _ = _stop.CancelAsync();
    }

    /// <summary>A frame of the link's reader. Does not wait.</summary>
    /// <exception cref="WireException">It breaks the protocol.</exception>
    public void Take(Frame frame)
    {
        var bytes = frame.Payload.Span;
        switch (frame.Kind)
        {
            case FrameKind.Exchange:
                _inbound.Add(bytes);
                break;
            case FrameKind.ExchangeCredit:
                _credit.Add(Varint.Take(ref bytes));
                Progress();
                break;
            case FrameKind.Receipt:
                TakeReceipt(bytes);
                break;
            case FrameKind.State:
                TakeState(frame.Payload);
                break;
        }
    }

    private void TakeReceipt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0 || bytes[0] > (byte)Answer.Failed)
            throw new WireException("an answer that is none");
        lock (_gate)
        {
            var (name, answer) = _offered.Answered((Answer)bytes[0]);
            if (answer == Answer.Taken)
                _sent++;
            else if (answer == Answer.Unjoined)
                _again = true;
            else if (answer != Answer.Known)
                _refusals.Add($"{_peer} did not take {name}: {Visible.Of(bytes[1..])}", isForNow: answer == Answer.Failed);
            if (answer == Answer.Failed && !_isRetrying)
            {
                _isRetrying = true;
                _ = RetryLaterAsync();
            }
        }

        Progress();
    }

    private void TakeState(ReadOnlyMemory<byte> bytes)
    {
        var (taken, change) = Packed.Read(bytes, "a state", (ref MessagePackReader reader) =>
        {
            var fields = Packed.Count(ref reader, 16);
            var seen = (ulong)Packed.Natural(ref reader);
            var change = fields > 1 ? StateChange.Read(ref reader) : StateChange.None;
            Packed.SkipRest(ref reader, fields, 2);
            return (seen, change);
        });
        lock (_gate)
        {
            if (taken > _marker || taken < _theirTaken)
                throw new WireException("a state that answers nothing");
            _theirTaken = taken;
            if (!change.IsEmpty)
            {
                _theirs = change.ApplyTo(_theirs);
                _theirChanges++;
            }

            Wake();
            Settle();
        }

        Progress();
    }

    /// <summary>Whether a round has something to do.</summary>
    private bool Due => _theirChanges >= _startsAt
        && (_again || _stale || _look || _theirChanges > _roundKnew || _lookHeard > _roundHeard);

    private bool IsSettled => !_running && !Due && _theirChanges >= _startsAt && _theirTaken >= _wanted && _offered.Unanswered == 0
        && (_equal || _theirMarker.Number > 0) && _theirMarker.Knows >= _toldChanges && _theirMarker.Heard >= _looked;

    /// <summary>Under the gate.</summary>
    private void Settle()
    {
        if (_waiting.Count == 0 || !IsSettled)
            return;
        foreach (var waiting in _waiting)
            waiting.TrySetResult();
    }

    /// <summary>Under the gate.</summary>
    private void Wake()
    {
        if (Due && _wake.CurrentCount == 0)
            _wake.Release();
    }

    /// <summary>A home that can take nothing now, because its disk is full, says nothing when it can again.</summary>
    private async Task RetryLaterAsync()
    {
        try
        {
            await Task.Delay(RetryAfter, _options.Time, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The link is over; the next one offers all of it.
            return;
        }

        lock (_gate)
            _isRetrying = false;
        Changed();
    }

    private void Progress()
    {
        lock (_gate)
        {
            _progress.TrySetResult();
            _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Post(FrameKind kind, ulong number)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxSize];
        _outbox.Post(kind, 0, bytes[..Varint.Write(bytes, number)]);
    }
}
