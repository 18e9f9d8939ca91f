using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>Changes what is remembered of a peer; for any thread, must not fail.</summary>
public delegate void ContactNote(MachineName peer, Func<Contact, Contact> change);

/// <summary>What is needed to make links to peers.</summary>
public sealed record DiallerOptions
{
    public required MachineName Machine { get; init; }

    /// <summary>Whom this home writes as, asked at each dial: the first write may come later, and a copied home takes a new one.</summary>
    public required Func<ReplicaId> Replica { get; init; }

    /// <summary>Of this program.</summary>
    public required string Version { get; init; }

    public required ISharing Sharing { get; init; }

    /// <summary>For one peer. May throw <see cref="SeshException"/>.</summary>
    public required Func<Peer, ITransport> Transport { get; init; }

    /// <summary>Serves what peers ask over links that this side dialled, within their entries' <see cref="Peer.Allow"/>; null: nothing.</summary>
    public IRequestHandler? Requests { get; init; }

    /// <summary>See <see cref="LinkOptions.Stays"/>: for a daemon.</summary>
    public bool Stays { get; init; }

    public ContactNote Note { get; init; } = (_, _) => { };

    public Action<string> Log { get; init; } = _ => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A link just made, and what making it told.</summary>
/// <param name="RoundTrip">Of hello; an upper bound, with what the remote program takes to start.</param>
internal sealed record Dialled(Link Link, TimeSpan RoundTrip);

/// <summary>Makes links to peers and remembers how that went. From many threads.</summary>
public sealed partial class Dialler(DiallerOptions options)
{
    /// <summary>How long a connection may take.</summary>
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    internal DiallerOptions Options => options;

    internal TimeProvider Time => options.Time;

    /// <summary>A link for who has something to ask. The caller closes it.</summary>
    /// <exception cref="SeshException">Whatever kept it: of the transport, of the link.</exception>
    /// <exception cref="OperationCanceledException"/>
    public async Task<Link> OpenAsync(Peer peer, CancellationToken cancel)
    {
        var dialled = await DialAsync(peer, null, cancel).ConfigureAwait(false);
        options.Note(peer.Name, c => c with { LastContact = Now, LastError = "" });
        return dialled.Link;
    }

    /// <param name="received">See <see cref="LinkOptions.Received"/>.</param>
    /// <exception cref="SeshException">Whatever kept it: of the transport, of the link.</exception>
    /// <exception cref="OperationCanceledException"/>
    internal Task<Dialled> DialAsync(Peer peer, Action? received, CancellationToken cancel) => DialAsync(peer, received, Task.CompletedTask, cancel);

    /// <param name="ready">Nothing is told of this home before.</param>
    private async Task<Dialled> DialAsync(Peer peer, Action? received, Task ready, CancellationToken cancel)
    {
        options.Note(peer.Name, c => c with { LastTried = Now });
        try
        {
            var connection = await ConnectAsync(peer, cancel).ConfigureAwait(false);
            await ReadyAsync(ready, connection).ConfigureAwait(false);
            var began = Time.GetTimestamp();
            var link = await Link.OpenAsync(connection, OptionsFor(peer, received), cancel).ConfigureAwait(false);
            var trip = Time.GetElapsedTime(began);
            options.Note(peer.Name, c => c with
            {
                Version = link.Peer.Version,
                Granted = link.Peer.Allow.ToString().ToLowerInvariant(),
                SkewMs = link.Peer.ClockMs - (Now - (long)(trip.TotalMilliseconds / 2)),
            });
            return new Dialled(link, trip);
        }
        catch (SeshException e)
        {
            options.Note(peer.Name, c => c with { LastError = e.Message, LastErrorCode = e.Code });
            throw;
        }
    }

    internal long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    // A transport that does not listen to its token must not hold up the rest either: what it brings later is closed.
    private async Task<IConnection> ConnectAsync(Peer peer, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(ConnectWithin, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        Task<IConnection>? connecting = null;
        try
        {
            connecting = Task.Run(() => options.Transport(peer).ConnectAsync(peer, both.Token), CancellationToken.None);
            return await connecting.WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _ = CloseLateAsync(connecting);
            throw new SeshException("unreachable", $"{peer.Name} did not answer within {ConnectWithin.TotalSeconds:0} s", $"see whether it is up: sesh peer test {peer.Name}");
        }
        catch (OperationCanceledException)
        {
            _ = CloseLateAsync(connecting);
            throw;
        }
    }

    private static async Task ReadyAsync(Task ready, IConnection connection)
    {
        try
        {
            await ready.ConfigureAwait(false);
        }
        catch
        {
            // There will be no link to own it.
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task CloseLateAsync(Task<IConnection>? connecting)
    {
        try
        {
            if (connecting is not null)
                await (await connecting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SeshException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // It failed after all; that it took too long is told already.
        }
    }

    private LinkOptions OptionsFor(Peer peer, Action? received) => new()
    {
        Machine = options.Machine,
        Replica = options.Replica(),
        Version = options.Version,
        Sharing = options.Sharing,
        Requests = options.Requests,
        Allow = peer.Allow,
        Expected = peer.Name,
        Stays = options.Stays,
        Time = Time,
        Received = received,
        Log = text => options.Log($"{peer.Name}: {text}"),
    };
}
