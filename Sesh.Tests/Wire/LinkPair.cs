using Sesh.Sync.Documents;
using Sesh.Sync.Wire;

namespace Sesh.Tests.Wire;

/// <summary>Two machines and the connection between them.</summary>
internal sealed class LinkPair : IAsyncDisposable
{
    private LinkPair(Link a, Link b, PipeConnection atA, PipeConnection atB) => (A, B, AtA, AtB) = (a, b, atA, atB);

    public Link A { get; }

    public Link B { get; }

    public PipeConnection AtA { get; }

    public PipeConnection AtB { get; }

    /// <summary>Bytes both ways so far.</summary>
    public long Bytes => AtA.Sent + AtB.Sent;

    public static LinkOptions Options(string machine, MemorySharing sharing) => new()
    {
        Machine = MachineName.Parse(machine),
        Replica = MemorySharing.Replica(machine[0]),
        Version = "0.1.0",
        Sharing = sharing,
        Allow = Grant.Drive,
    };

    public static async Task<LinkPair> OpenAsync(LinkOptions a, LinkOptions b, Action<PipeConnection, PipeConnection>? prepare = null)
    {
        var (atA, atB) = PipeConnection.Pair(a.Time, a.Machine.Text, b.Machine.Text);
        prepare?.Invoke(atA, atB);
        var (openA, openB) = (Link.OpenAsync(atA, a, CancellationToken.None), Link.OpenAsync(atB, b, CancellationToken.None));
        return new LinkPair(await openA, await openB, atA, atB);
    }

    public static Task<LinkPair> OpenAsync(MemorySharing a, MemorySharing b) => OpenAsync(Options("desk", a), Options("laptop", b));

    public async Task<(ExchangeReport A, ExchangeReport B)> SyncAsync()
    {
        var (a, b) = (A.SyncAsync(CancellationToken.None), B.SyncAsync(CancellationToken.None));
        return (await a.WaitAsync(TimeSpan.FromSeconds(20)), await b.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
