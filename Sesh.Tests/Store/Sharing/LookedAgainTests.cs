using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Wire;
using Sesh.Tests.Wire;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

/// <summary>A look that finds everything as it was is told with the hello: nothing is sent for it, and rows elsewhere are as fresh.</summary>
public sealed class LookedAgainTests : IDisposable
{
    private readonly DiskHome _desk = new("desk");
    private readonly DiskHome _laptop = new("laptop");
    private readonly SessionId _session;

    public LookedAgainTests()
    {
        _session = _desk.Register("one");
        _laptop.Register("two");
        LookAtEverything(tell: true);
    }

    public void Dispose()
    {
        _desk.Dispose();
        _laptop.Dispose();
    }

    [Fact]
    public async Task Nothing_is_sent_and_the_rows_are_as_fresh_there()
    {
        await ExchangeAsync();
        Later();
        LookAtEverything(tell: false);
        Assert.Equal(60_000, Age());
        Assert.Equal((0, 0), await ExchangeAsync());
        Assert.Equal(0, Age());
    }

    [Fact]
    public async Task What_is_to_be_told_over_open_links_is_a_change()
    {
        await ExchangeAsync();
        Later();
        LookAtEverything(tell: true);
        Assert.Equal((1, 0), await ExchangeAsync());
        Assert.Equal(0, Age());
    }

    [Fact]
    public async Task A_look_that_was_not_told_does_not_keep_the_next_from_being_told()
    {
        await ExchangeAsync();
        Later();
        LookAtEverything(tell: false);
        LookAtEverything(tell: true);
        Assert.Equal((1, 0), await ExchangeAsync());
    }

    [Fact]
    public async Task A_change_goes_with_a_look_that_is_not_told()
    {
        await ExchangeAsync();
        Later();
        LookAtEverything(tell: false, TurnStatus.Busy);
        Assert.Equal((1, 0), await ExchangeAsync());
        Assert.Equal(TurnStatus.Busy, _laptop.Live.Find(_session, "desk")!.Row.TurnStatus);
    }

    [Fact]
    public async Task Word_of_other_rows_of_a_time_to_come_and_of_oneself_is_passed_over()
    {
        await ExchangeAsync();
        Later();
        var held = _laptop.Sharing.State().Live.Single(l => l.Machine == "desk");
        var now = _laptop.Clock.Milliseconds;
        _laptop.Sharing.Confirm([held with { LastWalk = now, Stamp = held.Stamp.Next() }, held with { LastWalk = now + 3_600_000_000 }, held with { LastWalk = now, Machine = "tower" }]);
        _desk.Sharing.Confirm([held with { LastWalk = now }]);
        Assert.Equal(60_000, Age());
        Assert.Equal(60_000, _desk.Live.Find(_session, "desk")!.AgeMs);
        _laptop.Sharing.Confirm([held with { LastWalk = now }]);
        Assert.Equal(0, Age());
        _laptop.Sharing.Confirm([held]);
        Assert.Equal(0, Age());
    }

    private void Later()
    {
        _desk.Clock.Milliseconds += 60_000;
        _laptop.Clock.Milliseconds += 60_000;
    }

    private long Age() => _laptop.Live.Find(_session, "desk")!.AgeMs;

    private void LookAtEverything(bool tell, TurnStatus status = TurnStatus.Idle) => Assert.True(_desk.Live.Merge(
        [new LiveRow { Uuid = _session, ObservedAt = _desk.Clock.Milliseconds, TurnStatus = status, LastActivity = 1, Live = true }], complete: true, _desk.Clock.Milliseconds, tell));

    /// <summary>Sent and received by the desk.</summary>
    private async Task<(int Sent, int Received)> ExchangeAsync()
    {
        await using var pair = await LinkPair.OpenAsync(Options(_desk), Options(_laptop));
        var (report, _) = await pair.SyncAsync();
        return (report.Sent, report.Received);
    }

    private static LinkOptions Options(DiskHome home) => new()
    {
        Machine = MachineName.Parse(home.Machine),
        Version = "0.1.0",
        Sharing = home.Sharing,
    };
}
