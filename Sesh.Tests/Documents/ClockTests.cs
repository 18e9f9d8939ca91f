using Sesh.Sync.Documents;
using Sesh.Tests.Oracle;
using Xunit;

namespace Sesh.Tests.Documents;

public sealed class ClockTests
{
    private const long Day = Clock.MaxAhead;
    private const long Hour = 3_600_000;

    [Fact]
    public void A_tick_comes_after_the_wall_and_after_all_that_is_held()
    {
        Assert.Equal(new Hlc((5UL << 16) + 1), Clock.Tick(5, default));
        Assert.Equal(new Hlc((9UL << 16) + 8), Clock.Tick(5, new Hlc((9UL << 16) + 7)));
    }

    [Fact]
    public void The_counter_carries_into_the_milliseconds()
    {
        var next = Clock.Tick(5, new Hlc((5UL << 16) + ushort.MaxValue));
        Assert.Equal((6L, (ushort)0), (next.Milliseconds, next.Counter));
    }

    [Fact]
    public void A_time_more_than_a_day_ahead_does_not_count()
    {
        Assert.Equal(Hlc.AtWall(5 + Day).Next(), Clock.Tick(5, Hlc.AtWall(5 + Day)));
        Assert.Equal(Hlc.AtWall(5).Next(), Clock.Tick(5, Hlc.AtWall(5 + Day).Next()));
        Assert.Equal(Hlc.AtWall(5).Next(), Clock.Tick(5, new Hlc(ulong.MaxValue)));
    }

    [Fact]
    public void The_end_of_time_is_not_overrun()
    {
        Assert.Equal(new Hlc(ulong.MaxValue), new Hlc(ulong.MaxValue).Next());
        Assert.True(Clock.Tick(long.MaxValue - Day, default) > Hlc.AtWall(0));
        Assert.Equal(default(Hlc).Next(), Clock.Tick(-5, default));
    }

    [Fact]
    public void A_machine_400_days_ahead_drags_nobody_along_and_its_value_is_replaced()
    {
        var world = new World();
        var (p, b, c) = (world.Add("P"), world.Add("B"), world.Add("C"));
        var other = new Register(World.Session, Field.Summary);
        p.Skew = 400 * Day;
        p.Write((other, Value.Of("ahead")));
        p.Skew = 0;
        p.Send(b);
        b.Write((World.Name, Value.Of("b")));
        world.Now += Hour;
        c.Write((World.Name, Value.Of("c")));
        world.Exchange();
        Assert.Equal(Value.Of("c"), c.Shown(World.Name));
        foreach (var machine in world.Machines)
            Assert.InRange(machine.Set.Highest(world.Now).Milliseconds, world.Now - Hour, world.Now);

        // P itself, its clock mended, then C: the later wins, and the entry ahead gives way to whoever saw it.
        p.Write((World.Tag, Value.Of("p")));
        world.Now += Hour;
        c.Write((World.Tag, Value.Of("c")), (other, Value.Of("now")));
        world.Exchange();
        Assert.Equal(Value.Of("c"), p.Shown(World.Tag));
        Assert.Equal(Value.Of("now"), p.Shown(other));
    }

    [Fact]
    public void A_clock_set_back_a_year_goes_on_by_context()
    {
        var world = new World { Now = 1000 * Day };
        var (a, b) = (world.Add("A"), world.Add("B"));
        a.Write((World.Name, Value.Of("before")));
        a.Send(b);
        a.Skew = -365 * Day;
        a.Write((World.Name, Value.Of("after")));
        world.Exchange();
        Assert.Equal(Value.Of("after"), b.Shown(World.Name));
        Assert.True(a.Own.Frames[1].Entries[0].Hlc < a.Own.Frames[0].Entries[0].Hlc);
    }
}
