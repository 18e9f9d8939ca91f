using System.Net.Sockets;

namespace Sesh.Sync.Wire;

/// <summary>A connection over a connected stream socket: the sockets in this home, on which whoever holds a link offers it.</summary>
public sealed class SocketConnection : IConnection
{
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NetworkStream _stream;

    /// <param name="socket">Connected; owned from here on.</param>
    /// <param name="description">For messages.</param>
    public SocketConnection(Socket socket, string description)
    {
        Description = description;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Input = new Heard(_stream, _ended);
    }

    public Stream Input { get; }

    public Stream Output => _stream;

    public string Description { get; }

    public Task<string?> Ended => _ended.Task;

    /// <summary>Connects to a unix socket.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<SocketConnection> ConnectAsync(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel).ConfigureAwait(false);
            return new SocketConnection(socket, path);
        }
        catch
        {
            // The caller is told; the socket is nobody's.
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _ended.TrySetResult(null);
    }

    /// <summary>Reading that notices how it ends.</summary>
    private sealed class Heard(NetworkStream stream, TaskCompletionSource<string?> ended) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read == 0 && buffer.Length > 0)
                    ended.TrySetResult(null);
                return read;
            }
            catch (IOException e)
            {
                ended.TrySetResult(e.Message);
                throw;
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
