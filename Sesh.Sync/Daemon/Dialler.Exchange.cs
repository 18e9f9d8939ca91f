using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

public sealed partial class Dialler
{
    /// <summary>Dials, exchanges once, says goodbye. Failure is an outcome.</summary>
    /// <exception cref="OperationCanceledException"/>
    public Task<SyncOutcome> SyncAsync(Peer peer, CancellationToken cancel) => SyncAsync(peer, null, Task.CompletedTask, cancel);

    /// <summary>The same with each of them at once: none waits for another.</summary>
    /// <param name="ready">Connections are made meanwhile; nothing is told of this home before. If it fails, so does this.</param>
    /// <exception cref="OperationCanceledException"/>
    public async Task<IReadOnlyList<SyncOutcome>> SyncAllAsync(IReadOnlyList<Peer> peers, Task ready, CancellationToken cancel) =>
        await Task.WhenAll(peers.Select(p => SyncAsync(p, null, ready, cancel))).ConfigureAwait(false);

    internal Task<SyncOutcome> SyncAsync(Peer peer, Action? received, CancellationToken cancel) => SyncAsync(peer, received, Task.CompletedTask, cancel);

    private async Task<SyncOutcome> SyncAsync(Peer peer, Action? received, Task ready, CancellationToken cancel)
    {
        var began = Time.GetTimestamp();
        try
        {
            var dialled = await DialAsync(peer, received, ready, cancel).ConfigureAwait(false);
            await using var link = dialled.Link.ConfigureAwait(false);
            var outcome = await ExchangeAsync(peer, dialled.Link, began, cancel).ConfigureAwait(false);
            return outcome;
        }
        catch (SeshException e)
        {
            return SyncOutcome.Failed(peer.Name, e, Time.GetElapsedTime(began));
        }
    }

    /// <param name="began">From when the time is counted.</param>
    internal async Task<SyncOutcome> ExchangeAsync(Peer peer, Link link, long began, CancellationToken cancel)
    {
        var start = Time.GetTimestamp();
        try
        {
            var report = await link.SyncAsync(cancel).ConfigureAwait(false);
            // Where nothing was to be moved, it was one round trip and little more.
            var trip = report.Sent == 0 && report.Received == 0 ? (int)Math.Ceiling(Time.GetElapsedTime(start).TotalMilliseconds) : 0;
            options.Note(peer.Name, c => c with { LastContact = Now, LastError = "", RoundTripMs = trip > 0 ? trip : c.RoundTripMs, Behind = report.Refused.Count });
            return new SyncOutcome(
                peer.Name, report.Sent, report.Received, report.BytesSent, report.BytesReceived, (long)Time.GetElapsedTime(began).TotalMilliseconds, report.Refused, null);
        }
        catch (SeshException e)
        {
            options.Note(peer.Name, c => c with { LastError = e.Message, LastErrorCode = e.Code });
            return SyncOutcome.Failed(peer.Name, e, Time.GetElapsedTime(began));
        }
    }
}
