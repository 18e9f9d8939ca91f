using System.Text.Json;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>A command's link to the daemon of its machine.</summary>
public sealed class DaemonClient : IAsyncDisposable
{
    private static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(5);

    private DaemonClient(Link link) => Link = link;

    /// <summary>For requests of any kind. Closed with this.</summary>
    public Link Link { get; }

    /// <summary>Of the daemon's program. Commands borrow its links only where it is theirs too.</summary>
    public string Version => Link.Peer.Version;

    /// <summary>Null where nobody listens there, or whoever did was killed at this moment.</summary>
    /// <param name="socket">The control socket's path.</param>
    /// <param name="machine">What the command calls this machine.</param>
    /// <param name="version">Of the command's program.</param>
    /// <exception cref="SeshException"><c>socket-path</c>, <c>socket</c>, or it does not answer as a daemon would.</exception>
    public static async Task<DaemonClient?> OpenAsync(string socket, MachineName machine, string version, CancellationToken cancel)
    {
        var connection = await LocalSocket.ConnectAsync(socket, cancel).ConfigureAwait(false);
        if (connection is null)
            return null;
        var options = new LinkOptions { Machine = machine, Version = version, Sharing = NothingShared.Instance, HelloWithin = HelloWithin };
        try
        {
            return new DaemonClient(await Link.OpenAsync(connection, options, cancel).ConfigureAwait(false));
        }
        catch (SeshException e) when (e.Code == "link-lost")
        {
            // We stood in its queue when it ended.
            return null;
        }
    }

    public Task<DaemonStatus> StatusAsync(CancellationToken cancel) => AskAsync(Link, new Request { Verb = ControlRequests.Status }, DaemonStatus.Read, cancel);

    /// <summary>One exchange now with each of these, with none named all, over the links that the daemon keeps.</summary>
    public Task<IReadOnlyList<SyncOutcome>> SyncAsync(IReadOnlyList<MachineName> peers, CancellationToken cancel) => SyncAsync(Link, peers, cancel);

    /// <summary>The same over a link to any process of this home that keeps some.</summary>
    internal static Task<IReadOnlyList<SyncOutcome>> SyncAsync(Link link, IReadOnlyList<MachineName> peers, CancellationToken cancel) =>
        AskAsync<IReadOnlyList<SyncOutcome>>(
            link,
            new Request { Verb = ControlRequests.Sync, Arguments = [.. peers.Select(p => p.Text)] },
            json => [.. json.EnumerateArray().Select(SyncOutcome.Read)],
            cancel);

    /// <summary>Of a process that serves a peer's own link, as <see cref="LinkOffer.OpenAsync"/> finds it: what it knows of that.</summary>
    /// <param name="measure">With a round trip over it; waits no longer than five seconds for it.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="SeshException"><c>link-lost</c>; <c>daemon-version</c>: it is of a version that does not tell.</exception>
    public async Task<OwnLink> OwnLinkAsync(bool measure, CancellationToken cancel)
    {
        try
        {
            return await AskAsync(Link, new Request { Verb = ControlRequests.OwnLink, Arguments = measure ? [ControlRequests.Measured] : [] }, OwnLink.Read, cancel).ConfigureAwait(false);
        }
        catch (SeshException e) when (e.Code is "unknown-verb" or "not-allowed")
        {
            // It does not know the question, and passed it on over the link.
            throw new SeshException("daemon-version", $"that link is served by sesh {Version} here, which tells nothing of it", "it ends with the link: the next one is served by this sesh", inner: e);
        }
    }

    public ValueTask DisposeAsync() => Link.DisposeAsync();

    private static async Task<T> AskAsync<T>(Link link, Request request, Func<JsonElement, T> read, CancellationToken cancel)
    {
        using var answer = new MemoryStream();
        await link.AskAsync(request, new RequestStreams(Stream.Null, answer, Stream.Null), cancel).ConfigureAwait(false);
        try
        {
            using var json = JsonDocument.Parse(answer.GetBuffer().AsMemory(0, (int)answer.Length));
            return read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SeshException("daemon-version", $"the daemon is sesh {link.Peer.Version} and answers otherwise than this one", "\"sesh daemon restart\" starts it anew", inner: e);
        }
    }
}
