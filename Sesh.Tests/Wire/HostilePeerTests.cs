using System.IO.Compression;
using MessagePack;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

public sealed class HostilePeerTests
{
    private static readonly Request Quick = new() { Verb = "quick" };

    private readonly MemorySharing _home = new();

    private LinkOptions Desk => LinkPair.Options("desk", _home) with
    {
        Requests = new GivenHandler(async (request, _, _, cancel) =>
        {
            if (request.Verb == "wait")
                await Task.Delay(Timeout.Infinite, cancel);
            return 0;
        }),
    };

    private async Task EndsAsync(Func<RawPeer, Task> attack, string why)
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk);
        var attacking = Task.Run(() => attack(peer));
        // It hears the reason as well, unless it no longer listens.
        Assert.Contains(why, await peer.GoodbyeAsync());
        Assert.Contains(why, await link.Ended.WaitAsync(TimeSpan.FromSeconds(10)));
        await attacking.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Empty(_home.State().Documents);
    }

    [Fact]
    public Task A_frame_of_gigabytes_is_refused_by_its_head() =>
        EndsAsync(p => p.Connection.Output.WriteAsync(RawPeer.Bytes(FrameKind.Exchange, 0, [], 1L << 40)).AsTask(), "a frame of 1099511627776 bytes");

    [Fact]
    public Task A_number_without_an_end_is_none() =>
        EndsAsync(p => p.Connection.Output.WriteAsync(Enumerable.Repeat((byte)0xFF, 100).ToArray()).AsTask(), "a number without an end");

    [Fact]
    public Task A_parcel_of_gigabytes_takes_no_memory() =>
        EndsAsync(p => p.SendAsync(FrameKind.Exchange, 0, RawPeer.Numbers(1UL << 44)), "a parcel of");

    [Fact]
    public Task A_parcel_that_would_inflate_to_gigabytes_is_refused_by_its_head() =>
        EndsAsync(p => p.SendAsync(FrameKind.Exchange, 0, RawPeer.Numbers((100 << 4) | 8, 1UL << 33)), "a parcel of 8589934592 bytes");

    [Fact]
    public Task A_bomb_stops_where_its_head_said()
    {
        var zeros = new byte[8 << 20];
        var bomb = new byte[100_000];
        Assert.True(BrotliEncoder.TryCompress(zeros, bomb, out var size, 9, 22));
        return EndsAsync(p => p.StreamAsync((byte[])[.. RawPeer.Numbers(((ulong)size << 4) | 8, 5000), .. bomb.AsSpan(0, size)]), "does not inflate");
    }

    [Fact]
    public Task Answers_to_nothing_end_the_link() => EndsAsync(p => p.SendAsync(FrameKind.Receipt, 0, new byte[1]), "an answer to nothing");

    [Fact]
    public Task Output_of_nothing_ends_the_link() => EndsAsync(p => p.SendAsync(FrameKind.Output, 7, new byte[1]), "an answer to nothing");

    [Fact]
    public Task A_state_of_the_future_ends_the_link() =>
        EndsAsync(p => p.SendAsync(FrameKind.State, 0, Exchange.WriteState(9, StateChange.None)), "a state that answers nothing");

    [Fact]
    public Task Markers_out_of_order_end_the_link() => EndsAsync(p => p.SendAsync(new Marker(5, false, false, 0, 0)), "a marker that fits nothing");

    [Fact]
    public Task A_second_hello_ends_the_link() =>
        EndsAsync(p => p.SendAsync(FrameKind.Hello, 0, Packed.Write(RawPeer.SayHello(StateVector.Empty))), "a frame of kind 0");

    [Fact]
    public Task Nesting_without_end_is_refused() =>
        EndsAsync(p => p.SendAsync(FrameKind.State, 0, (byte[])[0x93, 0x00, .. Packed.Write(StateChange.None.Write).Span, .. Enumerable.Repeat((byte)0x91, 60_000), 0xC0]), "nested too deeply");

    [Fact]
    public Task An_array_of_billions_is_refused() =>
        EndsAsync(p => p.SendAsync(FrameKind.State, 0, new byte[] { 0x92, 0x00, 0x91, 0xDD, 0x7F, 0xFF, 0xFF, 0xFF }), "a state");

    [Fact]
    public async Task A_vector_that_never_stops_growing_ends_the_link()
    {
        var number = 0;
        await EndsAsync(
            async p =>
            {
                while (true)
                {
                    var documents = Enumerable.Range(0, 200).Select(_ => new DocumentState(MemorySharing.Replica(++number), 0, 1, 1, 0, 0));
                    await p.SendAsync(FrameKind.State, 0, Exchange.WriteState(0, StateChange.None with { Documents = [.. documents] }));
                }
            },
            "more documents than a machine may hold");
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("a\u001b[2J")]
    public async Task A_machines_name_that_could_be_a_path_or_worse_is_refused(string name)
    {
        var (here, there) = PipeConnection.Pair();
        await there.Output.WriteAsync(FrameReader.Magic.ToArray());
        await there.Output.WriteAsync(RawPeer.Bytes(FrameKind.Hello, 0, Packed.Write(RawPeer.SayHello(StateVector.Empty, name)).Span));
        var error = await Assert.ThrowsAsync<SeshException>(() => Link.OpenAsync(here, Desk, default));
        Assert.Equal("wrong-machine", error.Code);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Fact]
    public Task A_live_file_of_a_path_ends_the_link()
    {
        var change = StateChange.None with { Live = [new LiveState("../own/replicas", default, 1, default)] };
        return EndsAsync(p => p.SendAsync(FrameKind.State, 0, Exchange.WriteState(0, change)), "a machine's name that cannot be one");
    }

    [Fact]
    public async Task A_parcel_with_a_bad_name_is_refused_by_itself()
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk);
        await peer.SendAsync(new LiveParcel(new LiveState("../x", default, 1, default), 0, 0, 0, true, []));
        await peer.SendAsync(new DocumentParcel(MemorySharing.Replica(1), new byte[1], default, [new ShippedBlock((byte)'F', new byte[5])], new SignedHead(MemorySharing.Replica(1), 1, Digest.Zero, Digest.Zero, [.. new byte[64]])));
        await peer.StreamAsync(new StreamMessage(MessageType.Parcel, new byte[] { 0xC1, 1, 2 }).Encode(false));
        for (var i = 0; i < 3; i++)
            Assert.Equal((byte)Answer.Refused, (await peer.NextAsync(FrameKind.Receipt)).Payload.Span[0]);
        Assert.False(link.Ended.IsCompleted);
        Assert.Empty(_home.State().Documents);
        await link.DisposeAsync();
    }

    [Fact]
    public async Task The_same_parcel_a_thousand_times_is_taken_once()
    {
        var donor = new MemorySharing().Write(1, MemorySharing.Payload(1, 2000));
        var parcel = donor.Offer(StateVector.Empty).Single();
        var (link, peer) = await RawPeer.OpenAsync(Desk);
        var replay = Task.Run(async () =>
        {
            for (var i = 0; i < 400; i++)
                await peer.SendAsync(parcel);
        });
        Assert.Equal((byte)Answer.Taken, (await peer.NextAsync(FrameKind.Receipt)).Payload.Span[0]);
        for (var i = 1; i < 400; i++)
            Assert.Equal((byte)Answer.Known, (await peer.NextAsync(FrameKind.Receipt)).Payload.Span[0]);
        await replay;
        Assert.Equal(donor.Contents, _home.Contents);
        await link.DisposeAsync();
    }

    [Fact]
    public async Task Requests_beyond_the_bound_are_told_busy_and_cancelled_ones_make_room()
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk);
        for (var channel = 1u; channel <= Limits.Requests; channel++)
            await peer.SendAsync(FrameKind.Open, channel, RequestFormat.Write(Quick with { Verb = "wait" }));
        await peer.SendAsync(FrameKind.Open, 99, RequestFormat.Write(Quick));
        Assert.Equal("busy", RequestFormat.ReadFailure((await peer.NextAsync(FrameKind.Fail)).Payload).Code);
        await peer.SendAsync(FrameKind.Cancel, 1, ReadOnlyMemory<byte>.Empty);
        Assert.Equal(1u, (await peer.NextAsync(FrameKind.Fail)).Channel);
        Sesh.Sync.Wire.Frame answer;
        do
        {
            // The handler is gone a moment after it has answered.
            await peer.SendAsync(FrameKind.Open, 100, RequestFormat.Write(Quick));
            answer = (await peer.NextAsync())!.Value;
        }
        while (answer.Kind == FrameKind.Fail);
        Assert.Equal((FrameKind.Exit, 100u), (answer.Kind, answer.Channel));
        await link.DisposeAsync();
    }

    [Fact]
    public Task The_same_channel_twice_ends_the_link() => EndsAsync(
        async p =>
        {
            await p.SendAsync(FrameKind.Open, 1, RequestFormat.Write(Quick with { Verb = "wait" }));
            await p.SendAsync(FrameKind.Open, 1, RequestFormat.Write(Quick));
        },
        "a request within a request");

    [Theory]
    [InlineData("quick;rm -rf ~")]
    [InlineData("Quick")]
    [InlineData("")]
    public Task A_verb_that_is_none_ends_the_link(string verb) => EndsAsync(
        p => p.SendAsync(FrameKind.Open, 1, Packed.Write((ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(5);
            writer.Write(verb);
            writer.WriteNil();
            writer.WriteArrayHeader(0);
            writer.WriteNil();
            writer.WriteArrayHeader(0);
        })),
        "a verb that cannot be one");

    [Fact]
    public Task More_hops_than_allowed_end_the_link() =>
        EndsAsync(p => p.SendAsync(FrameKind.Open, 1, RequestFormat.Write(Quick with { Path = ["a", "b", "c"] })), "3 of what there may be 2");

    [Fact]
    public async Task Who_has_us_answer_and_reads_nothing_is_cut_off_before_it_costs_memory()
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk);
        var flood = Task.Run(async () =>
        {
            var pings = Enumerable.Repeat(RawPeer.Bytes(FrameKind.Ping, 0, []), 10_000).SelectMany(b => b).ToArray();
            while (true)
                await peer.Connection.Output.WriteAsync(pings);
        });
        Assert.Contains("reads nothing", await link.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAnyAsync<IOException>(() => flood);
    }

    [Fact]
    public async Task What_a_peer_says_goes_nowhere_raw()
    {
        var (link, peer) = await RawPeer.OpenAsync(Desk);
        var asked = link.AskAsync(Quick, new RequestStreams(Stream.Null, Stream.Null, Stream.Null), default);
        var open = await peer.NextAsync(FrameKind.Open);
        await peer.SendAsync(FrameKind.Fail, open.Channel, RequestFormat.Write(new SeshException("x\u001b]0;", "\u001b[2J\u0007\u202Egone", "\u009b1m", 4000)));
        var error = await Assert.ThrowsAsync<SeshException>(() => asked);
        Assert.DoesNotContain(error.Code + error.Message + error.Hint, c => char.IsControl(c) || c == '\u202E');
        Assert.Equal(255, error.ExitCode);
        await link.DisposeAsync();
    }
}
