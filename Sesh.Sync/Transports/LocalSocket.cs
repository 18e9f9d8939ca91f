using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Sesh.Sync.Store;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Transports;

/// <summary>Connections between processes of this user on this machine, by a socket file that only he may open.</summary>
public static class LocalSocket
{
    /// <summary>Bytes of a path in <c>sockaddr_un</c>, its end not counted.</summary>
    public static int MaxPathLength => OperatingSystem.IsMacOS() ? 103 : 107;

    /// <summary>Null where nobody listens there: no file, or one that a process left behind.</summary>
    /// <exception cref="SeshException"><c>socket-path</c>, <c>socket</c> (not ours to open, no room in its queue, …).</exception>
    public static async Task<IConnection?> ConnectAsync(string path, CancellationToken cancel)
    {
        CheckLength(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel).ConfigureAwait(false);
            return new LocalConnection(socket, path);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            // ENOENT has no SocketError of its own.
            return e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable || !File.Exists(path)
                ? null
                : throw new SeshException("socket", $"cannot connect to {path}: {e.Message}", inner: e);
        }
        catch
        {
            // Cancelled: nobody else would close it.
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="SeshException"><c>socket-path</c>: longer than sockets may have; says by how much.</exception>
    internal static void CheckLength(string path)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxPathLength)
        {
            throw new SeshException(
                "socket-path", $"the path of a socket may have {MaxPathLength} bytes, {path} has {length}", "set SESH_HOME to a folder with a shorter path");
        }
    }
}

/// <summary>Listens on a socket file. Whoever makes one has made sure (by a lock) that nobody else listens there: what lies there is taken for left behind and replaced.</summary>
public sealed class LocalListener : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Waiting = 64;

    private readonly Socket _socket;
    private readonly string _path;

    private LocalListener(Socket socket, string path) => (_socket, _path) = (socket, path);

    /// <summary>The folder must be there.</summary>
    /// <exception cref="SeshException"><c>socket-path</c>, <c>socket</c>.</exception>
    public static LocalListener Open(string path)
    {
        LocalSocket.CheckLength(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before it listens.
            File.SetUnixFileMode(path, OwnerOnly);
            socket.Listen(Waiting);
            return new LocalListener(socket, path);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new SeshException("socket", $"cannot listen on {path}: {e.Message}", inner: e);
        }
    }

    /// <summary>The next one that connects. Another user's, whom a mistaken mode may have let in, is hung up on.</summary>
    /// <exception cref="OperationCanceledException"/>
    /// <exception cref="ObjectDisposedException"/>
    public async Task<IConnection> AcceptAsync(CancellationToken cancel)
    {
        while (true)
        {
            var socket = await _socket.AcceptAsync(cancel).ConfigureAwait(false);
            if (IsOurs(socket))
                return new LocalConnection(socket, _path);
            socket.Dispose();
        }
    }

    public void Dispose()
    {
        File.Delete(_path);
        _socket.Dispose();
    }

    private static bool IsOurs(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        const int SolSocket = 1;
        const int PeerCredentials = 17;
        Span<uint> credentials = stackalloc uint[3]; // process, user, group
        return socket.GetRawSocketOption(SolSocket, PeerCredentials, MemoryMarshal.AsBytes(credentials)) == 12 && credentials[1] == HomeFolder.EffectiveUser();
    }
}

/// <summary>Owns the socket.</summary>
internal sealed class LocalConnection : IConnection
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LocalConnection(Socket socket, string description)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Input = new NoticedInput(_stream, _ended);
        Description = description;
    }

    public Stream Input { get; }

    public Stream Output => _stream;

    public string Description { get; }

    public Task<string?> Ended => _ended.Task;

    public ValueTask DisposeAsync()
    {
        // What waits in a read or write ends; what was written is still delivered.
        _socket.Dispose();
        _ended.TrySetResult(null);
        return ValueTask.CompletedTask;
    }
}
