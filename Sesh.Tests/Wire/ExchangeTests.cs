using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

public sealed class ExchangeTests
{
    private readonly MemorySharing _desk = new();
    private readonly MemorySharing _laptop = new();

    [Fact]
    public async Task Nothing_changed_costs_one_round_trip_and_few_bytes()
    {
        for (var machine = 0; machine < 5; machine++)
        {
            foreach (var home in new[] { _desk, _laptop })
                home.Write(machine, [.. Enumerable.Range(0, 300).Select(i => MemorySharing.Payload((1000 * machine) + i))]).Live($"machine-{machine}", machine, 1_760_000_000_000 + machine);
        }

        long hello;
        long all;
        await using (var pair = await LinkPair.OpenAsync(_desk, _laptop))
        {
            await pair.SyncAsync();
            hello = pair.Bytes;
            await pair.A.DisposeAsync();
            Assert.Null(await pair.B.Ended);
            all = pair.Bytes;
        }

        Assert.True(all <= 800, $"{all} bytes");
        // Both said hello at the same time and had nothing to add: what one waits for is half a round trip.
        Assert.InRange(all - hello, 1, 8);
        Assert.Equal((1, 1), (_desk.Looks, _laptop.Looks));
    }

    [Fact]
    public async Task One_change_goes_over_in_few_bytes()
    {
        for (var machine = 0; machine < 5; machine++)
        {
            foreach (var home in new[] { _desk, _laptop })
                home.Write(machine, [.. Enumerable.Range(0, 300).Select(i => MemorySharing.Payload((1000 * machine) + i))]).Live($"machine-{machine}", machine, 1_760_000_000_000 + machine);
        }

        _desk.Write(0, MemorySharing.Payload(77));
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        var (a, b) = await pair.SyncAsync();
        await pair.A.DisposeAsync();
        Assert.Equal(_desk.Contents, _laptop.Contents);
        Assert.Equal((1, 0, 0, 1), (a.Sent, a.Received, b.Sent, b.Received));
        Assert.True(pair.Bytes <= 1200, $"{pair.Bytes} bytes");
    }

    [Fact]
    public async Task Both_sides_have_news()
    {
        _desk.Write(1, MemorySharing.Payload(1)).Write(3, MemorySharing.Payload(3)).Live("desk", 1, 5);
        _laptop.Write(2, MemorySharing.Payload(2), MemorySharing.Payload(22)).Live("laptop", 2, 6);
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        var (a, b) = await pair.SyncAsync();
        Assert.Equal(_desk.Contents, _laptop.Contents);
        Assert.Equal((3, 2), (a.Sent, a.Received));
        Assert.Equal((2, 3), (b.Sent, b.Received));
    }

    [Fact]
    public async Task A_document_larger_than_all_windows_goes_over_both_ways_at_once()
    {
        _desk.Write(1, [.. Enumerable.Range(0, 3000).Select(i => MemorySharing.Payload(i, 1000))]);
        _laptop.Write(2, [.. Enumerable.Range(0, 3000).Select(i => MemorySharing.Payload(i + 5000, 1000))]);
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        await pair.SyncAsync();
        Assert.Equal(_desk.Contents, _laptop.Contents);
    }

    [Fact]
    public async Task Who_holds_the_same_needs_only_the_others_hello_to_know_it()
    {
        foreach (var home in new[] { _desk, _laptop })
            home.Write(1, MemorySharing.Payload(1)).Live("desk", 1, 5);
        var (atA, atB) = PipeConnection.Pair();
        // Nothing of desk's arrives anywhere.
        atA.Way.Freeze();
        var opening = Link.OpenAsync(atB, LinkPair.Options("laptop", _laptop), CancellationToken.None);
        await using (var desk = await Link.OpenAsync(atA, LinkPair.Options("desk", _desk), CancellationToken.None))
        {
            await desk.SyncAsync(default).WaitAsync(TimeSpan.FromSeconds(10));
            Assert.False(opening.IsCompleted);
        }

        atA.Way.Thaw();
        await using var laptop = await opening;
        await laptop.SyncAsync(default);
    }

    [Fact]
    public async Task Homes_that_never_come_to_agree_come_to_an_end_nevertheless()
    {
        _desk.Write(1, MemorySharing.Payload(1));
        // It says that it took it, and each time holds something else.
        var other = 100;
        _laptop.Judge = _ =>
        {
            _laptop.Write(1, MemorySharing.Payload(++other));
            return new Receipt(Outcome.Taken);
        };
        _desk.Judge = _ => new Receipt(Outcome.Taken);
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        await pair.SyncAsync();
        Assert.InRange(_laptop.Takes, 1, 4);
    }

    [Fact]
    public async Task A_fork_lies_on_both_sides_afterwards()
    {
        _desk.Write(1, MemorySharing.Payload(1), MemorySharing.Payload(2));
        _laptop.Write(1, MemorySharing.Payload(1), MemorySharing.Payload(3));
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        await pair.SyncAsync();
        Assert.Equal(_desk.Contents, _laptop.Contents);
        Assert.Equal(2, _desk.State().Documents.Length);
    }

    [Fact]
    public async Task What_does_not_join_is_sent_whole()
    {
        _desk.Write(1, MemorySharing.Payload(1), MemorySharing.Payload(2));
        _laptop.Write(1, MemorySharing.Payload(1));
        // It lost the prefix between telling what it holds and being given the rest.
        _laptop.Judge = parcel => parcel is FramesParcel ? new Receipt(Outcome.Unjoined, "gone") : null;
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        var (a, _) = await pair.SyncAsync();
        Assert.Equal(_desk.Contents, _laptop.Contents);
        Assert.Empty(a.Refused);
    }

    [Fact]
    public async Task What_never_joins_is_refused_once_and_the_link_goes_on()
    {
        _desk.Write(1, MemorySharing.Payload(1), MemorySharing.Payload(2)).Write(2, MemorySharing.Payload(9));
        _laptop.Write(1, MemorySharing.Payload(1));
        _laptop.Judge = parcel => parcel is FramesParcel or DocumentParcel { Head.End: 2 } ? new Receipt(Outcome.Unjoined, "never") : null;
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        var (a, _) = await pair.SyncAsync();
        Assert.Single(a.Refused);
        Assert.Equal(3, _laptop.Takes);
        Assert.Equal(1, a.Sent);
        Assert.False(pair.A.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_refused_document_is_told_and_not_offered_again_and_others_pass()
    {
        _desk.Write(1, MemorySharing.Payload(1)).Write(2, MemorySharing.Payload(2));
        _laptop.Judge = parcel => ParcelName.Of(parcel).Replica == MemorySharing.Replica(1) ? new Receipt(Outcome.Refused, "forged\u001b[2J") : null;
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        var (a, b) = await pair.SyncAsync();
        Assert.Contains("forged␛[2J", Assert.Single(a.Refused));
        Assert.Contains("forged␛[2J", Assert.Single(b.Refused));
        var takes = _laptop.Takes;
        pair.A.Changed();
        await pair.SyncAsync();
        Assert.Equal(takes, _laptop.Takes);
        Assert.Single(_laptop.State().Documents);
    }

    [Fact]
    public async Task A_full_home_fails_its_own_sync_alone_and_takes_all_when_there_is_room()
    {
        _desk.Write(1, MemorySharing.Payload(1));
        _laptop.Write(2, MemorySharing.Payload(2));
        _laptop.Judge = _ => throw new Sesh.Sync.SeshException("home-full", "no space left");
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        var (a, b) = (pair.A.SyncAsync(default), pair.B.SyncAsync(default));
        Assert.Contains("no space left", Assert.Single((await a).Refused));
        Assert.Equal("home-full", (await Assert.ThrowsAsync<Sesh.Sync.SeshException>(() => b)).Code);
        Assert.Equal(2, _desk.State().Documents.Length);
        _laptop.Judge = null;
        var (after, _) = await pair.SyncAsync();
        Assert.Equal(_desk.Contents, _laptop.Contents);
        Assert.Empty(after.Refused);
    }

    [Fact]
    public async Task A_full_home_that_has_room_again_takes_all_though_nothing_changes()
    {
        var time = new ManualTime();
        _desk.Write(1, MemorySharing.Payload(1));
        _laptop.Judge = _ => throw new Sesh.Sync.SeshException("home-full", "no space left");
        await using var pair = await LinkPair.OpenAsync(LinkPair.Options("desk", _desk) with { Time = time }, LinkPair.Options("laptop", _laptop) with { Time = time });
        Assert.Single((await pair.A.SyncAsync(default)).Refused);

        _laptop.Judge = null;
        Until.True(
            () =>
            {
                time.Pass(TimeSpan.FromMilliseconds(100));
                return _desk.Contents == _laptop.Contents;
            },
            "it is offered again");
        await time.PassUntilAsync(EndedAsync(pair), TimeSpan.FromSeconds(1));
    }

    private static async Task<bool> EndedAsync(LinkPair pair)
    {
        await pair.DisposeAsync();
        return true;
    }

    [Fact]
    public async Task What_is_refused_with_each_change_is_logged_once()
    {
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        _desk.Write(1, MemorySharing.Payload(1));
        _laptop.Judge = _ => throw new Sesh.Sync.SeshException("home-full", "no space left");
        await using var pair = await LinkPair.OpenAsync(LinkPair.Options("desk", _desk) with { Log = told.Enqueue }, LinkPair.Options("laptop", _laptop));
        for (var i = 0; i < 3; i++)
            Assert.Contains("no space left", Assert.Single((await pair.A.SyncAsync(default)).Refused));

        Assert.Contains("no space left", Assert.Single(told));
    }

    [Fact]
    public async Task Changes_on_either_side_are_pushed_while_the_link_stays_open()
    {
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        await pair.SyncAsync();
        _desk.Write(1, MemorySharing.Payload(1));
        pair.A.Changed();
        Until.True(() => _desk.Contents == _laptop.Contents, "desk's change at laptop");
        _laptop.Write(2, MemorySharing.Payload(2)).Live("laptop", 2, 9);
        pair.B.Changed();
        Until.True(() => _desk.Contents == _laptop.Contents, "laptop's change at desk");
        await pair.SyncAsync();
        Assert.Equal(3, _desk.Takes + _laptop.Takes);
    }

    [Fact]
    public async Task A_change_that_nobody_reported_is_found_by_a_sync_from_the_other_side()
    {
        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        await pair.SyncAsync();
        _laptop.Write(2, MemorySharing.Payload(2));
        var report = await pair.A.SyncAsync(default);
        Assert.Equal((0, 1), (report.Sent, report.Received));
        Assert.Equal(_desk.Contents, _laptop.Contents);
    }

    [Fact]
    public async Task News_from_one_link_go_on_over_another()
    {
        var phone = new MemorySharing().Write(3, MemorySharing.Payload(3));
        Link? toPhone = null;
        Link? toLaptop = null;
        var options = LinkPair.Options("desk", _desk);
        await using var first = await LinkPair.OpenAsync(options with { Received = () => toPhone?.Changed() }, LinkPair.Options("laptop", _laptop));
        toLaptop = first.A;
        await using var second = await LinkPair.OpenAsync(options with { Received = () => toLaptop.Changed() }, LinkPair.Options("phone", phone));
        toPhone = second.A;
        Until.True(() => _laptop.Contents == phone.Contents, "phone's document at laptop");
        _laptop.Write(2, MemorySharing.Payload(2));
        first.B.Changed();
        Until.True(() => _laptop.Contents == phone.Contents, "laptop's document at phone");
    }

    [Fact]
    public async Task A_vector_too_large_for_one_frame_follows_its_hello()
    {
        for (var replica = 0; replica < 1000; replica++)
        {
            _desk.Write(replica, MemorySharing.Payload(replica, 10));
            if (replica % 2 == 0)
                _laptop.Write(replica, MemorySharing.Payload(replica, 10));
        }

        await using var pair = await LinkPair.OpenAsync(_desk, _laptop);
        var (a, b) = await pair.SyncAsync();
        Assert.Equal(_desk.Contents, _laptop.Contents);
        Assert.Equal((500, 0, 500), (a.Sent, b.Sent, b.Received));
    }
}
