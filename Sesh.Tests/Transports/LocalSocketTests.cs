using Sesh.Sync;
using Sesh.Sync.Transports;
using Xunit;

namespace Sesh.Tests.Transports;

public sealed class LocalSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sesh-s").FullName;

    private string Socket => Path.Join(_folder, "beta.sock");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_one_side_says_the_other_reads_and_the_end_is_told()
    {
        using var listener = LocalListener.Open(Socket);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));
        var here = (await LocalSocket.ConnectAsync(Socket, Cancel))!;
        await using var there = await listener.AcceptAsync(Cancel);
        await here.Output.WriteAsync("hello"u8.ToArray(), Cancel);
        var buffer = new byte[5];
        await there.Input.ReadExactlyAsync(buffer, Cancel);
        Assert.Equal("hello"u8.ToArray(), buffer);
        Assert.False(there.Ended.IsCompleted);
        await here.DisposeAsync();
        Assert.Equal(0, await there.Input.ReadAsync(buffer, Cancel));
        Assert.Null(await there.Ended);
    }

    [Fact]
    public async Task Nobody_listens_where_there_is_no_file_and_where_a_process_left_one_behind()
    {
        Assert.Null(await LocalSocket.ConnectAsync(Socket, Cancel));
        using (var left = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0))
            left.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Socket));
        File.WriteAllText(Socket + ".x", "");
        Assert.Null(await LocalSocket.ConnectAsync(Socket, Cancel));
        using var listener = LocalListener.Open(Socket);
        await using var connection = await LocalSocket.ConnectAsync(Socket, Cancel);
        Assert.NotNull(connection);
    }

    [Fact]
    public async Task Disposing_ends_who_waits()
    {
        using var listener = LocalListener.Open(Socket);
        var here = (await LocalSocket.ConnectAsync(Socket, Cancel))!;
        await using var there = await listener.AcceptAsync(Cancel);
        var reading = here.Input.ReadAsync(new byte[1], Cancel).AsTask();
        await here.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(TimeSpan.FromSeconds(5), Cancel));
        Assert.False(reading.IsCanceled);
        Assert.True(here.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_is_said_to_be()
    {
        var path = Path.Join(_folder, new string('x', LocalSocket.MaxPathLength));
        Assert.Equal("socket-path", Assert.Throws<SeshException>(() => LocalListener.Open(path)).Code);
        var failure = await Assert.ThrowsAsync<SeshException>(() => LocalSocket.ConnectAsync(path, Cancel));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }
}
