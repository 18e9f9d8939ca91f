using Sesh.Sync.Daemon;
using Xunit;

namespace Sesh.Tests.Daemon;

public sealed class LookingTests
{
    private readonly SteppedTime _time = new();
    private WalkOutcome _outcome;
    private bool _peek;
    private int _looks;

    [Fact]
    public async Task Where_nothing_changes_it_looks_every_five_seconds_and_where_nothing_is_not_at_all()
    {
        _outcome = new WalkOutcome(HasSessions: true, IsBusy: false, HasChanged: false);
        await using (Start())
        {
            Step(TimeSpan.FromSeconds(60));
            var before = Looks;
            Step(TimeSpan.FromSeconds(60));
            Assert.InRange(Looks - before, 9, 13);
        }

        _outcome = default;
        _looks = 0;
        await using var idle = Start();
        Step(TimeSpan.FromMinutes(5));
        Assert.Equal(1, Looks);
    }

    [Fact]
    public async Task After_a_change_it_looks_twice_a_second_and_in_a_long_turn_once()
    {
        _outcome = new WalkOutcome(HasSessions: true, IsBusy: true, HasChanged: true);
        await using var looking = Start();
        Step(TimeSpan.FromSeconds(10));
        Assert.InRange(Looks, 14, 22);

        _outcome = _outcome with { HasChanged = false };
        Step(TimeSpan.FromSeconds(30));
        var before = Looks;
        Step(TimeSpan.FromSeconds(30));
        Assert.InRange(Looks - before, 22, 32);
    }

    [Fact]
    public async Task A_transcript_that_grows_is_looked_at_within_a_second()
    {
        _outcome = new WalkOutcome(HasSessions: true, IsBusy: false, HasChanged: false);
        await using var looking = Start();
        Step(TimeSpan.FromSeconds(60));
        var before = Looks;
        _peek = true;

        Step(TimeSpan.FromSeconds(1.5));

        Assert.InRange(Looks - before, 1, 2);
    }

    [Fact]
    public async Task News_is_one_reason_to_look_however_much_of_it_comes()
    {
        await using var looking = Start();
        Step(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100; i++)
            looking.Expect();

        Step(TimeSpan.FromSeconds(10));

        Assert.InRange(Looks, 2, 3);
    }

    private int Looks => Volatile.Read(ref _looks);

    private Looking Start()
    {
        var looking = new Looking(
            _ =>
            {
                Interlocked.Increment(ref _looks);
                return _outcome;
            },
            () => _peek, _ => { }, _time);
        Until.True(() => Looks > 0, "the first look");
        return looking;
    }

    private void Step(TimeSpan all)
    {
        for (var gone = TimeSpan.Zero; gone < all; gone += TimeSpan.FromMilliseconds(250))
        {
            // The loop runs on the pool, and gets to its next wait.
            using var pause = new ManualResetEventSlim();
            pause.Wait(2);
            _time.Step(TimeSpan.FromMilliseconds(250));
        }
    }
}
