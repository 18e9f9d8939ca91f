using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Sesh.Bench.Figures;

/// <summary>A way to a local port on which everything takes a while, each way: light over a few thousand kilometres of glass.</summary>
internal sealed class SlowRelay : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly int _target;
    private readonly TimeSpan _delay;

    /// <param name="delay">Each way.</param>
    public SlowRelay(int target, TimeSpan delay)
    {
        (_target, _delay) = (target, delay);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync().ConfigureAwait(false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed: the run is over.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            try
            {
                near.NoDelay = far.NoDelay = true;
                await far.ConnectAsync(IPAddress.Loopback, _target).ConfigureAwait(false);
                await Task.WhenAny(CarryAsync(near, far), CarryAsync(far, near)).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // sshd is gone: so is whoever came.
            }
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var onWay = Channel.CreateUnbounded<(byte[] Bytes, long Sent)>();
        var arriving = ArriveAsync(onWay.Reader, to);
        var buffer = new byte[64 << 10];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer).ConfigureAwait(false)) > 0;)
                onWay.Writer.TryWrite((buffer[..read], Stopwatch.GetTimestamp()));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // As good as its end.
        }

        onWay.Writer.Complete();
        await arriving.ConfigureAwait(false);
    }

    private async Task ArriveAsync(ChannelReader<(byte[] Bytes, long Sent)> onWay, Socket to)
    {
        try
        {
            await foreach (var (bytes, sent) in onWay.ReadAllAsync().ConfigureAwait(false))
            {
                if (_delay - Stopwatch.GetElapsedTime(sent) is { Ticks: > 0 } left)
                    await Task.Delay(left).ConfigureAwait(false);
                await to.SendAsync(bytes).ConfigureAwait(false);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody is there any more to hear it.
        }
    }
}
