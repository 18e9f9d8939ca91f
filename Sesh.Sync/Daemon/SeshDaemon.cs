using System.Net.NetworkInformation;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>
/// Keeps links to all peers, offers what is new on them, looks at this machine, and serves its commands on a socket. Everything it does a command can do without it, only later.
/// The caller holds the <see cref="DaemonLock"/>.
/// </summary>
public sealed class SeshDaemon : IAsyncDisposable
{
    /// <summary>The goodbye of a side that serves a peer, where what that may do has changed: it is to dial again.</summary>
    public const string GrantsChanged = "grants-changed";

    private static readonly TimeSpan GoodbyesWithin = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly DaemonOptions _options;
    private readonly LocalListener _listener;
    private readonly Lender _lender = new();
    private readonly PeerLinks _links;
    private readonly News _news;
    private readonly StoreWatch _watch;
    private readonly ClockWatch _clock;
    private readonly Looking? _looking;
    private readonly MemoryUpkeep _memory;
    private readonly ControlRequests _control;
    private readonly Task _accepting;
    private readonly long _startedAt;
    private readonly long _started;

    private SeshDaemon(DaemonOptions options, LocalListener listener)
    {
        (_options, _listener) = (options, listener);
        _startedAt = Time.GetUtcNow().ToUnixTimeMilliseconds();
        _started = Time.GetTimestamp();
        var requests = options.Requests?.Invoke(_lender);
        var dialler = new Dialler(options.Dialling with { Requests = requests?.ForPeers, Stays = true });
        _links = new PeerLinks(dialler, ServedAsync, () => _news!.Look(), options.Random);
        _lender.Links = _links;
        _news = new News(options.Home, _links.Changed, Time);
        _control = new ControlRequests(Status, _links.SyncAsync, requests?.ForHere);
        ReadSettings();
        ReadPeers();
        _watch = new StoreWatch(options.Home, Changed, Time);
        _looking = options.Look is { } look ? new Looking(look, options.Peek, Log, Time) : null;
        _clock = new ClockWatch(Jumped, Time);
        _memory = new MemoryUpkeep(Time);
        NetworkChange.NetworkAddressChanged += NetworkChanged;
        _accepting = Task.Run(AcceptAsync);
    }

    public DaemonStatus Status() => new(
        _options.Dialling.Machine,
        Environment.ProcessId,
        _startedAt,
        (long)Time.GetElapsedTime(_started).TotalMilliseconds,
        _options.Sessions(),
        _options.SchemaVersion,
        LinkProtocol,
        _options.Dialling.Version,
        _links.Statuses);

    private static int LinkProtocol => 1;

    private TimeProvider Time => _options.Dialling.Time;

    /// <summary>Listens from here on; links are made meanwhile.</summary>
    /// <exception cref="SeshException"><c>socket-path</c>, <c>socket</c>; what <see cref="DaemonOptions.Peers"/> says the first time is logged.</exception>
    public static SeshDaemon Start(DaemonOptions options) => new(options, LocalListener.Open(options.Socket));

    /// <summary>In order: no more commands, no more looks, goodbye on every link, the socket's file away.</summary>
    public async ValueTask DisposeAsync()
    {
        NetworkChange.NetworkAddressChanged -= NetworkChanged;
        await _stop.CancelAsync().ConfigureAwait(false);
        _clock.Dispose();
        _memory.Dispose();
        _watch.Dispose();
        _news.Dispose();
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        if (_looking is not null)
            await _looking.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _links.DisposeAsync().AsTask().WaitAsync(GoodbyesWithin, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whoever does not listen to goodbyes will hear silence.
        }

        _stop.Dispose();
    }

    private void Changed(StoreChanges changes)
    {
        if (changes.HasFlag(StoreChanges.Settings))
        {
            ReadSettings();
            ReadPeers();
        }

        if (changes.HasFlag(StoreChanges.Links))
            _links.LookForTheirs();
        if ((changes & (StoreChanges.Documents | StoreChanges.Private | StoreChanges.Reports)) != 0)
            _looking?.Expect();
        _news.Look();
        _options.Noticed(changes);
    }

    private void ReadSettings() => Reading(() => _news.Metered = _options.Metered());

    private void ReadPeers() => Reading(() => _links.Keep(_options.Peers()));

    private void Reading(Action read)
    {
        try
        {
            read();
        }
        catch (SeshException e)
        {
            Log($"kept as it was: {e.Message}");
        }
    }

    private void Jumped(TimeSpan by)
    {
        Log($"the clock went on by {by.TotalSeconds:0} s unseen: links must prove that they live");
        _links.Doubt();
    }

    private void NetworkChanged(object? sender, EventArgs e) => _links.Doubt();

    private async Task<Link?> ServedAsync(MachineName peer, CancellationToken cancel)
    {
        try
        {
            var client = await DaemonClient.OpenAsync(Path.Join(_options.Home, "links", peer.Text + ".sock"), _options.Dialling.Machine, _options.Dialling.Version, cancel).ConfigureAwait(false);
            return client?.Link;
        }
        catch (SeshException)
        {
            // Nobody there who answers: then it is as if nobody were there.
            return null;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    /// <summary>One command: until it goes, or this daemon does.</summary>
    private async Task ServeAsync(IConnection connection)
    {
        try
        {
            var options = new LinkOptions
            {
                Machine = _options.Dialling.Machine,
                Version = _options.Dialling.Version,
                Sharing = NothingShared.Instance,
                Requests = _control,
                Allow = Grant.Drive,
                Time = Time,
            };
            var link = await Link.OpenAsync(connection, options, _stop.Token).ConfigureAwait(false);
            await using var closing = link.ConfigureAwait(false);
            await link.Ended.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SeshException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Whoever connected did not speak our protocol, or we stop: his loss, nobody else's.
        }
    }

    private void Log(string text) => _options.Dialling.Log(text);

    /// <summary>The links, which are made after those who are lent them.</summary>
    private sealed class Lender : IHeldLinks
    {
        public PeerLinks? Links { get; set; }

        public Link? To(MachineName machine) => Links?.To(machine);
    }
}
