using Sesh.Sync;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

public sealed class SilenceTests
{
    private readonly ManualTime _time = new();

    private Task<LinkPair> OpenAsync() => LinkPair.OpenAsync(
        LinkPair.Options("desk", new MemorySharing()) with { Time = _time },
        LinkPair.Options("laptop", new MemorySharing()) with
        {
            Time = _time,
            Requests = new GivenHandler(async (_, _, _, cancel) =>
            {
                await Task.Delay(Timeout.Infinite, cancel);
                return 0;
            }),
        });

    [Fact]
    public async Task A_quiet_link_stays_open_on_pings_of_a_few_bytes()
    {
        await using var pair = await OpenAsync();
        var before = pair.Bytes;
        for (var minute = 0; minute < 10; minute++)
        {
            for (var step = 0; step < 4; step++)
            {
                _time.Pass(TimeSpan.FromSeconds(15));
                // What a ping sets off runs on other threads: the clock goes on when it has been answered.
                await Task.WhenAll(pair.A.PingAsync(default), pair.B.PingAsync(default));
            }
        }

        Assert.False(pair.A.Ended.IsCompleted);
        Assert.False(pair.B.Ended.IsCompleted);
        // Some of each minute's bytes are this test's own pings.
        Assert.InRange(pair.Bytes - before, 1, 40 * 2 * 4 * 2);
        await EndAsync(pair);
    }

    [Fact]
    public async Task A_frozen_peer_is_given_up_and_what_waits_for_it_fails()
    {
        await using var pair = await OpenAsync();
        var asked = pair.A.AskAsync(new Request { Verb = "tail" }, new RequestStreams(Stream.Null, Stream.Null, Stream.Null), default);
        await pair.A.PingAsync(default);
        pair.AtA.Way.Freeze();
        pair.AtB.Way.Freeze();
        var (syncA, pingA) = (pair.A.SyncAsync(default), pair.A.PingAsync(default));
        _time.Pass(TimeSpan.FromSeconds(44));
        Assert.False(asked.IsCompleted);
        _time.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal("nothing has come from laptop for 45 s", await pair.A.Ended.WaitAsync(TimeSpan.FromSeconds(10)));
        foreach (var waiting in new Task[] { asked, pingA })
            Assert.Equal("link-lost", (await Assert.ThrowsAsync<SeshException>(() => waiting)).Code);
        await syncA.ContinueWith(_ => { }, TaskScheduler.Default);
        await EndAsync(pair);
    }

    [Fact]
    public async Task A_peer_that_answers_pings_but_takes_nothing_is_given_up()
    {
        var (link, peer) = await RawPeer.OpenAsync(LinkPair.Options("desk", new MemorySharing().Write(1, MemorySharing.Payload(1))) with { Time = _time });
        var sync = link.SyncAsync(default);
        await peer.NextAsync(FrameKind.Exchange);
        while (!peer.Connection.Ended.IsCompleted)
        {
            // Half a link at the end: then nobody is there to be pinged.
            await peer.SendAsync(FrameKind.Ping, 0, ReadOnlyMemory<byte>.Empty).ContinueWith(_ => { }, TaskScheduler.Default);
            Frame? answer;
            do
                answer = await peer.NextAsync();
            while (answer is { Kind: not FrameKind.Pong });
            _time.Pass(TimeSpan.FromSeconds(10));
        }

        Assert.Contains("does not answer", await link.Ended.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("link-lost", (await Assert.ThrowsAsync<SeshException>(() => sync)).Code);
        await link.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_a_frozen_link_comes_to_an_end()
    {
        var pair = await OpenAsync();
        pair.AtA.Way.Freeze();
        await EndAsync(pair);
    }

    /// <summary>A goodbye may wait for the clock.</summary>
    private async Task EndAsync(LinkPair pair)
    {
        await _time.PassUntilAsync(EndedAsync(pair.A), TimeSpan.FromSeconds(1));
        await _time.PassUntilAsync(EndedAsync(pair.B), TimeSpan.FromSeconds(1));
    }

    private static async Task<bool> EndedAsync(Link link)
    {
        await link.DisposeAsync();
        return true;
    }
}
