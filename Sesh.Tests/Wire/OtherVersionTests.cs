using MessagePack;
using Sesh.Sync;
using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

/// <summary>Peers of other versions, each played frame by frame: an older one that lacks what later ones have, and a newer one that says more.</summary>
public sealed class OtherVersionTests
{
    private readonly MemorySharing _home = new MemorySharing().Write(1, [.. Enumerable.Range(0, 50).Select(_ => new byte[200])]);

    private LinkOptions Desk => LinkPair.Options("desk", _home);

    /// <summary>The least that a hello ever was: versions, name, vector. No capabilities, no clock, no replica.</summary>
    private static void OldHello(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(4);
        writer.Write(0);
        writer.Write(0);
        writer.Write(1);
        writer.Write(1);
        writer.Write(3);
        writer.Write("old");
        writer.Write(9);
        writer.WriteArrayHeader(0);
        writer.WriteArrayHeader(0);
    }

    private static void NewHello(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(7);
        writer.Write(100);
        writer.WriteArrayHeader(2);
        writer.Write("a new thing");
        writer.WriteMapHeader(1);
        writer.Write(1);
        writer.WriteNil();
        writer.Write(0);
        writer.Write(1);
        writer.Write(1);
        writer.Write(7);
        writer.Write(2);
        writer.Write(0xFFFF);
        writer.Write(3);
        writer.Write("new");
        writer.Write(9);
        writer.WriteArrayHeader(0);
        writer.WriteArrayHeader(0);
        writer.Write(7);
        writer.Write(99);
    }

    [Fact]
    public async Task An_older_peer_gets_what_it_understands_and_both_come_to_an_end()
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk with { Protocols = new(0, 1) }, OldHello);
        Assert.Equal((1, "old", Grant.None), (link.Peer.Protocol, link.Peer.Machine.Text, link.Peer.Allow));
        var sync = link.SyncAsync(default);
        await peer.SendAsync(new Marker(1, false, false, 0, 0));

        // It knows no Brotli: what would shrink to nothing comes as it is.
        var stream = new MemoryStream();
        while (stream.Length < 10_000)
            stream.Write((await peer.NextAsync(FrameKind.Exchange)).Payload.Span);
        await peer.SendAsync(FrameKind.Receipt, 0, new byte[] { (byte)Answer.Taken });
        await peer.SendAsync(FrameKind.State, 0, Exchange.WriteState(1, StateChange.Between(StateVector.Empty, _home.State())));
        await peer.NextAsync(FrameKind.Exchange);
        Assert.Equal(1, (await sync).Sent);
        await link.DisposeAsync();
    }

    [Fact]
    public async Task A_newer_peers_hello_frames_and_fields_are_skipped_where_it_says_so()
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk, NewHello);
        Assert.Equal((1, Grant.Drive), (link.Peer.Protocol, link.Peer.Allow));
        await peer.SendAsync((FrameKind)30, 5, new byte[100]);
        await peer.StreamAsync(new StreamMessage((MessageType)5, new byte[70_000]).Encode(true));
        await peer.SendAsync(FrameKind.State, 0, Packed.Write((ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(3);
            writer.Write(0);
            StateChange.None.Write(ref writer);
            writer.WriteArrayHeader(1);
            writer.Write("more");
        }));
        await peer.SendAsync(FrameKind.Ping, 0, ReadOnlyMemory<byte>.Empty);
        await peer.NextAsync(FrameKind.Pong);
        Assert.False(link.Ended.IsCompleted);
        await link.DisposeAsync();
    }

    [Fact]
    public async Task A_parcel_of_a_kind_from_the_future_is_refused_by_itself()
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk);
        var parcel = Packed.Write((ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(2);
            writer.Write(9);
            writer.Write("?");
        });
        await peer.StreamAsync(new StreamMessage(MessageType.Parcel, parcel).Encode(false));
        Assert.Equal((byte)Answer.Refused, (await peer.NextAsync(FrameKind.Receipt)).Payload.Span[0]);
        Assert.False(link.Ended.IsCompleted);
        await link.DisposeAsync();
    }

    [Fact]
    public async Task A_frame_that_must_be_understood_ends_the_link()
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk);
        await peer.SendAsync((FrameKind)20, 0, new byte[1]);
        Assert.Contains("kind 20", await peer.GoodbyeAsync());
        Assert.Contains("kind 20", await link.Ended);
    }

    [Fact]
    public async Task A_peer_that_is_only_newer_is_named_with_both_versions()
    {
        var (here, there) = PipeConnection.Pair();
        await there.Output.WriteAsync(FrameReader.Magic.ToArray());
        await there.Output.WriteAsync(RawPeer.Bytes(FrameKind.Hello, 0, Packed.Write((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(4);
            writer.Write(0);
            writer.Write(4);
            writer.Write(1);
            writer.Write(6);
            writer.Write(5);
            writer.Write("9.9.9");
            writer.Write(200);
            writer.WriteNil();
        }).Span));
        var error = await Assert.ThrowsAsync<SeshException>(() => Link.OpenAsync(here, Desk, default));
        Assert.Equal("protocol", error.Code);
        Assert.Contains("desk (sesh 0.1.0) speaks protocol 1", error.Message);
        Assert.Contains("(sesh 9.9.9) speaks 4 to 6", error.Message);
    }
}
