using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

/// <summary>The other side of a link, frame by frame, as an older version, a careless one or an evil one would speak.</summary>
internal sealed class RawPeer
{
    private readonly FrameReader _reader;

    private RawPeer(PipeConnection connection)
    {
        Connection = connection;
        _reader = new FrameReader(connection.Input, TimeProvider.System);
    }

    public PipeConnection Connection { get; }

    public long Read => _reader.Bytes;

    /// <summary>A link with this on its other end, hellos said.</summary>
    public static async Task<(Link Link, RawPeer Peer)> OpenAsync(LinkOptions options, Packed.Writing? hello = null)
    {
        var (here, there) = PipeConnection.Pair(options.Time);
        var peer = new RawPeer(there);
        await there.Output.WriteAsync(FrameReader.Magic.ToArray());
        await peer.SendAsync(FrameKind.Hello, 0, Packed.Write(hello ?? SayHello(StateVector.Empty)));
        var link = await Link.OpenAsync(here, options, CancellationToken.None);
        Assert.True(await peer._reader.SkipToMagicAsync(default));
        Assert.Equal(FrameKind.Hello, (await peer.NextAsync())?.Kind);
        return (link, peer);
    }

    public static Packed.Writing SayHello(StateVector state, string machine = "evil") =>
        new Hello(1, 1, Capabilities.Brotli, machine, MemorySharing.Replica(666), "0.1.0", 1, Grant.Sync, 1_760_000_000_000, state, 0).Write;

    public static byte[] Bytes(FrameKind kind, uint channel, ReadOnlySpan<byte> payload, long? length = null)
    {
        var bytes = new byte[2 * Varint.MaxSize + payload.Length];
        var head = Varint.Write(bytes, ((ulong)channel << 5) | (byte)kind);
        head += Varint.Write(bytes.AsSpan(head), (ulong)(length ?? payload.Length));
        payload.CopyTo(bytes.AsSpan(head));
        return bytes[..(head + payload.Length)];
    }

    public async Task SendAsync(FrameKind kind, uint channel, ReadOnlyMemory<byte> payload) => await Connection.Output.WriteAsync(Bytes(kind, channel, payload.Span));

    public async Task SendAsync(FrameKind kind, uint channel, params ulong[] numbers) => await SendAsync(kind, channel, Numbers(numbers));

    public async Task SendAsync(Parcel parcel) => await StreamAsync(new StreamMessage(MessageType.Parcel, ParcelFormat.Write(parcel)).Encode(false));

    public async Task SendAsync(Marker marker) => await StreamAsync(new StreamMessage(MessageType.Marker, marker.Write()).Encode(false));

    public async Task StreamAsync(ReadOnlyMemory<byte> message)
    {
        for (; message.Length > 0; message = message[Math.Min(message.Length, Limits.Piece)..])
            await SendAsync(FrameKind.Exchange, 0, message[..Math.Min(message.Length, Limits.Piece)]);
    }

    public static byte[] Numbers(params ulong[] numbers)
    {
        var bytes = new byte[numbers.Length * Varint.MaxSize];
        var size = 0;
        foreach (var number in numbers)
            size += Varint.Write(bytes.AsSpan(size), number);
        return bytes[..size];
    }

    /// <summary>The next frame, its payload copied; null at the end.</summary>
    public async Task<Frame?> NextAsync() =>
        await _reader.ReadAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(10)) is { } frame ? frame with { Payload = frame.Payload.ToArray() } : null;

    /// <summary>The next frame of a kind; others are read over.</summary>
    public async Task<Frame> NextAsync(FrameKind kind)
    {
        while (true)
        {
            var frame = await NextAsync() ?? throw new InvalidOperationException($"the link ended before {kind}");
            if (frame.Kind == kind)
                return frame;
        }
    }

    /// <summary>Reads all to the end; the message of the goodbye, if there is one.</summary>
    public async Task<string?> GoodbyeAsync()
    {
        string? said = null;
        try
        {
            while (await NextAsync() is { } frame)
            {
                if (frame.Kind == FrameKind.Goodbye && frame.Payload.Length > 0)
                    said = RequestFormat.ReadFailure(frame.Payload).Message;
            }
        }
        catch (WireException)
        {
            // Cut within a frame: that is an end too.
        }

        return said;
    }
}
