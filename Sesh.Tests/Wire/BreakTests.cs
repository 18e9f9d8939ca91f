using Sesh.Sync;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

public sealed class BreakTests
{
    private static (MemorySharing Desk, MemorySharing Laptop) Homes()
    {
        var desk = new MemorySharing().Write(1, MemorySharing.Payload(1), MemorySharing.Payload(2)).Write(3, MemorySharing.Payload(3)).Live("desk", 1, 5);
        var laptop = new MemorySharing().Write(1, MemorySharing.Payload(1)).Write(2, MemorySharing.Payload(4)).Live("laptop", 2, 6);
        return (desk, laptop);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_after_any_byte_loses_nothing_and_the_next_link_goes_on(bool outward)
    {
        var expected = Homes();
        long all;
        await using (var pair = await LinkPair.OpenAsync(expected.Desk, expected.Laptop))
        {
            await pair.SyncAsync();
            await pair.A.DisposeAsync();
            all = (outward ? pair.AtA : pair.AtB).Sent;
        }

        for (var at = 0L; at <= all; at++)
        {
            var (desk, laptop) = Homes();
            await CutAsync(desk, laptop, outward, at);
            await using var again = await LinkPair.OpenAsync(desk, laptop);
            await again.SyncAsync();
            Assert.True(expected.Desk.Contents == desk.Contents && desk.Contents == laptop.Contents, $"cut after {at} bytes");
        }
    }

    /// <summary>Both ends of a link that breaks come to an end, with a reason, whatever they were doing.</summary>
    private static async Task CutAsync(MemorySharing desk, MemorySharing laptop, bool outward, long at)
    {
        var (atA, atB) = PipeConnection.Pair();
        (outward ? atA : atB).Way.CutAfter = at;
        var (a, b) = (OneEndAsync(atA, LinkPair.Options("desk", desk)), OneEndAsync(atB, LinkPair.Options("laptop", laptop)));
        await Task.WhenAny(Task.WhenAll(a, b), Task.Delay(TimeSpan.FromSeconds(20)));
        Assert.True(a.IsCompleted && b.IsCompleted, $"cut after {at} bytes: desk {a.Status}, laptop {b.Status}, {atA.Sent} and {atB.Sent} sent");
    }

    private static async Task OneEndAsync(PipeConnection at, LinkOptions options)
    {
        try
        {
            await using var link = await Link.OpenAsync(at, options, CancellationToken.None);
            await link.SyncAsync(default);
            await link.PingAsync(default);
        }
        catch (SeshException e) when (e.Code is "link-lost" or "not-sesh")
        {
            Assert.NotEmpty(e.Message);
        }
    }

    [Fact]
    public async Task What_had_arrived_before_a_break_is_not_sent_again()
    {
        var (desk, laptop) = (new MemorySharing(), new MemorySharing());
        for (var replica = 0; replica < 20; replica++)
            desk.Write(replica, MemorySharing.Payload(replica, 5000));
        var (atA, atB) = PipeConnection.Pair();
        atA.Way.CutAfter = 60_000;
        await Task.WhenAll(OneEndAsync(atA, LinkPair.Options("desk", desk)), OneEndAsync(atB, LinkPair.Options("laptop", laptop)));
        var taken = laptop.State().Documents.Length;
        Assert.InRange(taken, 5, 12);
        await using var again = await LinkPair.OpenAsync(desk, laptop);
        var (report, _) = await again.SyncAsync();
        Assert.Equal(20 - taken, report.Sent);
    }

    [Fact]
    public async Task A_connection_that_ends_in_order_without_a_goodbye_is_a_broken_one()
    {
        await using var pair = await LinkPair.OpenAsync(new MemorySharing(), new MemorySharing());
        await pair.AtB.DisposeAsync();
        Assert.Equal("the other side ended without a goodbye", await pair.A.Ended);
    }

    [Fact]
    public async Task A_goodbye_that_waits_to_be_read_outweighs_a_write_that_fails()
    {
        for (var i = 0; i < 50; i++)
        {
            await using var pair = await LinkPair.OpenAsync(new MemorySharing(), new MemorySharing());
            var end = pair.B.DisposeAsync();
            pair.A.Changed();
            var ping = pair.A.PingAsync(default);
            await end;
            Assert.Null(await pair.A.Ended);
            await ping.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    [Fact]
    public async Task Slow_lines_change_nothing_but_the_time()
    {
        var (desk, laptop) = Homes();
        await using var pair = await LinkPair.OpenAsync(LinkPair.Options("desk", desk), LinkPair.Options("laptop", laptop), (a, b) =>
        {
            a.Way.Delay = TimeSpan.FromMilliseconds(20);
            b.Way.Delay = TimeSpan.FromMilliseconds(20);
        });
        await pair.SyncAsync();
        Assert.Equal(desk.Contents, laptop.Contents);
    }
}
