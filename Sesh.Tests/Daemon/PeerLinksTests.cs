using Sesh.Sync.Daemon;
using Xunit;

namespace Sesh.Tests.Daemon;

public sealed class PeerLinksTests
{
    [Fact]
    public async Task What_is_written_on_one_machine_is_pushed_to_the_other_within_a_tenth_of_a_second()
    {
        await using var net = new MemoryNet(TimeProvider.System);
        var (desk, laptop) = (net.Add("desk"), net.Add("laptop"));
        desk.Keep(laptop);
        Until.True(() => desk.StatusOf(laptop).State == LinkState.Connected && desk.StatusOf(laptop).LastContact > 0, "connected");

        var worst = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            var writer = i % 2 == 0 ? desk : laptop;
            var began = TimeProvider.System.GetTimestamp();
            writer.Write(i);
            Until.True(() => net.AreEqual, "both hold it");
            var took = TimeProvider.System.GetElapsedTime(began);
            worst = took > worst ? took : worst;
        }

        Assert.True(worst < TimeSpan.FromMilliseconds(500), $"the slowest took {worst}");
    }

    [Fact]
    public async Task A_peer_that_swallows_everything_delays_nobody()
    {
        var time = new SteppedTime();
        await using var net = new MemoryNet(time);
        var (desk, hole, laptop) = (net.Add("desk"), net.Add("hole"), net.Add("laptop"));
        hole.Away = MemoryMachine.BlackHole();
        desk.Keep(hole, laptop);
        Until.True(() => desk.StatusOf(laptop).LastContact > 0, "the laptop is reached");

        desk.Write(1);
        Until.True(() => desk.Sharing.Contents == laptop.Sharing.Contents, "the laptop has the news");
        var both = desk.Links.SyncAsync([], TestContext.Current.CancellationToken);
        time.Step(TimeSpan.FromSeconds(4));
        Assert.Equal(LinkState.Dialling, desk.StatusOf(hole).State);
        Until.True(() =>
        {
            time.Step(TimeSpan.FromMilliseconds(100));
            return both.IsCompleted;
        }, "the exchange ends when the hole is given up");

        var outcomes = await both;
        Assert.Null(outcomes.Single(o => o.Peer == laptop.Name).Failure);
        Assert.Equal("unreachable", outcomes.Single(o => o.Peer == hole.Name).Failure?.Code);
        Assert.Contains("within 5 s", desk.Contacts["hole"].LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_refuses_is_dialled_ever_more_seldom_and_at_once_when_somebody_asks()
    {
        var time = new SteppedTime();
        await using var net = new MemoryNet(time);
        var (desk, laptop) = (net.Add("desk"), net.Add("laptop"));
        laptop.Away = MemoryMachine.Refusing();
        desk.Keep(laptop);
        Step(time, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(0.5));
        var early = laptop.Dials;
        Step(time, TimeSpan.FromMinutes(60), TimeSpan.FromSeconds(5));
        var late = laptop.Dials;
        Assert.InRange(early, 15, 60);
        Assert.InRange(late - early, 55, 120);

        Assert.Equal("unreachable", (await desk.Links.SyncAsync([laptop.Name], TestContext.Current.CancellationToken)).Single().Failure?.Code);
        Assert.Equal(late + 1, laptop.Dials);
        laptop.Away = null;
        Assert.Null((await desk.Links.SyncAsync([laptop.Name], TestContext.Current.CancellationToken)).Single().Failure);
        Assert.Equal(LinkState.Connected, desk.StatusOf(laptop).State);
        Assert.Equal("", desk.StatusOf(laptop).LastError);
    }

    [Fact]
    public async Task A_host_key_that_is_wrong_is_asked_for_once_a_minute()
    {
        var time = new SteppedTime();
        await using var net = new MemoryNet(time);
        var (desk, laptop) = (net.Add("desk"), net.Add("laptop"));
        laptop.Away = MemoryMachine.Refusing("host-key-changed");
        desk.Keep(laptop);

        Step(time, TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(2));

        Assert.InRange(laptop.Dials, 9, 15);
    }

    [Fact]
    public async Task Of_two_that_dial_each_other_the_link_of_the_lower_replica_stays()
    {
        await using var net = new MemoryNet(TimeProvider.System);
        var (low, high) = (net.Add("low"), net.Add("high"));
        high.Keep(low);
        Until.True(() => high.StatusOf(low).State == LinkState.Connected, "the higher one dials while the lower one sleeps");
        low.Keep(high);

        Until.True(() => high.StatusOf(low).State == LinkState.Parked && low.StatusOf(high).State == LinkState.Connected, "the lower one's link is used");
        Until.True(() => low.ServedLinks == 0 && high.ServedLinks == 1, "there is one link");
        Assert.NotNull(high.Links.To(low.Name));
        high.Write(1);
        low.Write(2);
        Until.True(() => net.AreEqual, "both hold the same");
        Assert.Null((await high.Links.SyncAsync([], TestContext.Current.CancellationToken)).Single().Failure);

        high.Connections.Single().Cut("the network went");
        high.Write(3);
        Until.True(() => net.AreEqual, "it is found again");
    }

    [Fact]
    public async Task A_machine_that_cannot_be_reached_but_dials_us_is_lived_with_on_its_own_link()
    {
        await using var net = new MemoryNet(TimeProvider.System);
        var (desk, laptop) = (net.Add("desk"), net.Add("laptop"));
        laptop.Away = MemoryMachine.Refusing();
        desk.Keep(laptop);
        Until.True(() => desk.StatusOf(laptop).State == LinkState.BackOff, "the laptop is behind a router");

        laptop.Keep(desk);

        Until.True(() => desk.StatusOf(laptop).State == LinkState.Parked, "its own link is used");
    }

    [Fact]
    public async Task After_a_sleep_links_that_are_dead_are_replaced_within_seconds()
    {
        var time = new SteppedTime();
        await using var net = new MemoryNet(time);
        var (desk, laptop) = (net.Add("desk"), net.Add("laptop"));
        desk.Keep(laptop);
        Until.True(() => desk.StatusOf(laptop) is { LastContact: > 0, RoundTripMs: not null }, "connected");
        using var watch = new ClockWatch(_ => desk.Links.Doubt(), time);
        foreach (var connection in laptop.Connections)
            connection.Way.Freeze();

        time.Jump(TimeSpan.FromHours(8));
        time.Step(TimeSpan.FromSeconds(10));
        Until.True(() =>
        {
            time.Step(TimeSpan.FromMilliseconds(100));
            return laptop.Dials == 2;
        }, "it is dialled anew");
        desk.Write(1);
        Until.True(() => net.AreEqual, "the news arrives");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_link_on_which_nothing_is_answered_is_replaced_as_soon_as_a_new_one_is(bool isHeard)
    {
        var time = new SteppedTime();
        await using var net = new MemoryNet(time);
        var (desk, laptop) = (net.Add("desk"), net.Add("laptop"));
        desk.Keep(laptop);
        Until.True(() => desk.StatusOf(laptop) is { LastContact: > 0, RoundTripMs: not null }, "connected");
        laptop.Away = MemoryMachine.BlackHole();
        var back = laptop.Connections.Single().Way;
        back.Freeze();
        desk.Dialled!.Way.Freeze();
        desk.Write(1);
        var gone = TimeSpan.Zero;
        StepUntil(() => gone.TotalSeconds >= 20, "a ping went out");
        if (isHeard)
        {
            // The other side's packets come through again, ours do not yet.
            back.Thaw();
            laptop.Write(2);
            Until.True(() => desk.Sharing.Takes > 0, "it is heard");
        }

        StepUntil(() => laptop.Dials == 2, "a new link is tried");
        Assert.InRange(gone.TotalSeconds, 25, 40);
        Assert.Equal(LinkState.Connected, desk.StatusOf(laptop).State);

        laptop.Away = null;
        StepUntil(() => net.AreEqual, "the news arrives over a new one");

        Assert.InRange(gone.TotalSeconds, 25, 48);

        void StepUntil(Func<bool> state, string what) => Until.True(
            () =>
            {
                if (state())
                    return true;
                time.Step(TimeSpan.FromMilliseconds(100));
                gone += TimeSpan.FromMilliseconds(100);
                return false;
            },
            what);
    }

    [Fact]
    public async Task A_link_that_is_alive_outlives_the_doubt()
    {
        var time = new SteppedTime();
        await using var net = new MemoryNet(time);
        var (desk, laptop) = (net.Add("desk"), net.Add("laptop"));
        desk.Keep(laptop);
        Until.True(() => desk.StatusOf(laptop).LastContact > 0, "connected");

        desk.Links.Doubt();
        Assert.Null((await desk.Links.SyncAsync([], TestContext.Current.CancellationToken)).Single().Failure);
        time.Step(TimeSpan.FromSeconds(6));

        Assert.Equal(1, laptop.Dials);
    }

    [Fact]
    public async Task Peers_that_are_taken_out_are_told_goodbye_and_new_ones_are_dialled()
    {
        await using var net = new MemoryNet(TimeProvider.System);
        var (desk, laptop, phone) = (net.Add("desk"), net.Add("laptop"), net.Add("phone"));
        desk.Keep(laptop);
        Until.True(() => laptop.ServedLinks == 1, "the laptop is linked");

        desk.Keep(phone);

        Until.True(() => laptop.ServedLinks == 0 && phone.ServedLinks == 1, "the phone is linked in its place");
        Assert.Equal(phone.Name, Assert.Single(desk.Links.Statuses).Peer);
        Assert.Null(desk.Links.To(laptop.Name));
    }

    [Theory]
    [InlineData("chain")]
    [InlineData("star")]
    [InlineData("ring")]
    public async Task News_crosses_twenty_machines(string shape)
    {
        await using var net = new MemoryNet(TimeProvider.System);
        var machines = Enumerable.Range(0, 20).Select(i => net.Add($"m{i}")).ToList();
        for (var i = 0; i < machines.Count; i++)
        {
            if (shape == "star")
                machines[i].Keep(i == 0 ? [] : [machines[0]]);
            else if (i + 1 < machines.Count || shape == "ring")
                machines[i].Keep(machines[(i + 1) % machines.Count]);
        }

        foreach (var machine in machines)
            machine.Write(machine.Number);
        Until.True(() => net.AreEqual, "everybody holds everything");

        machines[7].Write(100);
        machines[19].Write(101);
        Until.True(() => net.AreEqual, "everybody holds the news");
    }

    private static void Step(SteppedTime time, TimeSpan all, TimeSpan each)
    {
        for (var gone = TimeSpan.Zero; gone < all; gone += each)
        {
            time.Step(each);
            // The loops run on the pool: each gets to its next wait.
            using var pause = new ManualResetEventSlim();
            pause.Wait(2);
        }
    }
}
