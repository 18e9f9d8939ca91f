namespace Sesh.Sync.Wire;

/// <summary>
/// One peer at the other end of a connection: the exchange of documents and live rows, and requests either way, over one pair of streams.
/// </summary>
public sealed class Link : IAsyncDisposable
{
    private Link(PeerHello peer) => Peer = peer;

    public PeerHello Peer { get; }

    /// <summary>Completes when the link is over: null where either side said goodbye, else why. Never faults.</summary>
    public Task<string?> Ended => throw new NotSupportedException();

    /// <summary>
    /// Skips what a remote shell prints before the preamble, says hello both ways and agrees on a protocol. Owns the connection from here on, also when it throws.
    /// </summary>
    /// <exception cref="SeshException"><c>not-sesh</c>, <c>protocol</c> (none in common; names both), <c>wrong-machine</c>, <c>silent</c>, <c>refused</c>.</exception>
    public static Task<Link> OpenAsync(IConnection connection, LinkOptions options, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Exchanges until both sides hold the same, and returns. Later changes are pushed after <see cref="Changed"/>.</summary>
    /// <exception cref="SeshException"><c>link-lost</c>.</exception>
    public Task<ExchangeReport> SyncAsync(CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Something here has changed: offers it to the other side soon. Cheap; calls in quick succession are one.</summary>
    public void Changed() => throw new NotSupportedException();

    /// <summary>Has the other side, or a machine behind it, run something; copies the streams; returns its exit status.</summary>
    /// <exception cref="SeshException">What the other side said: <c>not-allowed</c>, <c>unknown-verb</c>, <c>unreachable</c>, …; or <c>link-lost</c>.</exception>
    public Task<int> AskAsync(Request request, RequestStreams streams, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Says goodbye where that is still possible, and ends the connection.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
