using System.Net.Sockets;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

public sealed class SocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sesh-s-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(SocketConnection Here, SocketConnection There)> PairAsync()
    {
        var path = Path.Join(_folder, "s");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var accepted = listener.AcceptAsync();
        var here = await SocketConnection.ConnectAsync(path, default);
        return (here, new SocketConnection(await accepted, "a client"));
    }

    [Fact]
    public async Task A_link_over_a_unix_socket_syncs_and_ends_with_a_goodbye()
    {
        var (here, there) = await PairAsync();
        var (desk, laptop) = (new MemorySharing().Write(1, MemorySharing.Payload(1)), new MemorySharing());
        var (openA, openB) = (Link.OpenAsync(here, LinkPair.Options("desk", desk), default), Link.OpenAsync(there, LinkPair.Options("laptop", laptop), default));
        await using var a = await openA;
        await using var b = await openB;
        await Task.WhenAll(a.SyncAsync(default), b.SyncAsync(default));
        Assert.Equal(desk.Contents, laptop.Contents);
        await a.DisposeAsync();
        Assert.Null(await b.Ended);
        Assert.Null(await here.Ended);
    }

    [Fact]
    public async Task A_client_that_dies_ends_the_link_with_a_reason()
    {
        var (here, there) = await PairAsync();
        var (openA, openB) = (Link.OpenAsync(here, LinkPair.Options("desk", new MemorySharing()), default), Link.OpenAsync(there, LinkPair.Options("laptop", new MemorySharing()), default));
        await using var a = await openA;
        await using var b = await openB;
        await here.DisposeAsync();
        Assert.NotNull(await b.Ended);
        Assert.NotNull(await a.Ended);
    }

    [Fact]
    public async Task Nobody_listening_is_an_error() =>
        await Assert.ThrowsAnyAsync<SocketException>(() => SocketConnection.ConnectAsync(Path.Join(_folder, "none"), default));
}
