namespace Sesh.Sync.Wire;

/// <summary>
/// One peer at the other end of a connection: the exchange of documents and live rows, and requests either way, over one pair of streams.
/// </summary>
public sealed partial class Link : IAsyncDisposable
{
    /// <summary>How long a last word may take to leave, and a transport to say why it ended.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IConnection _connection;
    private readonly LinkOptions _options;
    private readonly Outbox _outbox;
    private readonly FrameReader _reader;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PeerHello? _peer;
    private Exchange? _exchange;
    private Silence? _silence;
    private readonly List<TaskCompletionSource> _pongs = [];
    private long? _unanswered;
    private TaskCompletionSource _doubted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private Task? _closing;
    private string? _why;
    private Exception? _failure;
    private long _openedAt;
    private bool _synced;
    private int _sentBefore;
    private int _receivedBefore;

    private Link(IConnection connection, LinkOptions options)
    {
        (_connection, _options) = (connection, options);
        _outbox = new Outbox(connection.Output, why => _ = BreakAsync(why));
        _reader = new FrameReader(connection.Input, options.Time);
    }

    /// <summary>What the other end said of itself.</summary>
    public PeerHello Peer => _peer!;

    /// <summary>Completes when the link is over: null where either side said goodbye, else why. Never faults.</summary>
    public Task<string?> Ended => _ended.Task;

    /// <summary>With which code the other side said goodbye; null where it gave none, or has not.</summary>
    internal string? GoodbyeCode { get; private set; }

    /// <summary>
    /// A ping has not been answered for nearly a ping interval: it is looked for once in each, and timers are not exact. Other things may have come meanwhile: where packets vanished for a while, each side waits by itself until TCP tries again.
    /// </summary>
    internal bool IsSilent
    {
        get
        {
            lock (_gate)
                return _unanswered is { } since && _options.Time.GetElapsedTime(since) >= 0.9 * _options.PingAfter;
        }
    }

    private string Name => _options.Called ?? _peer?.Machine.Text ?? _connection.Description;

    /// <summary>
    /// Exchanges until both sides hold the same, and returns. Later changes are pushed after <see cref="Changed"/>. On a link that has been open for a while both sides look again
    /// what they hold. What is counted is since the last call.
    /// </summary>
    /// <exception cref="SeshException"><c>link-lost</c>; or why this home could take nothing.</exception>
    public async Task<ExchangeReport> SyncAsync(CancellationToken cancel)
    {
        bool look;
        lock (_gate)
        {
            look = _synced || _options.Time.GetElapsedTime(_openedAt) > LastWords;
            _synced = true;
        }

        if (look)
            _exchange!.ForgetRefused();
        await _exchange!.SettledAsync(look, Lost, cancel).ConfigureAwait(false);
        lock (_gate)
        {
            var (sent, received) = (_exchange.Sent, _exchange.Received);
            var report = new ExchangeReport(sent - _sentBefore, received - _receivedBefore, _outbox.Bytes, _reader.Bytes, _exchange.Refused);
            (_sentBefore, _receivedBefore) = (sent, received);
            return report;
        }
    }

    /// <summary>Something here has changed: offers it to the other side soon. Cheap; calls in quick succession are one.</summary>
    public void Changed() => _exchange!.Changed();

    /// <summary>Completes when <see cref="IsSilent"/> is next found to be so. Never faults.</summary>
    internal Task DoubtedAsync()
    {
        lock (_gate)
        {
            if (_doubted.Task.IsCompleted)
                _doubted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _doubted.Task;
        }
    }

    /// <summary>How long a frame takes to the other side and back.</summary>
    /// <exception cref="SeshException"><c>link-lost</c>.</exception>
    public async Task<TimeSpan> PingAsync(CancellationToken cancel)
    {
        var pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closing is not null)
                throw Lost();
            _pongs.Add(pong);
        }

        var since = _options.Time.GetTimestamp();
        _outbox.Post(FrameKind.Ping, 0, []);
        if (await Task.WhenAny(pong.Task, _ended.Task).WaitAsync(cancel).ConfigureAwait(false) == _ended.Task)
            throw Lost();
        return _options.Time.GetElapsedTime(since);
    }

    /// <summary>Says goodbye where that is still possible, and ends the connection. Returns when nothing of the link is at work any more, handlers of requests included.</summary>
    public async ValueTask DisposeAsync()
    {
        End(null, null, ReadOnlyMemory<byte>.Empty);
        await _closing!.ConfigureAwait(false);
        await Served().ConfigureAwait(false);
    }

    /// <summary>Ends the link and tells the other side why, where that is still possible; it must still be disposed of. Without effect on one that has ended.</summary>
    public async ValueTask FailAsync(SeshException why)
    {
        End(why.Message, why, Goodbye(why.Code, why.Message));
        await _closing!.ConfigureAwait(false);
    }

    /// <summary>Begins the end, once. Waits for nothing.</summary>
    /// <param name="why">For <see cref="Ended"/>; null where it is in order.</param>
    /// <param name="failure">For who waits on the link, where there is more to it than that it is lost.</param>
    /// <param name="goodbye">What to say to the other side; null for nothing.</param>
    private void End(string? why, Exception? failure, ReadOnlyMemory<byte>? goodbye)
    {
        lock (_gate)
        {
            if (_closing is not null)
                return;
            (_why, _failure) = (why, failure);
            _closing = Task.Run(() => CloseAsync(goodbye));
        }
    }

    /// <summary>Nothing can be written any more. What still comes may be a goodbye, and the transport may know better why.</summary>
    private async Task BreakAsync(string why)
    {
        await _reading.WaitAsync(LastWords, _options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End(await WhyEndedAsync().ConfigureAwait(false) ?? why, null, null);
    }

    private async Task CloseAsync(ReadOnlyMemory<byte>? goodbye)
    {
        _silence?.Dispose();
        _exchange?.Close(_why is not null);
        LoseRequests();
        if (goodbye is { } said)
        {
            _outbox.Post(FrameKind.Goodbye, 0, said.Span);
            await _outbox.Drained.WaitAsync(LastWords, _options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _outbox.Close();
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // It was to end, and it has ended.
            _options.Log?.Invoke($"{Name}: {Visible.Of(e.Message)}");
        }

        await _outbox.Drained.ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_exchange is not null)
            await _exchange.Running.ConfigureAwait(false);
        _ended.TrySetResult(_why);
    }

    private void Ping()
    {
        lock (_gate)
            _unanswered ??= _options.Time.GetTimestamp();
        _outbox.Post(FrameKind.Ping, 0, []);
    }

    private void Doubt()
    {
        lock (_gate)
            _doubted.TrySetResult();
    }

    private Exception Lost() => _failure is SeshException known ? known : new SeshException("link-lost", $"the link to {Name} is lost: {_why ?? "it was closed"}", null, 1, _failure);

    private static ReadOnlyMemory<byte> Goodbye(string code, string message) => RequestFormat.Write(new SeshException(code, message));
}
