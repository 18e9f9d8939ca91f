using System.Diagnostics;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>
/// Offers a link that a process of this machine serves to its other processes, on <c>links/PEER.sock</c>: so that a machine which only dials out can be asked too. Of several
/// links of one peer the first is offered, and the next when that ends. Does not own the link.
/// </summary>
public sealed class LinkOffer : IAsyncDisposable
{
    private const UnixFileMode OwnerEnters = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>How often it is looked whether another link of the same peer still has the name.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _home;
    private readonly Link _link;
    private readonly LinkOptions _options;
    private readonly Action<string> _log;
    private readonly Task _offering;

    private LinkOffer(string home, Link link, LinkOptions options)
    {
        (_home, _link, _log) = (home, link, options.Log ?? (_ => { }));
        _options = options with { Sharing = NothingShared.Instance, Requests = new Over(link, options), Allow = Grant.Drive, Expected = options.Machine, Received = null, Log = null };
        _offering = Task.Run(OfferAsync);
    }

    /// <summary>Where that machine's own link is offered, if it is.</summary>
    public static string SocketOf(string home, MachineName machine) => Path.Join(FolderOf(home), machine.Text + ".sock");

    /// <summary>Whether a process of this home serves that machine's own link at this moment.</summary>
    /// <exception cref="OperationCanceledException"/>
    public static async Task<bool> IsOfferedAsync(string home, MachineName machine, CancellationToken cancel)
    {
        try
        {
            if (await LocalSocket.ConnectAsync(SocketOf(home, machine), cancel).ConfigureAwait(false) is not { } offered)
                return false;
            await offered.DisposeAsync().ConfigureAwait(false);
            return true;
        }
        catch (SeshException)
        {
            // Below so long a path nobody can listen; and one that takes no more connections is of no use now.
            return false;
        }
    }

    /// <summary>Who holds the link of that machine's own; null where nobody of this home does. For requests to that machine too, all but those of <see cref="DaemonClient"/> go there.</summary>
    /// <param name="home">Absolute.</param>
    /// <param name="machine">Who dialled.</param>
    /// <param name="here">What the command calls this machine.</param>
    /// <param name="version">Of the command's program.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="SeshException">As of <see cref="DaemonClient.OpenAsync"/>.</exception>
    /// <exception cref="OperationCanceledException"/>
    public static Task<DaemonClient?> OpenAsync(string home, MachineName machine, MachineName here, string version, CancellationToken cancel) =>
        DaemonClient.OpenAsync(SocketOf(home, machine), here, version, cancel);

    /// <summary>Begins; lasts until it is disposed or the link ends.</summary>
    /// <param name="options">Of the link.</param>
    /// <exception cref="SeshException"><c>socket-path</c>; <c>home-unwritable</c>.</exception>
    public static LinkOffer Start(string home, Link link, LinkOptions options)
    {
        LocalSocket.CheckLength(SocketOf(home, link.Peer.Machine));
        try
        {
            Directory.CreateDirectory(FolderOf(home), OwnerEnters);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("home-unwritable", $"cannot make {FolderOf(home)}: {e.Message}", inner: e);
        }

        return new LinkOffer(home, link, options);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _offering.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static string FolderOf(string home) => Path.Join(home, "links");

    private async Task OfferAsync()
    {
        try
        {
            using var name = await NameAsync().ConfigureAwait(false);
            using var listener = LocalListener.Open(SocketOf(_home, _link.Peer.Machine));
            while (true)
                _ = ServeAsync(await listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Over.
        }
        catch (Exception e) when (e is SeshException or IOException or UnauthorizedAccessException)
        {
            // The link itself is as good without.
            _log($"cannot offer the link to {_link.Peer.Machine}: {e.Message}");
        }
    }

    /// <summary>Whoever holds this lock may listen under the peer's name.</summary>
    private async Task<FileLock> NameAsync()
    {
        while (true)
        {
            if (FileLock.TryTake(Path.Join(FolderOf(_home), _link.Peer.Machine.Text + ".lock")) is { } held)
                return held;
            await Task.Delay(LookAgain, _options.Time, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(IConnection connection)
    {
        try
        {
            var link = await Link.OpenAsync(connection, _options, _stop.Token).ConfigureAwait(false);
            await using var closing = link.ConfigureAwait(false);
            // Whoever lives on the offered link must hear when that ends, and why: we may be told to stop for that very reason.
            await ((Task)Task.WhenAny(link.Ended, _link.Ended)).WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_link.Ended.IsCompleted && await _link.Ended.ConfigureAwait(false) is { } why)
                await link.FailAsync(new SeshException("link-lost", why)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SeshException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Whoever connected did not speak our protocol, or we stop: his loss, nobody else's.
        }
    }

    /// <summary>What is asked goes over the link, and nowhere else: of this machine's ways to others the asker knows himself.</summary>
    private sealed class Over(Link link, LinkOptions options) : IRequestHandler
    {
        /// <summary>How long a ping may be on its way before the facts are told without.</summary>
        private static readonly TimeSpan PongWithin = TimeSpan.FromSeconds(5);

        public Task<int> HandleAsync(Request request, RequestOrigin origin, RequestStreams streams, CancellationToken cancel) =>
            request is { Target: null, Verb: ControlRequests.Sync } ? SyncAsync(streams, cancel)
            : request is { Target: null, Verb: ControlRequests.OwnLink } ? TellAsync(request.Arguments.Contains(ControlRequests.Measured), streams, cancel)
            : link.AskAsync(request.Target is null ? request with { Target = link.Peer.Machine.Text } : request, streams, cancel);

        private async Task<int> TellAsync(bool measure, RequestStreams streams, CancellationToken cancel)
        {
            var peer = link.Peer;
            var trip = measure ? await PingAsync(cancel).ConfigureAwait(false) : null;
            // A login with no such line serves whoever comes, and lets him do all that it may do itself.
            var isAuthorized = options.Expected is not null || options.Allow < Grant.Drive;
            return await ControlRequests.AnswerAsync(
                new OwnLink(peer.Machine, peer.Version, peer.Protocol, peer.Allow, options.Allow, isAuthorized, peer.SkewMs, trip), streams, cancel).ConfigureAwait(false);
        }

        private async Task<TimeSpan?> PingAsync(CancellationToken cancel)
        {
            try
            {
                return await link.PingAsync(cancel).WaitAsync(PongWithin, options.Time, cancel).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // It stands still; who asked is told what is known of it.
                return null;
            }
        }

        private async Task<int> SyncAsync(RequestStreams streams, CancellationToken cancel)
        {
            var began = Stopwatch.GetTimestamp();
            var report = await link.SyncAsync(cancel).ConfigureAwait(false);
            var outcome = new SyncOutcome(
                link.Peer.Machine, report.Sent, report.Received, report.BytesSent, report.BytesReceived, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds, report.Refused, null);
            return await ControlRequests.AnswerAsync([outcome], streams, cancel).ConfigureAwait(false);
        }
    }
}
