using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

/// <summary>Compaction, lost and rolled-back documents of one's own, clones and branches, over an exchange.</summary>
public sealed class BranchSharingTests
{
    private readonly SharingHome _alpha = new("alpha");
    private readonly SharingHome _beta = new("beta");
    private readonly SharingHome _gamma = new("gamma");
    private readonly SessionId _session;

    public BranchSharingTests()
    {
        _session = _alpha.Register("one");
        Rename(_alpha, 10);
        _alpha.Exchange(_beta);
    }

    [Fact]
    public void What_the_owner_compacted_costs_the_wire_a_header_and_comes_out_the_same()
    {
        _alpha.Store.Compact();
        var parcel = Assert.IsType<CompactionParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.State())));
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(parcel, "alpha").Outcome);
        Assert.Equal(Outcome.Known, _beta.Sharing.Take(parcel, "alpha").Outcome);
        Assert.Equal(_alpha.Docs().Values.Single(), _beta.Docs().Values.Single());
        _gamma.TakeFrom(_beta);
        Assert.Equal(_alpha.State().Documents, _gamma.State().Documents);
        Assert.Equal("n9", _gamma.NameOf(_session));
    }

    [Fact]
    public void What_was_written_and_compacted_since_comes_as_frames_and_a_header()
    {
        _alpha.Rename(_session, "two");
        _alpha.Store.Compact();
        _alpha.Rename(_session, "three");
        // What beta ends with is compacted away: it comes whole.
        Assert.IsType<DocumentParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.State())));
        _alpha.Exchange(_beta);
        _alpha.Rename(_session, "four");
        Assert.IsType<FramesParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.State())));
        _alpha.Exchange(_beta);
        Assert.Equal("four", _beta.NameOf(_session));
        Assert.Equal(_alpha.Docs().Values.Single(), _beta.Docs().Values.Single());
    }

    [Fact]
    public void A_clone_whose_former_document_is_torn_and_its_copy_damaged_has_both_whole_after_its_next_write()
    {
        var files = _alpha.Files.AfterKill();
        files.Put("/home/own/replicas", files.Read("/home/own/replicas"));
        var (own, copy) = ("/home/own/" + _alpha.Files.List("/home/own").Single(n => n.EndsWith(".sesh", StringComparison.Ordinal)), "/home/docs/" + _alpha.Docs().Keys.Single());
        var before = files.Read(own);
        _alpha.Rename(_session, "on the first");
        var frame = _alpha.Files.Read(own)[before.Length..];
        files.Put(own, [.. before, .. frame[..(frame.Length / 2)]]);
        var damaged = files.Read(copy);
        damaged[^(damaged.Length / 2)] ^= 1;
        files.Put(copy, damaged);
        var clone = new SharingHome("alpha", files: files);

        clone.Rename(_session, "on the clone");
        clone.Exchange(_alpha);
        clone.Store.Read();

        Assert.DoesNotContain(clone.Store.Verify().SelectMany(r => r.Notices), n => n.Code is "damaged" or "torn-tail");
        Assert.Equal(2, _alpha.Store.Read().Find(_session)!.Conflicts.Select(c => c.Value.AsText()).Append(_alpha.NameOf(_session)).Count());
    }

    [Fact]
    public void A_compaction_that_does_not_come_out_the_same_is_asked_for_whole()
    {
        var name = _beta.Docs().Keys.Single();
        _alpha.Store.Compact();
        var parcel = Assert.IsType<CompactionParcel>(Assert.Single(_alpha.Sharing.Offer(_beta.State())));
        var bytes = _beta.Docs()[name];
        bytes[^3] ^= 1;
        _beta.Files.Put("/home/docs/" + name, bytes);
        Assert.Equal(Outcome.Unjoined, _beta.Sharing.Take(parcel, "alpha").Outcome);
        _alpha.Exchange(_beta);
        Assert.Equal(_alpha.Docs()[name], _beta.Docs()[name]);
    }

    [Fact]
    public void A_copy_that_aged_out_without_proof_gives_way_and_is_kept_in_quarantine()
    {
        Rename(_alpha, 5);
        ((SetClock)_alpha.Time).Milliseconds += 100L * 24 * 3600 * 1000;
        _alpha.Store.Compact();
        _alpha.Exchange(_beta);
        Assert.Equal(_alpha.Docs().Values.Single(), _beta.Docs().Values.Single());
        Assert.Single(_beta.Files.List("/home/quarantine"));
    }

    [Fact]
    public void A_home_that_lost_its_own_document_gets_back_what_peers_hold()
    {
        var own = OwnDocuments(_alpha).Single();
        _alpha.Files.Remove("/home/own/" + own);
        foreach (var name in _alpha.Docs().Keys)
            _alpha.Files.Remove("/home/docs/" + name);
        Assert.Null(_alpha.NameOf(_session));
        _alpha.Exchange(_beta);
        Assert.Equal("n9", _alpha.NameOf(_session));
        _alpha.Rename(_session, "after");
        _alpha.Exchange(_beta);
        Assert.Equal("after", _beta.NameOf(_session));
        Assert.DoesNotContain(own, OwnDocuments(_alpha));
    }

    [Fact]
    public void A_home_put_back_from_a_backup_gets_its_later_frames_again_and_writes_under_a_new_id()
    {
        var backup = _alpha.Files.AfterKill();
        Rename(_alpha, 3);
        _alpha.Rename(_session, "later");
        _alpha.Exchange(_beta);
        _alpha.Files = backup;
        var own = OwnDocuments(_alpha).Single();
        var bytes = _alpha.Files.Read("/home/own/" + own);
        _alpha.Exchange(_beta);
        Assert.Equal("later", _alpha.NameOf(_session));
        // Nothing of own/ is touched by what others send.
        Assert.Equal(bytes, _alpha.Files.Read("/home/own/" + own));
        var store = _alpha.Store;
        store.Write(_ => StoreHome.Rename(_session, "again"));
        Assert.Contains(store.Notices, n => n.Code == "new-replica");
        _alpha.Exchange(_beta);
        Assert.Equal("again", _beta.NameOf(_session));
        Assert.Empty(_beta.Store.Read().Find(_session)!.Conflicts);
    }

    [Fact]
    public void A_home_put_back_that_wrote_before_it_heard_makes_a_branch_and_all_come_to_hold_both()
    {
        var backup = _alpha.Files.AfterKill();
        _alpha.Rename(_session, "first life");
        _alpha.Exchange(_beta);
        _alpha.Files = backup;
        _alpha.Rename(_session, "second life");
        _alpha.Exchange(_beta);
        _gamma.Exchange(_beta);
        foreach (var home in (SharingHome[])[_alpha, _beta, _gamma])
        {
            Assert.Equal(2, home.State().Documents.Length);
            Assert.Contains(home.Store.Verify().SelectMany(r => r.Notices), n => n.Code == "forked");
            var record = home.Store.Read().Find(_session)!;
            Assert.Equal(["first life", "second life"], record.Conflicts.Select(c => c.Value.AsText()!).Append(record.Name).Order());
        }

        // Both branches grow no more; the next write sees both and settles.
        _gamma.Rename(_session, "settled");
        _gamma.Exchange(_alpha);
        _gamma.Exchange(_beta);
        foreach (var home in (SharingHome[])[_alpha, _beta, _gamma])
            Assert.Empty(home.Store.Read().Find(_session)!.Conflicts);
    }

    [Fact]
    public void A_clone_hears_of_the_original_and_neither_disturbs_the_other()
    {
        var clone = new SharingHome("alpha", _alpha.Time, _alpha.Files.AfterKill());
        clone.Files.Put("/home/own/replicas", clone.Files.Read("/home/own/replicas"));
        clone.Rename(_session, "by the clone");
        for (var i = 0; i < 3; i++)
        {
            _alpha.Register($"alpha {i}");
            clone.Register($"clone {i}");
            clone.Exchange(_alpha);
        }

        Assert.Equal(_alpha.State().Documents, clone.State().Documents);
        Assert.Equal(7, _alpha.Store.Read().Records().Count());
        Assert.Equal("by the clone", _alpha.NameOf(_session));
        Assert.Single(OwnDocuments(_alpha));
        // The original's frames behind the copy go to one file beside it, however many there are.
        Assert.Equal(3, clone.Docs().Count);
    }

    [Fact]
    public void A_document_damaged_here_is_mended_by_the_next_exchange_and_its_damage_kept()
    {
        var name = _beta.Docs().Keys.Single();
        var bytes = _beta.Docs()[name];
        bytes[bytes.Length / 2] ^= 4;
        _beta.Files.Put("/home/docs/" + name, bytes);
        _alpha.Exchange(_beta);
        Assert.Equal(_alpha.Docs()[name], _beta.Docs()[name]);
        Assert.NotEmpty(_beta.Files.List("/home/quarantine"));
        Assert.Equal(_alpha.State().Documents, _beta.State().Documents);
    }

    [Fact]
    public void A_damaged_document_of_its_own_is_brought_back_from_peers()
    {
        var own = "/home/own/" + OwnDocuments(_alpha).Single();
        var bytes = _alpha.Files.Read(own);
        bytes[bytes.Length / 2] ^= 4;
        _alpha.Files.Put(own, bytes);
        _alpha.Files.Remove("/home/docs/" + _alpha.Docs().Keys.Single());
        _alpha.Rename(_session, "after the damage");
        _alpha.Exchange(_beta);
        _alpha.Exchange(_beta);
        var held = _beta.State().Documents;
        Assert.Equal(_alpha.State().Documents, held);
        Assert.Equal("after the damage", _beta.NameOf(_session));
        Assert.Equal(12, _alpha.Store.History(_session).Count(h => h.Entry.Register.Field == Field.Name && h.Operation?.Operation.Verb is "rename" or "register"));
    }

    [Fact]
    public void Two_branches_that_share_a_compacted_part_travel_to_who_holds_neither()
    {
        var backup = _alpha.Files.AfterKill();
        _alpha.Rename(_session, "x1");
        _alpha.Store.Compact();
        _alpha.Rename(_session, "x2");
        _alpha.Exchange(_beta);
        _alpha.Files = backup;
        _alpha.Rename(_session, "y1");
        _alpha.Store.Compact();
        _alpha.Rename(_session, "y2");
        _alpha.Exchange(_beta);
        _gamma.Exchange(_alpha);
        var delta = new SharingHome("delta");
        delta.Exchange(_gamma);
        Assert.Equal(_alpha.State().Documents, delta.State().Documents);
        Assert.Equal(_beta.State().Documents, delta.State().Documents);
        Assert.Equal(2, delta.State().Documents.Length);
    }

    [Fact]
    public void Frames_of_two_links_at_once_make_one_document()
    {
        var gammaHolds = _gamma.TakeFrom(_beta);
        Assert.NotEmpty(gammaHolds);
        Rename(_alpha, 4);
        var behind = _beta.State();
        var straight = _alpha.Sharing.Offer(behind).ToList();
        _gamma.TakeFrom(_alpha);
        _alpha.Rename(_session, "last");
        var later = _alpha.Sharing.Offer(behind).ToList();
        // The longer one first, then what it holds already, then the same from a relay.
        Assert.All(later, p => Assert.Equal(Outcome.Taken, _beta.Sharing.Take(p, "alpha").Outcome));
        Assert.All(straight, p => Assert.Equal(Outcome.Known, _beta.Sharing.Take(p, "alpha").Outcome));
        Assert.All(_gamma.Sharing.Offer(behind), p => Assert.Equal(Outcome.Known, _beta.Sharing.Take(p, "gamma").Outcome));
        Assert.Equal(_alpha.Docs().Values.Single(), _beta.Docs().Values.Single());
    }

    private void Rename(SharingHome home, int times)
    {
        for (var i = 0; i < times; i++)
            home.Rename(_session, $"n{i}");
    }

    private static List<string> OwnDocuments(SharingHome home) =>
        [.. home.Files.List("/home/own").Where(n => n.EndsWith(".sesh", StringComparison.Ordinal) && !n.StartsWith("private.", StringComparison.Ordinal))];
}
