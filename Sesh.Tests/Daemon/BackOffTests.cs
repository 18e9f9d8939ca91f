using Sesh.Sync.Daemon;
using Xunit;

namespace Sesh.Tests.Daemon;

public sealed class BackOffTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public void Whoever_comes_back_within_two_minutes_is_dialled_within_fifteen_seconds()
    {
        var backOff = new BackOff(_time, new Random(1));
        for (var away = TimeSpan.Zero; away < TimeSpan.FromMinutes(2);)
        {
            var wait = backOff.Next(needsPerson: false);
            Assert.InRange(wait, TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(15));
            _time.Step(wait);
            away += wait;
        }
    }

    [Fact]
    public void Whoever_is_away_all_night_is_dialled_about_once_a_minute()
    {
        var backOff = new BackOff(_time, new Random(1));
        backOff.Next(needsPerson: false);
        _time.Step(TimeSpan.FromHours(8));

        for (var i = 0; i < 100; i++)
            Assert.InRange(backOff.Next(needsPerson: false), TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void A_link_that_lived_begins_anew_and_one_that_breaks_at_once_does_not()
    {
        var backOff = new BackOff(_time, new Random(1));
        backOff.Next(needsPerson: false);
        _time.Step(TimeSpan.FromHours(1));

        backOff.LinkEnded(TimeSpan.FromSeconds(1));
        Assert.True(backOff.Next(needsPerson: false) > TimeSpan.FromSeconds(30));

        backOff.LinkEnded(TimeSpan.FromMinutes(1));
        Assert.True(backOff.Next(needsPerson: false) <= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void What_a_person_must_mend_is_asked_once_a_minute_from_the_first()
    {
        var backOff = new BackOff(_time, new Random(1));

        Assert.True(backOff.Next(needsPerson: true) >= TimeSpan.FromSeconds(45));
    }
}
