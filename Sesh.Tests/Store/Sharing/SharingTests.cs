using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

public sealed class SharingTests
{
    private readonly SharingHome _alpha = new("alpha");
    private readonly SharingHome _beta = new("beta");
    private readonly SharingHome _gamma = new("gamma");

    [Fact]
    public void A_home_that_is_not_there_holds_nothing()
    {
        Assert.Equal(StateVector.Empty.Documents, _alpha.State().Documents);
        Assert.Empty(_alpha.Sharing.Offer(StateVector.Empty));
    }

    [Fact]
    public void What_one_wrote_shows_at_the_other_and_both_hold_the_same_then()
    {
        var session = _alpha.Register("one");
        var other = _beta.Register("two");
        _alpha.Exchange(_beta);
        Assert.Equal("one", _beta.NameOf(session));
        Assert.Equal("two", _alpha.NameOf(other));
        Assert.Equal(_alpha.State().Documents, _beta.State().Documents);
        Assert.Empty(_alpha.Sharing.Offer(_beta.State()));
    }

    [Fact]
    public void A_change_later_on_travels_as_its_frame_alone()
    {
        var session = _alpha.Register("one");
        _alpha.Exchange(_beta);
        _alpha.Rename(session, "two");
        var parcel = Assert.IsType<FramesParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.State())));
        Assert.Single(parcel.Blocks);
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(parcel, "alpha").Outcome);
        Assert.Equal(Outcome.Known, _beta.Sharing.Take(parcel, "alpha").Outcome);
        Assert.Equal("two", _beta.NameOf(session));
        Assert.Equal(_alpha.Docs().Values.Single(), _beta.Docs().Values.Single());
    }

    [Fact]
    public void Rename_while_the_owner_is_offline_shows_there_after_sync()
    {
        var session = _alpha.Register("one");
        _alpha.Exchange(_beta);
        _beta.Rename(session, "by beta");
        _alpha.Exchange(_beta);
        Assert.Equal("by beta", _alpha.NameOf(session));
    }

    [Fact]
    public void News_crosses_machines_that_never_meet()
    {
        var session = _alpha.Register("one");
        _alpha.Exchange(_beta);
        _beta.Exchange(_gamma);
        Assert.Equal("one", _gamma.NameOf(session));
        _alpha.Rename(session, "two");
        _alpha.Exchange(_beta);
        _gamma.Exchange(_beta);
        Assert.Equal("two", _gamma.NameOf(session));
        Assert.Equal(_alpha.State().Documents, _gamma.State().Documents);
    }

    [Fact]
    public void Private_sessions_never_leave()
    {
        var hidden = _alpha.Register("hidden", isPrivate: true);
        Assert.Empty(_alpha.State().Documents);
        Assert.Empty(_alpha.Sharing.Offer(StateVector.Empty));
        _alpha.Register("one");
        _alpha.Exchange(_beta);
        Assert.Null(_beta.NameOf(hidden));
    }

    [Fact]
    public void A_private_document_that_somebody_copied_to_docs_is_not_offered_either()
    {
        _alpha.Register("hidden", isPrivate: true);
        var name = _alpha.Files.List("/home/own").Single(n => n.StartsWith("private.", StringComparison.Ordinal));
        _alpha.Files.Put("/home/docs/alpha." + name["private.".Length..], _alpha.Files.Read("/home/own/" + name));
        Assert.Empty(_alpha.State().Documents);
        Assert.Empty(_alpha.Sharing.Offer(StateVector.Empty));
    }

    [Fact]
    public void A_document_that_a_copier_brought_is_read_and_handed_on_only_once_its_owner_vouches_for_it()
    {
        var session = _alpha.Register("one");
        foreach (var (name, bytes) in _alpha.Docs())
        {
            _beta.Register("of beta");
            _beta.Files.Put("/home/docs/" + name, bytes);
        }

        Assert.Equal("one", _beta.NameOf(session));
        _gamma.TakeFrom(_beta);
        Assert.Null(_gamma.NameOf(session));
        Assert.Equal(Outcome.Known, _beta.TakeFrom(_alpha).Single().Outcome);
        _gamma.TakeFrom(_beta);
        Assert.Equal("one", _gamma.NameOf(session));
    }

    [Fact]
    public void What_a_copier_brought_beyond_the_owners_word_stays_here()
    {
        var session = _alpha.Register("one");
        _alpha.Exchange(_beta);
        _alpha.Rename(session, "two");
        foreach (var (name, bytes) in _alpha.Docs())
            _beta.Files.Put("/home/docs/" + name, bytes);
        Assert.Equal("two", _beta.NameOf(session));
        _gamma.TakeFrom(_beta);
        Assert.Equal("one", _gamma.NameOf(session));
    }

    [Fact]
    public void A_large_document_goes_in_steps_and_goes_on_where_it_broke_off()
    {
        var session = _alpha.Register("one");
        for (var i = 0; i < 60; i++)
            _alpha.Store.Write(_ => new Sync.Store.Draft("set", [], [new Sync.Store.Change(new Register(session, Field.Summary), Value.Of(new string('s', 60_000) + i))]));
        var parcels = _alpha.Sharing.Offer(StateVector.Empty).ToList();
        Assert.True(parcels.Count >= 3, $"{parcels.Count} parcels");
        Assert.IsType<DocumentParcel>(parcels[0]);
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(parcels[0], "alpha").Outcome);
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(parcels[1], "alpha").Outcome);
        Assert.Equal(parcels.Count - 2, _beta.TakeFrom(_alpha).Count);
        Assert.Equal(_alpha.State().Documents, _beta.State().Documents);
        Assert.Empty(_beta.Sharing.Offer(_alpha.State()));
    }

    [Fact]
    public void Frames_behind_what_is_not_held_do_not_join()
    {
        var session = _alpha.Register("one");
        _alpha.Exchange(_beta);
        _alpha.Rename(session, "two");
        var parcel = Assert.Single(_alpha.Sharing.Offer(_beta.State()));
        Assert.Equal(Outcome.Unjoined, _gamma.Sharing.Take(parcel, "alpha").Outcome);
        Assert.Empty(_gamma.Files.List("/"));
    }
}
