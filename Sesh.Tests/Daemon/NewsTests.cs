using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Daemon;

public sealed class NewsTests : IDisposable
{
    private readonly StoreHome _home = new();
    private readonly SteppedTime _time = new();
    private int _offers;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_new_label_is_offered_at_once_and_once()
    {
        var session = _home.Register("desk", "before");
        using var news = News();

        _home.Store("desk").Write(_ => StoreHome.Rename(session, "after"));
        news.Look();
        news.Look();

        Assert.Equal(1, _offers);
    }

    [Fact]
    public void A_turn_that_begins_is_offered_at_once_and_context_only_after_fifteen_seconds()
    {
        var session = _home.Register("desk", "s");
        var live = new LiveStore(new StoreOptions(_home.Path, MachineName.Parse("desk"), _time));
        live.Merge([Row(session, TurnStatus.Idle)], complete: false);
        using var news = News();

        live.Merge([Row(session, TurnStatus.Busy)], complete: false);
        news.Look();
        Assert.Equal(1, _offers);

        live.Merge([Row(session, TurnStatus.Busy) with { ContextPct = 40 }], complete: false);
        news.Look();
        _time.Step(TimeSpan.FromSeconds(14));
        Assert.Equal(1, _offers);
        _time.Step(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _offers);
    }

    [Fact]
    public void On_a_metered_machine_what_can_wait_waits_a_minute_and_goes_with_what_cannot()
    {
        var session = _home.Register("desk", "s");
        var live = new LiveStore(new StoreOptions(_home.Path, MachineName.Parse("desk"), _time));
        live.Merge([Row(session, TurnStatus.Idle)], complete: false);
        using var news = News();
        news.Metered = true;

        live.Merge([Row(session, TurnStatus.Idle) with { ContextPct = 40 }], complete: false);
        news.Look();
        _time.Step(TimeSpan.FromSeconds(59));
        Assert.Equal(0, _offers);
        _home.Store("desk").Write(_ => StoreHome.Rename(session, "after"));
        news.Look();
        Assert.Equal(1, _offers);
        _time.Step(TimeSpan.FromMinutes(2));
        Assert.Equal(1, _offers);
    }

    private News News() => new(_home.Path, () => _offers++, _time);

    private LiveRow Row(SessionId session, TurnStatus status)
    {
        _time.Step(TimeSpan.FromMilliseconds(20));
        return new LiveRow { Uuid = session, ObservedAt = _time.GetUtcNow().ToUnixTimeMilliseconds(), TurnStatus = status, Live = true, Pid = 1 };
    }
}
