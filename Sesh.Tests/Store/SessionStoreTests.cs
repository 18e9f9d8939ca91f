using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store;

public sealed class SessionStoreTests
{
    [Fact]
    public void A_home_that_is_not_there_reads_as_empty_and_is_not_made()
    {
        using var home = new StoreHome();
        Assert.Equal(0, home.Store("alpha").Read().Count);
        Assert.False(Directory.Exists(home.Path));
    }

    [Fact]
    public void What_was_written_is_read_back_by_another_process()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "first");
        var record = home.Store("alpha").Read().Find(session);
        Assert.NotNull(record);
        Assert.Equal(("first", "alpha", "claude"), (record.Name, record.Machine, record.Agent));
        Assert.Equal(session.ToString(), record.AgentSessionId);
    }

    [Fact]
    public void Without_a_machine_name_nothing_is_written()
    {
        using var home = new StoreHome();
        var error = Assert.Throws<SeshException>(() => home.Store(null).Write(_ => StoreHome.Rename(SessionId.New(), "x")));
        Assert.Equal("machine-unset", error.Code);
        Assert.False(Directory.Exists(home.Path));
    }

    [Fact]
    public void A_machine_keeps_the_name_it_was_born_under()
    {
        using var home = new StoreHome();
        home.Register("alpha", "first");
        var error = Assert.Throws<SeshException>(() => home.Register("beta", "second"));
        Assert.Equal("machine-changed", error.Code);
        Assert.Equal(1, home.Store("alpha").Read().Count);
    }

    [Fact]
    public void Docs_carried_by_hand_merge_and_show_the_conflict_until_somebody_writes()
    {
        using var a = new StoreHome();
        using var b = new StoreHome();
        var session = a.Register("alpha", "born");
        b.CopyDocsOf(a);
        a.Store("alpha").Write(_ => StoreHome.Rename(session, "by alpha"));
        b.Store("beta").Write(_ => StoreHome.Rename(session, "by beta"));
        b.CopyDocsOf(a);
        a.CopyDocsOf(b);
        var (atA, atB) = (a.Store("alpha").Read().Find(session)!, b.Store("beta").Read().Find(session)!);
        Assert.Equal(atA.Name, atB.Name);
        Assert.Single(atA.Conflicts);
        Assert.Equal("alpha", atB.Machine);
        b.Store("beta").Write(_ => StoreHome.Rename(session, "agreed"));
        a.CopyDocsOf(b);
        Assert.Empty(a.Store("alpha").Read().Find(session)!.Conflicts);
        Assert.Equal("agreed", a.Store("alpha").Read().Find(session)!.Name);
    }

    [Fact]
    public void Clearing_what_does_not_show_writes_nothing()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "first");
        var written = home.Store("alpha").Write(_ => new Draft("untag", [], [new Change(new Register(session, Field.Tag, "x"), Value.Absent)]));
        Assert.Null(written);
        Assert.Single(home.Store("alpha").Log(10));
    }

    [Fact]
    public void Undo_sets_back_and_undo_of_the_undo_is_a_redo()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "first");
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "second"));
        var undo = home.Store("alpha").Undo(null, force: false);
        Assert.Equal("first", home.Store("alpha").Read().Find(session)!.Name);
        home.Store("alpha").Undo(undo.Written!.Operation.ToString(), force: false);
        Assert.Equal("second", home.Store("alpha").Read().Find(session)!.Name);
    }

    [Fact]
    public void A_session_whose_birth_is_undone_is_gone_and_comes_back_by_redo()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "first");
        var undo = home.Store("alpha").Undo(null, force: false);
        Assert.Equal(0, home.Store("alpha").Read().Count);
        Assert.Null(home.Store("alpha").Read().Find(session));
        var error = Assert.Throws<SeshException>(() => home.Store("alpha").Undo(null, force: false));
        Assert.Equal("nothing-to-undo", error.Code);
        home.Store("alpha").Undo(undo.Written!.Operation.ToString()[..10], force: false);
        Assert.Equal("first", home.Store("alpha").Read().Find(session)!.Name);
    }

    [Fact]
    public void Undo_goes_back_one_operation_at_a_time()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "one");
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "two"));
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "three"));
        home.Store("alpha").Undo(null, force: false);
        var second = home.Store("alpha").Undo(null, force: false);
        Assert.Equal("one", home.Store("alpha").Read().Find(session)!.Name);
        home.Store("alpha").Undo(second.Written!.Operation.ToString(), force: false);
        Assert.Equal("two", home.Store("alpha").Read().Find(session)!.Name);
        home.Store("alpha").Undo(null, force: false);
        Assert.Equal("one", home.Store("alpha").Read().Find(session)!.Name);
    }

    [Fact]
    public void Undo_passes_over_what_looks_wrote_but_not_where_it_is_named()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "one");
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "two"));
        var drift = home.Store("alpha").Write(_ => Drift(session, "drifted"))!;
        home.Store("alpha").Undo(null, force: false);
        var record = home.Store("alpha").Read().Find(session)!;
        Assert.Equal(("one", "drifted"), (record.Name, record.AgentSessionId));
        home.Store("alpha").Undo(drift.Operation.ToString(), force: false);
        Assert.Equal(session.ToString(), home.Store("alpha").Read().Find(session)!.AgentSessionId);
    }

    [Fact]
    public void A_birth_that_is_undone_takes_with_it_what_looks_wrote_since_and_its_redo_brings_both_back()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "one");
        home.Store("alpha").Write(_ => Drift(session, "first"));
        home.Store("alpha").Write(_ => Drift(session, "second"));
        var undo = home.Store("alpha").Undo(null, force: false);
        Assert.Equal("register", undo.Undone.Operation.Verb);
        Assert.Empty(undo.Left);
        Assert.Equal(0, home.Store("alpha").Read().Count);
        home.Store("alpha").Undo(undo.Written!.Operation.ToString(), force: false);
        var record = home.Store("alpha").Read().Find(session)!;
        Assert.Equal(("one", "second"), (record.Name, record.AgentSessionId));
    }

    [Fact]
    public void History_names_the_operation_and_the_value_that_shows()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "first");
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "second"));
        var names = home.Store("alpha").History(session).Where(h => h.Entry.Register.Field == Field.Name).ToList();
        Assert.Equal(["first", "second"], names.Select(h => h.Entry.Value.AsText()));
        Assert.Equal([false, true], names.Select(h => h.Shows));
        Assert.Equal("rename", names[1].Operation!.Operation.Verb);
        Assert.Equal("first", names[1].Operation!.Operation.Before[0].AsText());
    }

    [Fact]
    public void With_the_clock_set_back_a_year_the_last_write_shows_and_is_the_one_undone()
    {
        var clock = new SetClock();
        using var home = new StoreHome { Time = clock };
        var session = home.Register("alpha", "first");
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "second"));
        clock.Milliseconds -= (long)TimeSpan.FromDays(365).TotalMilliseconds;
        home.Store("alpha").Write(_ => StoreHome.Rename(session, "third"));
        Assert.Equal("third", home.Store("alpha").Read().Find(session)!.Name);
        Assert.Equal(["third", "second"], home.Store("alpha").Log(2).Select(o => o.Entries[0].Value.AsText()));
        home.Store("alpha").Undo(null, force: false);
        Assert.Equal("second", home.Store("alpha").Read().Find(session)!.Name);
        Assert.Contains(home.Store("alpha").Verify().SelectMany(r => r.Notices), n => n.Code == "clock-ahead");
    }

    private static Draft Drift(SessionId session, string id) => new(
        Operation.Drift, [], [new Change(new Register(session, Field.AgentSessionId), Value.Of(id)), new Change(new Register(session, Field.FormerId, id + "'"), Value.True)]);
}
