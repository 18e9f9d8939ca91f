using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Live;
using Sesh.Sync.Store.Sharing;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

public sealed class LiveSharingTests : IDisposable
{
    private const long Year = 365L * 24 * 3600 * 1000;

    private readonly DiskHome _alpha = new("alpha");
    private readonly DiskHome _beta = new("beta");
    private readonly DiskHome _gamma = new("gamma");

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
        _gamma.Dispose();
    }

    [Fact]
    public void A_row_shows_at_another_machine_with_its_age()
    {
        var session = _alpha.Register("one");
        _alpha.Look(session, TurnStatus.Busy, ago: 3000);
        _beta.TakeFrom(_alpha);
        var held = _beta.Live.Find(session, "alpha")!;
        Assert.Equal((TurnStatus.Busy, "alpha", 3000, false), (held.Row.TurnStatus, held.Machine, held.AgeMs, held.Ours));
        _beta.Clock.Milliseconds += 60_000;
        Assert.Equal(63_000, _beta.Live.All(_ => "alpha")[session].AgeMs);
        Assert.Equal(_alpha.Sharing.State().Live, _beta.Sharing.State().Live);
    }

    [Theory]
    [InlineData(Year)]
    [InlineData(-Year)]
    public void Ages_are_honest_where_clocks_are_a_year_apart_and_over_a_machine_between(long apart)
    {
        _beta.Clock.Milliseconds += apart;
        _gamma.Clock.Milliseconds -= apart / 2;
        var session = _alpha.Register("one");
        _alpha.Look(session, TurnStatus.Idle);
        Pass(7000);
        _beta.TakeFrom(_alpha);
        Pass(11_000);
        _gamma.TakeFrom(_beta);
        Pass(13_000);
        var held = _gamma.Live.Find(session, "alpha")!;
        Assert.Equal(31_000, held.AgeMs);
        Assert.Equal(_gamma.Clock.Milliseconds - 36_000, held.Row.LastActivity);
        Assert.Equal(18_000 + 13_000, _beta.Live.Find(session, "alpha")!.AgeMs);
    }

    [Fact]
    public void A_later_look_travels_as_what_changed_alone()
    {
        var sessions = Enumerable.Range(0, 40).Select(i => _alpha.Register($"s{i}")).ToList();
        sessions.ForEach(s => _alpha.Look(s, TurnStatus.Idle));
        _beta.TakeFrom(_alpha);
        Pass(120_000);
        _alpha.Look(sessions[7], TurnStatus.Busy);
        var parcel = Assert.IsType<LiveParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.Sharing.State())));
        Assert.Equal((false, sessions[7]), (parcel.Whole, Assert.Single(parcel.Rows).Session));
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(parcel, "alpha").Outcome);
        Assert.Equal(Outcome.Known, _beta.Sharing.Take(parcel, "alpha").Outcome);
        Assert.Equal(TurnStatus.Busy, _beta.Live.Find(sessions[7], "alpha")!.Row.TurnStatus);
        Assert.Equal(40, _beta.Live.All().Count);
    }

    [Fact]
    public void That_all_was_looked_at_again_does_not_hide_that_the_rows_held_are_damaged()
    {
        var session = _alpha.Register("one");
        _alpha.Look(session, TurnStatus.Idle);
        _beta.TakeFrom(_alpha);
        var path = Assert.Single(Directory.GetFiles(_beta.File("live"), "alpha.*"));
        var bytes = File.ReadAllBytes(path);
        bytes[LiveHeader.Size + 1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Pass(120_000);
        var row = _alpha.Live.Find(session, "alpha")!.Row with { ObservedAt = _alpha.Clock.Milliseconds };
        _alpha.Live.Merge([row], complete: true);
        var parcel = Assert.IsType<LiveParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.Sharing.State())));
        Assert.Empty(parcel.Rows);
        Assert.Equal(Outcome.Unjoined, _beta.Sharing.Take(parcel, "alpha").Outcome);
        _beta.Sharing.Take(Assert.Single(_alpha.Sharing.Offer(StateVector.Empty).OfType<LiveParcel>()), "alpha");
        Assert.Equal(0, _beta.Live.Find(session, "alpha")!.AgeMs);
    }

    [Fact]
    public void That_all_was_looked_at_again_travels_without_rows()
    {
        var session = _alpha.Register("one");
        _alpha.Look(session, TurnStatus.Idle);
        _beta.TakeFrom(_alpha);
        Pass(120_000);
        var row = _alpha.Live.Find(session, "alpha")!.Row with { ObservedAt = _alpha.Clock.Milliseconds };
        _alpha.Live.Merge([row], complete: true);
        var parcel = Assert.IsType<LiveParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.Sharing.State())));
        Assert.Empty(parcel.Rows);
        _beta.Sharing.Take(parcel, "alpha");
        Assert.Equal(0, _beta.Live.Find(session, "alpha")!.AgeMs);
    }

    [Fact]
    public void Rows_of_private_sessions_never_leave()
    {
        var (open, hidden) = (_alpha.Register("open"), _alpha.Register("hidden", isPrivate: true));
        _alpha.Look(open, TurnStatus.Idle);
        _alpha.Look(hidden, TurnStatus.Busy);
        _beta.TakeFrom(_alpha);
        Assert.Equal([open], _beta.Live.All().Keys);
    }

    [Fact]
    public void Rows_about_this_machine_from_others_are_ignored()
    {
        var session = _alpha.Register("one");
        _alpha.Look(session, TurnStatus.Idle);
        _beta.TakeFrom(_alpha);
        Directory.Delete(_alpha.File("live"), recursive: true);
        Assert.All(_alpha.TakeFrom(_beta), r => Assert.Equal(Outcome.Known, r.Outcome));
        Assert.Empty(_alpha.Live.All());
    }

    [Fact]
    public void A_machine_that_was_started_anew_sends_all_its_rows_and_others_drop_what_went()
    {
        var (one, two) = (_alpha.Register("one"), _alpha.Register("two"));
        _alpha.Look(one, TurnStatus.Idle);
        _alpha.Look(two, TurnStatus.Idle);
        _beta.TakeFrom(_alpha);
        Pass(200_000);
        _alpha.Live.Forget([two]);
        var parcel = Assert.IsType<LiveParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.Sharing.State())));
        Assert.True(parcel.Whole);
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(parcel, "alpha").Outcome);
        Assert.Equal([one], _beta.Live.All().Keys);
        Assert.Equal(_alpha.Sharing.State().Live, _beta.Sharing.State().Live);
    }

    [Fact]
    public void What_a_liar_said_of_a_machine_gives_way_to_its_own_word()
    {
        var session = _alpha.Register("one");
        _alpha.Look(session, TurnStatus.Idle);
        var honest = Assert.IsType<LiveParcel>(_alpha.Sharing.Offer(_beta.Sharing.State()).Last());
        var lie = honest with { State = honest.State with { Incarnation = honest.State.Incarnation + 1000 }, Rows = [] };
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(lie, "mallory").Outcome);
        Assert.Equal(Outcome.Known, _beta.Sharing.Take(honest, "gamma").Outcome);
        _beta.TakeFrom(_alpha);
        Assert.Equal(TurnStatus.Idle, _beta.Live.Find(session, "alpha")!.Row.TurnStatus);
    }

    [Fact]
    public void Ten_thousand_rows_go_in_bounded_parcels_and_count_as_held_only_with_the_last()
    {
        _alpha.Register("one");
        var rows = Enumerable.Range(0, 10_000).Select(_ => new LiveRow { Uuid = SessionId.New(), ObservedAt = SetClock.Start - 100_000, FilePath = "/" + new string('p', 300) }).ToList();
        _alpha.Live.Merge(rows, complete: true);
        var parcels = _alpha.Sharing.Offer(StateVector.Empty).OfType<LiveParcel>().ToList();
        Assert.InRange(parcels.Count, 3, 10);
        Assert.Equal([true, .. Enumerable.Repeat(false, parcels.Count - 1)], parcels.Select(p => p.Whole));
        _beta.Sharing.Take(parcels[0], "alpha");
        _beta.Sharing.Take(parcels[1], "alpha");
        Assert.NotEqual(_alpha.Sharing.State().Live, _beta.Sharing.State().Live);
        _beta.TakeFrom(_alpha);
        Assert.Equal(_alpha.Sharing.State().Live, _beta.Sharing.State().Live);
        Assert.Equal(10_000, _beta.Live.All().Count);
    }

    [Fact]
    public void Rows_without_the_life_they_are_of_do_not_join()
    {
        _alpha.Look(_alpha.Register("one"), TurnStatus.Idle);
        var parcel = _alpha.Sharing.Offer(StateVector.Empty).OfType<LiveParcel>().Single();
        Assert.Equal(Outcome.Unjoined, _beta.Sharing.Take(parcel with { Whole = false }, "alpha").Outcome);
        Assert.Empty(_beta.Live.All());
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData(".hidden")]
    public void A_machine_with_the_name_of_a_path_is_refused(string name) => Refused(p => p with { State = p.State with { Machine = name } });

    [Fact]
    public void Rows_of_a_time_to_come_are_refused()
    {
        Refused(p => p with { LastWalk = p.OwnerNow + 100_000 });
        Refused(p => p with { OwnerNow = p.OwnerNow - 100_000 });
        Refused(p => p with { OwnerNow = long.MaxValue });
        Refused(p => p with { OwnerNow = -1 });
        Refused(p => p with { State = p.State with { Stamp = new Hlc(ulong.MaxValue) } });
        Refused(p => p with { Rows = [Given(p, r => r with { ObservedAt = long.MaxValue })] });
    }

    [Fact]
    public void Rows_that_are_none_or_too_large_are_refused()
    {
        Refused(p => p with { Rows = [(p.Rows[0].Session, new byte[] { 1, 2, 3 })] });
        Refused(p => p with { Rows = [(p.Rows[0].Session, p.Rows[0].Row[..^1])] });
        Refused(p => p with { Rows = [Given(p, r => r with { Tmux = new TmuxPlace("/s", new string('x', 10_000), "1", "%1") })] });
        Refused(p => p with { Rows = [.. Enumerable.Repeat((p.Rows[0].Session, (ReadOnlyMemory<byte>)new byte[60_000]), 200)] });
        Refused(p => p with { Rows = default });
    }

    private static (SessionId, ReadOnlyMemory<byte>) Given(LiveParcel parcel, Func<LiveRow, LiveRow> how)
    {
        var (session, row) = parcel.Rows[0];
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        LiveRowFormat.Write(buffer, how(LiveRowFormat.Read(row, session)!), LiveRowFormat.Stamp(row.Span));
        return (session, buffer.WrittenMemory.ToArray());
    }

    private void Refused(Func<LiveParcel, LiveParcel> how)
    {
        if (_alpha.Live.All().Count == 0)
            _alpha.Look(_alpha.Register("one"), TurnStatus.Idle);
        var parcel = how(_alpha.Sharing.Offer(StateVector.Empty).OfType<LiveParcel>().Single());
        var receipt = _beta.Sharing.Take(parcel, "mallory");
        Assert.Equal(Outcome.Refused, receipt.Outcome);
        Assert.NotEmpty(receipt.Reason);
        Assert.Empty(Directory.Exists(_beta.File("live")) ? Directory.GetFileSystemEntries(_beta.File("live")) : []);
    }

    private void Pass(long milliseconds)
    {
        foreach (var home in (DiskHome[])[_alpha, _beta, _gamma])
            home.Clock.Milliseconds += milliseconds;
    }
}
