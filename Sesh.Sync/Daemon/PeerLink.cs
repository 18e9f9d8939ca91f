using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>
/// Keeps the link to one peer: dials, exchanges, stays, dials again. Knows of no other peer, so that none delays another. Its loop is one task; the
/// rest may be called from anywhere.
/// </summary>
internal sealed partial class PeerLink : IAsyncDisposable
{
    /// <summary>How long a link may take to prove that it is alive when that is in doubt.</summary>
    private static readonly TimeSpan ProofWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LeastParked = TimeSpan.FromSeconds(1);

    /// <summary>A peer that asks for a new link again and again must not keep us busy.</summary>
    private static readonly TimeSpan LeastBetweenAsked = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TaskCompletionSource<SyncOutcome>> _askers = [];
    private readonly Dialler _dialler;
    private readonly Func<MachineName, CancellationToken, Task<Link?>> _served;
    private readonly Action _received;
    private readonly Wake _wake;
    private readonly BackOff _backOff;
    private readonly Task _running;
    private Link? _link;
    private bool _missed;
    private LinkStatus _status;
    private (long Sent, long Received) _bytes;
    private ReplicaId _theirs;

    /// <param name="served">A link to the process here that serves the peer's own link to us; null where there is none.</param>
    /// <param name="received">See <see cref="LinkOptions.Received"/>.</param>
    public PeerLink(Peer peer, Dialler dialler, Func<MachineName, CancellationToken, Task<Link?>> served, Action received, Random random)
    {
        Peer = peer;
        (_dialler, _served, _received) = (dialler, served, received);
        _wake = new Wake(dialler.Time);
        _backOff = new BackOff(dialler.Time, random);
        _status = new LinkStatus(peer.Name, LinkState.Dialling, dialler.Now, "", null, "", 0);
        _running = Task.Run(RunAsync);
    }

    public Peer Peer { get; }

    public LinkStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>To lend: over it the peer is reached now. Null where it is not.</summary>
    public Link? Link
    {
        get
        {
            lock (_lock)
                return _link;
        }
    }

    /// <summary>Something here has changed.</summary>
    public void Changed()
    {
        Link? link;
        lock (_lock)
        {
            // Where the peer's own link is used, the process that serves it sees changes for itself.
            link = _status.State == LinkState.Parked ? null : _link;
            _missed = link is null;
        }

        link?.Changed();
    }

    /// <summary>Tries at once if it waits; an open link must prove that it is alive.</summary>
    public void Doubt()
    {
        if (Own() is { } link)
            _ = ProveAsync(link);
        else
            _wake.Set();
    }

    /// <summary>The peer's own link may have come: of two the one that was dialled by the lower replica stays.</summary>
    public void LookForTheirs()
    {
        if (Own() is { } link && IsOursToYield(link.Peer.Replica))
            _ = YieldAsync(link);
    }

    /// <summary>One exchange now, over the link that is there, else over a new one. Failure is an outcome.</summary>
    public async Task<SyncOutcome> SyncAsync(CancellationToken cancel)
    {
        var began = _dialler.Time.GetTimestamp();
        if (Own() is { } link)
        {
            if (await IsAliveAsync(link, cancel).ConfigureAwait(false) && await ExchangeAsync(link, began, cancel).ConfigureAwait(false) is { Failure: null } outcome)
                return outcome;
            // A link that cannot do that is none; the next one may.
            await link.DisposeAsync().ConfigureAwait(false);
        }

        if (Theirs() is { } theirs && await SyncOverTheirsAsync(theirs, cancel).ConfigureAwait(false) is { } done)
            return done;
        var asker = new TaskCompletionSource<SyncOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _askers.Add(asker);
        _wake.Set();
        var answer = await asker.Task.WaitAsync(cancel).ConfigureAwait(false);
        return answer with { Milliseconds = (long)_dialler.Time.GetElapsedTime(began).TotalMilliseconds };
    }

    /// <summary>Says goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        if (_instead is { } instead)
            await instead.Link.DisposeAsync().ConfigureAwait(false);
        Answer(SyncOutcome.Failed(Peer.Name, new SeshException("link-lost", $"the daemon no longer keeps a link to {Peer.Name}"), TimeSpan.Zero));
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var theirs = _instead is null && IsOursToYield(_theirs) ? await _served(Peer.Name, stop).ConfigureAwait(false) : null;
                theirs ??= await DialAsync(stop).ConfigureAwait(false);
                if (theirs is not null)
                    await ParkAsync(theirs, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (SeshException e)
            {
                await FailedAsync(e, stop).ConfigureAwait(false);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // A bug of ours must cost one link one try, not the others theirs.
                _dialler.Options.Log($"{Peer.Name}: internal error: {e}");
                await FailedAsync(new SeshException("internal", $"internal error: {e.Message}", inner: e), stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Dials, exchanges, and stays until the link ends.</summary>
    /// <returns>The peer's own link, where that is to be used in the place of this one.</returns>
    private async Task<Link?> DialAsync(CancellationToken stop)
    {
        Enter(LinkState.Dialling);
        lock (_lock)
            _missed = false;
        var began = _dialler.Time.GetTimestamp();
        var (link, trip) = TakeInstead() ?? await _dialler.DialAsync(Peer, _received, stop).ConfigureAwait(false);
        await using var closing = link.ConfigureAwait(false);
        _theirs = link.Peer.Replica;
        // Whoever asked for an exchange gets it over this link, also where it is given up right after.
        bool isAsked;
        lock (_lock)
            isAsked = _askers.Count > 0;
        if (!isAsked && await TheirsAsync(link.Peer, stop).ConfigureAwait(false) is { } theirs)
            return theirs;

        var since = _dialler.Time.GetTimestamp();
        Opened(link, trip);
        try
        {
            var outcome = await ExchangeAsync(link, began, stop).ConfigureAwait(false);
            if (outcome.Failure is not null && IsAskedForAnew(link, since))
                return null;
            Answer(outcome);
            if (outcome.Failure is { } failure)
                throw new SeshException(failure.Code, failure.Message, failure.Hint);
            _ = ProveAsync(link);
            if (await TheirsAsync(link.Peer, stop).ConfigureAwait(false) is { } meanwhile)
                return meanwhile;
            if (await IsReplacedAsync(link, stop).ConfigureAwait(false))
                return null;
            var why = await link.Ended.WaitAsync(stop).ConfigureAwait(false);
            _dialler.Options.Log(why is null ? $"{Peer.Name}: the link was closed" : $"{Peer.Name}: the link was lost: {why}");
            if (IsAskedForAnew(link, since))
                return null;
            _backOff.LinkEnded(_dialler.Time.GetElapsedTime(since));
            if (why is null && _dialler.Time.GetElapsedTime(since) >= ProofWithin)
                return null;
            throw new SeshException("link-lost", why ?? $"{Peer.Name} closed the link");
        }
        finally
        {
            lock (_lock)
                _link = _link == link ? null : _link;
        }
    }

    /// <summary>What we may do there has changed: a link of now has the grant of now. Whoever asked for an exchange gets it over that.</summary>
    private bool IsAskedForAnew(Link link, long since)
    {
        if (link.GoodbyeCode != SeshDaemon.GrantsChanged)
            return false;
        _backOff.Restart();
        return _dialler.Time.GetElapsedTime(since) >= LeastBetweenAsked;
    }

    private async Task FailedAsync(SeshException why, CancellationToken stop)
    {
        var needsPerson = why.Code is "host-key-unknown" or "host-key-changed" or "login-refused" or "no-sesh-there" or "no-ssh" or "protocol" or "wrong-machine" or "config" or "refused";
        var wait = _backOff.Next(needsPerson);
        lock (_lock)
        {
            if (_status.LastError != why.Message)
                _dialler.Options.Log($"{Peer.Name}: {why.Message}");
            _status = _status with { State = LinkState.BackOff, Since = _status.State == LinkState.BackOff ? _status.Since : _dialler.Now, LastError = why.Message };
        }

        Answer(SyncOutcome.Failed(Peer.Name, why, TimeSpan.Zero));
        try
        {
            // Out of reach for us, while it reaches us: its own link does.
            if (await _served(Peer.Name, stop).ConfigureAwait(false) is { } theirs)
                await ParkAsync(theirs, stop).ConfigureAwait(false);
            else
                await _wake.WaitAsync(wait, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    /// <summary>Lives on the peer's own link for as long as that lasts.</summary>
    private async Task ParkAsync(Link theirs, CancellationToken stop)
    {
        await using var closing = theirs.ConfigureAwait(false);
        var since = _dialler.Time.GetTimestamp();
        lock (_lock)
        {
            _link = theirs;
            _status = _status with { State = LinkState.Parked, Since = _dialler.Now, LastError = "" };
        }

        _dialler.Options.Log($"{Peer.Name}: its own link to us is used");
        try
        {
            await theirs.Ended.WaitAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                _link = null;
        }

        // One that breaks at once each time must not keep us busy.
        if (_dialler.Time.GetElapsedTime(since) < LeastParked)
            await _wake.WaitAsync(LeastParked, stop).ConfigureAwait(false);
    }

    private async Task<SyncOutcome> ExchangeAsync(Link link, long began, CancellationToken cancel)
    {
        var outcome = await _dialler.ExchangeAsync(Peer, link, began, cancel).ConfigureAwait(false);
        if (outcome.Failure is not null)
            return outcome;
        lock (_lock)
        {
            _status = _status with { LastContact = _dialler.Now, LastError = "" };
            // The link counts from its beginning; whoever asked wants to know of now.
            var (sent, received) = _bytes;
            _bytes = (outcome.BytesSent, outcome.BytesReceived);
            return outcome with { BytesSent = outcome.BytesSent - sent, BytesReceived = outcome.BytesReceived - received };
        }
    }

    /// <summary>Whoever serves the peer's own link exchanges over it; null where it cannot.</summary>
    private async Task<SyncOutcome?> SyncOverTheirsAsync(Link theirs, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(ProofWithin, _dialler.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            var outcome = (await DaemonClient.SyncAsync(theirs, [], both.Token).ConfigureAwait(false)).FirstOrDefault();
            if (outcome is not { Failure: null })
                return null;
            _dialler.Options.Note(Peer.Name, c => c with { LastContact = _dialler.Now, LastError = "" });
            lock (_lock)
                _status = _status with { LastContact = _dialler.Now };
            return outcome with { Peer = Peer.Name };
        }
        catch (Exception e) when (e is SeshException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // It is lost, or stuck: then by a connection of our own.
            return await _dialler.SyncAsync(Peer, _received, cancel).ConfigureAwait(false);
        }
    }

    private async Task YieldAsync(Link link)
    {
        try
        {
            var theirs = await _served(Peer.Name, _stop.Token).ConfigureAwait(false);
            if (theirs is null)
                return;
            await theirs.DisposeAsync().ConfigureAwait(false);
            await link.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Stopped meanwhile.
        }
    }

    /// <summary>The peer's own link, where it is there and ours has to give way; else null.</summary>
    private async Task<Link?> TheirsAsync(PeerHello peer, CancellationToken stop) =>
        IsOursToYield(peer.Replica) ? await _served(Peer.Name, stop).ConfigureAwait(false) : null;

    private bool IsOursToYield(ReplicaId theirs) => theirs != default && _dialler.Options.Replica().CompareTo(theirs) > 0;

    private Link? Own()
    {
        lock (_lock)
            return _status.State == LinkState.Parked ? null : _link;
    }

    private Link? Theirs()
    {
        lock (_lock)
            return _status.State == LinkState.Parked ? _link : null;
    }

    private void Enter(LinkState state)
    {
        lock (_lock)
            _status = _status with { State = state, Since = _dialler.Now };
    }

    private void Opened(Link link, TimeSpan trip)
    {
        bool missed;
        lock (_lock)
        {
            missed = _missed;
            (_link, _bytes) = (link, default);
            _status = _status with { State = LinkState.Connected, Since = _dialler.Now, LastError = "", Version = link.Peer.Version, RoundTripMs = (int)trip.TotalMilliseconds };
        }

        // What changed since hello said what we hold.
        if (missed)
            link.Changed();
        _dialler.Options.Log($"{Peer.Name}: connected, sesh {link.Peer.Version}");
    }

    private void Answer(SyncOutcome outcome)
    {
        TaskCompletionSource<SyncOutcome>[] askers;
        lock (_lock)
        {
            askers = [.. _askers];
            _askers.Clear();
        }

        foreach (var asker in askers)
            asker.TrySetResult(outcome);
    }
}
