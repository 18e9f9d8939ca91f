using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

public sealed class CreditTests
{
    private static readonly Request Flood = new() { Verb = "flood" };
    private static readonly Request Quick = new() { Verb = "quick" };

    /// <summary>Serves <c>flood</c>, which writes until it is stopped, and <c>quick</c>.</summary>
    private static LinkOptions Flooding(MemorySharing sharing, Action<long> wrote) => LinkPair.Options("laptop", sharing) with
    {
        Requests = new GivenHandler(async (request, _, streams, cancel) =>
        {
            var line = new byte[4096];
            for (var all = 0L; request.Verb == "flood"; all += line.Length)
            {
                await streams.Output.WriteAsync(line, cancel);
                wrote(all);
            }

            await streams.Output.WriteAsync("quick"u8.ToArray(), cancel);
            return 0;
        }),
    };

    [Fact]
    public async Task A_reader_that_does_not_read_stops_its_writer_and_nobody_else()
    {
        var (desk, laptop) = (new MemorySharing(), new MemorySharing());
        var written = 0L;
        await using var pair = await LinkPair.OpenAsync(LinkPair.Options("desk", desk), Flooding(laptop, all => Volatile.Write(ref written, all)));
        await pair.SyncAsync();
        using var stop = new CancellationTokenSource();
        var stuck = new StuckStream();
        var floods = Enumerable.Range(0, 4).Select(_ => pair.A.AskAsync(Flood, new RequestStreams(Stream.Null, stuck, Stream.Null), stop.Token)).ToList();
        Until.True(() => Volatile.Read(ref written) > Limits.StreamWindow / 2, "the writers at their windows' ends");

        // Others have the link to themselves: a request, the exchange, a ping.
        var output = new MemoryStream();
        Assert.Equal(0, await pair.A.AskAsync(Quick, new RequestStreams(Stream.Null, output, Stream.Null), default).WaitAsync(TimeSpan.FromSeconds(10)));
        laptop.Write(1, [.. Enumerable.Range(0, 3000).Select(i => MemorySharing.Payload(i, 1000))]);
        desk.Write(2, [.. Enumerable.Range(0, 3000).Select(i => MemorySharing.Payload(i + 9000, 1000))]);
        await pair.SyncAsync();
        Assert.Equal(desk.Contents, laptop.Contents);
        await pair.A.PingAsync(default).WaitAsync(TimeSpan.FromSeconds(10));

        // What was written is what the windows hold, and no more.
        Assert.InRange(Volatile.Read(ref written), 1, Limits.StreamWindow + (2 * Limits.Piece));
        await stop.CancelAsync();
        stuck.Release();
        foreach (var flood in floods)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flood);
    }

    [Fact]
    public async Task Much_input_for_a_handler_that_reads_none_waits_at_the_asker()
    {
        var release = new TaskCompletionSource();
        var read = 0L;
        await using var pair = await LinkPair.OpenAsync(LinkPair.Options("desk", new MemorySharing()), LinkPair.Options("laptop", new MemorySharing()) with
        {
            Requests = new GivenHandler(async (_, _, streams, cancel) =>
            {
                await release.Task;
                var buffer = new byte[10_000];
                int got;
                while ((got = await streams.Input.ReadAsync(buffer, cancel)) > 0)
                    read += got;
                return 0;
            }),
        });
        var input = new CountedInput(10_000_000);
        var asked = pair.A.AskAsync(Quick, new RequestStreams(input, Stream.Null, Stream.Null), default);
        Until.True(() => input.Taken >= Limits.StreamWindow, "a window full of input");
        await pair.A.PingAsync(default);
        Assert.InRange(input.Taken, Limits.StreamWindow, Limits.StreamWindow + (2 * Limits.Piece));
        release.SetResult();
        Assert.Equal(0, await asked.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(10_000_000, read);
    }

    [Fact]
    public async Task Who_sends_more_than_its_credit_is_cut_off()
    {
        var (link, peer) = await RawPeer.OpenAsync(LinkPair.Options("desk", new MemorySharing()) with { Requests = Never() });
        await peer.SendAsync(FrameKind.Open, 1, RequestFormat.Write(Quick));
        var sending = Task.Run(async () =>
        {
            for (var sent = 0; sent <= Limits.StreamWindow; sent += 8192)
                await peer.SendAsync(FrameKind.Input, 1, new byte[8192]);
        });
        Assert.Equal("more than its credit", await peer.GoodbyeAsync());
        Assert.Contains("more than its credit", await link.Ended);
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Credit_for_what_was_not_sent_ends_the_link()
    {
        var (link, peer) = await RawPeer.OpenAsync(LinkPair.Options("desk", new MemorySharing()));
        await peer.SendAsync(FrameKind.ExchangeCredit, 0, ulong.MaxValue);
        Assert.Contains("credit for what was not sent", await link.Ended);
    }

    private static GivenHandler Never() => new(async (_, _, _, cancel) =>
    {
        await Task.Delay(Timeout.Infinite, cancel);
        return 0;
    });

    /// <summary>A terminal whose scrolling is stopped.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _release = new();

        public void Release() => _release.TrySetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await _release.Task;
    }

    private sealed class CountedInput(long length) : MemoryStream
    {
        private long _taken;

        public long Taken => Volatile.Read(ref _taken);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = (int)Math.Min(buffer.Length, length - _taken);
            Volatile.Write(ref _taken, _taken + read);
            return new ValueTask<int>(read);
        }
    }
}
