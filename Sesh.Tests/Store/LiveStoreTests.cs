using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Live;
using Xunit;

namespace Sesh.Tests.Store;

public sealed class LiveStoreTests : IDisposable
{
    private static readonly SessionId One = SessionId.Parse("11111111-2b1d-4a57-9f5e-3d1c35a0c001");
    private static readonly SessionId Two = SessionId.Parse("22222222-2b1d-4a57-9f5e-3d1c35a0c002");
    private static readonly SessionId Three = SessionId.Parse("f3333333-2b1d-4a57-9f5e-3d1c35a0c003");

    private readonly ScratchHome _home = new();
    private readonly SetClock _clock = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_home_that_is_not_there_has_no_rows_and_stays_away()
    {
        var store = new LiveStore(new StoreOptions(_home.File("none"), MachineName.Parse("alpha"), _clock));
        Assert.Null(store.Find(One, "alpha"));
        Assert.Empty(store.All());
        Assert.Equal(0, store.LastWalk);
        Assert.False(Directory.Exists(_home.File("none")));
    }

    [Fact]
    public void Everything_a_look_saw_comes_back()
    {
        var row = Full(One);
        Assert.True(Alpha().Merge([row, Row(Two), Row(Three)], complete: false));
        _clock.Milliseconds += 1500;
        var held = Alpha().Find(One, "alpha")!;
        Assert.Equal(row with { Evidence = [] }, held.Row with { Evidence = [] });
        Assert.Equal(row.Evidence, held.Row.Evidence);
        Assert.Equal(("alpha", 1500, true), (held.Machine, held.AgeMs, held.Ours));
        Assert.Equal([One, Two, Three], Alpha().All().Keys.Order());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(LiveFiles())));
    }

    [Fact]
    public void A_pane_gives_the_session_live_in_it_and_no_other()
    {
        const string Socket = "/tmp/tmux-0/default";
        var (two, three) = (Full(Two), Full(Three));
        two = two with { Tmux = two.Tmux! with { Pane = "%70" } };
        three = three with { Tmux = three.Tmux! with { Socket = "/tmp/tmux-0/other" } };
        Alpha().Merge([Full(One), two, three], complete: true);
        Assert.Equal(One, Assert.Single(Alpha().InPane(Socket, "%7")).Uuid);
        Assert.Equal(Two, Assert.Single(Alpha().InPane(Socket, "%70")).Uuid);
        Assert.Equal(Three, Assert.Single(Alpha().InPane("/tmp/tmux-0/other", "%7")).Uuid);
        Assert.Empty(Alpha().InPane(Socket, "%8"));
        Assert.Empty(Beta().InPane(Socket, "%7"));
        _clock.Milliseconds += 5000;
        Alpha().Merge([two with { ObservedAt = SetClock.Start + 5000 }], complete: true);
        Assert.Empty(Alpha().InPane(Socket, "%7"));
        Assert.Equal(Two, Assert.Single(Alpha().InPane(Socket, "%70")).Uuid);
    }

    [Fact]
    public void The_newest_observation_wins_whoever_merges_last()
    {
        Alpha().Merge([Row(One, at: 500, TurnStatus.Idle)], complete: false);
        Alpha().Merge([Row(One, at: 200, TurnStatus.Busy)], complete: false);
        Assert.Equal(TurnStatus.Idle, Alpha().Find(One, "alpha")!.Row.TurnStatus);
        Alpha().Merge([Row(One, at: 501, TurnStatus.Blocked)], complete: false);
        Assert.Equal(TurnStatus.Blocked, Alpha().Find(One, "alpha")!.Row.TurnStatus);
    }

    [Fact]
    public void Nothing_is_written_where_only_ages_under_a_second_differ()
    {
        Alpha().Merge([Full(One)], complete: true, SetClock.Start);
        var before = Identity();
        _clock.Milliseconds += 900;
        var again = Full(One) with { ObservedAt = SetClock.Start + 900, Evidence = [.. Full(One).Evidence.Select(e => e with { At = e.At + 900 })] };
        Assert.True(Alpha().Merge([again], complete: true));
        Assert.Equal(before, Identity());
        Alpha().Merge([again with { TurnStatus = TurnStatus.Idle }], complete: true);
        Assert.NotEqual(before, Identity());
    }

    [Fact]
    public void A_complete_look_ends_what_it_did_not_see_and_makes_all_rows_fresh()
    {
        Alpha().Merge([Full(One), Row(Two)], complete: false);
        _clock.Milliseconds += 5000;
        Alpha().Merge([Row(Two, at: 5000)], complete: true);
        var gone = Alpha().Find(One, "alpha")!.Row;
        Assert.False(gone.Live);
        Assert.Null(gone.Tmux);
        Assert.Equal(TurnStatus.Idle, gone.TurnStatus);
        Assert.Equal("", gone.PendingQuestion);
        Assert.Equal(Full(One).FilePath, gone.FilePath);
        Assert.Contains(gone.Evidence, e => e is { Fact: "live", Value: "false" });
        Assert.Equal(SetClock.Start + 5000, Alpha().LastWalk);
        Assert.All(Alpha().All().Values, held => Assert.Equal(0, held.AgeMs));
    }

    [Fact]
    public void What_a_look_saw_of_an_idle_machine_is_not_written_again_by_the_next_and_is_as_new_as_that()
    {
        LiveRow Seen(long at) => Full(One) with
        {
            ObservedAt = SetClock.Start + at,
            Evidence = [new Evidence("live", "true", "process", "pid 4711", SetClock.Start + at), new Evidence("turnStatus", "blocked", "screen", "🤝", SetClock.Start - 60_000)],
        };
        var looker = Alpha();
        looker.Merge([Seen(0)], complete: true);
        var held = looker.OwnAsLastRead();
        var before = HeaderOf();
        _clock.Milliseconds += 5000;
        Alpha().Merge([Seen(5000)], complete: true);
        Assert.True(HeaderOf().HasRowsOf(before));
        Assert.True(HeaderOf().Stamp > before.Stamp);
        Assert.Same(held, looker.OwnAsLastRead());
        Assert.Equal([SetClock.Start + 5000, SetClock.Start - 60_000], Alpha().Find(One, "alpha")!.Row.Evidence.Select(e => e.At));

        Alpha().Merge([Seen(5000) with { TurnStatus = TurnStatus.Idle }], complete: true);
        Assert.False(HeaderOf().HasRowsOf(before));
        Assert.Equal(TurnStatus.Idle, Assert.Single(looker.OwnAsLastRead()).TurnStatus);
    }

    [Fact]
    public void What_was_observed_after_a_complete_look_began_outlives_it()
    {
        _clock.Milliseconds += 100;
        Alpha().Merge([Row(One, at: 60) with { Live = true }], complete: false);
        Alpha().Merge([], complete: true, began: SetClock.Start + 50);
        Assert.True(Alpha().Find(One, "alpha")!.Row.Live);
        Alpha().Merge([], complete: true, began: SetClock.Start + 61);
        Assert.False(Alpha().Find(One, "alpha")!.Row.Live);
    }

    [Fact]
    public void Rows_of_other_machines_count_for_their_own_sessions_alone()
    {
        Alpha().Merge([Row(One, at: 0, TurnStatus.Busy)], complete: false);
        Beta().Merge([Row(One, at: 900, TurnStatus.Idle), Row(Two, at: 900, TurnStatus.Blocked)], complete: false);
        _clock.Milliseconds += 2000;
        Assert.Equal(TurnStatus.Busy, Alpha().Find(One, "alpha")!.Row.TurnStatus);
        var remote = Alpha().Find(Two, "beta")!;
        Assert.Equal((TurnStatus.Blocked, 1100, false, "beta"), (remote.Row.TurnStatus, remote.AgeMs, remote.Ours, remote.Machine));
        Assert.Null(Alpha().Find(Two, "alpha"));
        var all = Alpha().All(session => session == One ? "alpha" : session == Two ? "beta" : null);
        Assert.Equal([TurnStatus.Busy, TurnStatus.Blocked], all.OrderBy(r => r.Key).Select(r => r.Value.Row.TurnStatus));
        Assert.Equal(TurnStatus.Idle, Alpha().All()[One].Row.TurnStatus);
    }

    [Fact]
    public void No_machine_writes_nothing()
    {
        Assert.False(new LiveStore(new StoreOptions(_home.Path, null, _clock)).Merge([Row(One)], complete: true));
        Assert.Empty(LiveFiles());
    }

    [Fact]
    public void A_home_that_cannot_be_written_costs_only_the_file()
    {
        File.WriteAllText(_home.File("live"), "");
        Assert.False(Alpha().Merge([Row(One)], complete: true));
        Assert.Null(Alpha().Find(One, "alpha"));
    }

    [Fact]
    public void Of_two_copies_of_a_file_the_later_counts_whatever_they_are_called()
    {
        Alpha().Merge([Row(One, at: 0, TurnStatus.Busy)], complete: false);
        File.Copy(_home.File("live", "alpha.live"), _home.File("live", "alpha.sync-conflict-20261101.live"));
        Alpha().Merge([Row(One, at: 10, TurnStatus.Idle)], complete: false);
        Assert.Equal(TurnStatus.Idle, Alpha().Find(One, "alpha")!.Row.TurnStatus);
        File.Move(_home.File("live", "alpha.sync-conflict-20261101.live"), _home.File("live", "z.live"));
        File.Move(_home.File("live", "alpha.live"), _home.File("live", "a.live"));
        Assert.Equal(TurnStatus.Idle, Alpha().Find(One, "alpha")!.Row.TurnStatus);
        Assert.Equal(TurnStatus.Idle, Alpha().All()[One].Row.TurnStatus);
    }

    [Fact]
    public void A_new_replica_takes_in_what_this_machine_knew()
    {
        Alpha().Merge([Row(One), Row(Two) with { Live = true }], complete: true);
        SessionStore.Open(Options("alpha")).Write(_ => StoreHome.Birth(One, "alpha", "first"));
        var replica = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(_home.File("own"), "*.sesh")));
        var after = Alpha();
        _clock.Milliseconds += 3000;
        after.Merge([Row(One, at: 3000)], complete: true);
        Assert.True(File.Exists(_home.File("live", $"alpha.{replica}.live")));
        Assert.False(after.Find(Two, "alpha")!.Row.Live);
        Assert.Single(LiveFiles());
        Assert.Equal(2, after.All().Count);
    }

    [Fact]
    public void A_clock_set_back_a_year_does_not_freeze_old_rows()
    {
        Alpha().Merge([Row(One, at: 0, TurnStatus.Busy), Row(Two)], complete: true);
        _clock.Milliseconds -= 365L * 86_400_000;
        var now = _clock.Milliseconds;
        Assert.Equal(now, Alpha().Find(One, "alpha")!.AgeMs);
        Alpha().Merge([Row(One, at: now - SetClock.Start, TurnStatus.Idle)], complete: false);
        Assert.Equal((TurnStatus.Idle, 0), (Alpha().Find(One, "alpha")!.Row.TurnStatus, Alpha().Find(One, "alpha")!.AgeMs));
        Assert.Equal(now, Alpha().Find(Two, "alpha")!.AgeMs);
        Assert.Equal(0, Alpha().LastWalk);
    }

    [Fact]
    public void After_a_boot_nothing_that_ran_before_is_live()
    {
        var merge = new LiveMerge("alpha", default, boot: 7, SetClock.Start, []);
        merge.Add([Full(One), Row(Two)], complete: true);
        var held = Rows(merge.File());
        var next = new LiveMerge("alpha", default, boot: 8, SetClock.Start + 10, [held]);
        next.Add([Row(Two, at: 5, TurnStatus.Busy) with { Live = true }], complete: false);
        var after = Rows(next.File());
        Assert.True(after.Header.Incarnation > held.Header.Incarnation);
        Assert.False(LiveRowFormat.Read(after.Row(0), One)!.Live);
        Assert.True(LiveRowFormat.Read(after.Row(1), Two)!.Live);
        Assert.False(new LiveMerge("alpha", default, boot: 7, SetClock.Start + 10, [held]).Changed);
    }

    [Fact]
    public void Texts_without_end_are_cut_and_evidence_is_bounded()
    {
        var endless = new string('\uD83E', 1) + new string('x', 100_000);
        Alpha().Merge(
            [Row(One) with
            {
                PendingQuestion = new string('?', 10_000_000),
                FilePath = "/" + endless,
                Evidence = [.. Enumerable.Range(0, 1000).Select(i => new Evidence(endless, endless, endless, endless, i))],
            }],
            complete: false);
        var row = Alpha().Find(One, "alpha")!.Row;
        Assert.InRange(new FileInfo(Assert.Single(LiveFiles())).Length, 1, 64 * 1024);
        Assert.Equal("", row.FilePath);
        Assert.NotEmpty(row.Evidence);
    }

    [Fact]
    public void Forgotten_sessions_leave()
    {
        Alpha().Merge([Row(One), Row(Two)], complete: false);
        Assert.True(Alpha().Forget([One, Three]));
        Assert.Null(Alpha().Find(One, "alpha"));
        Assert.NotNull(Alpha().Find(Two, "alpha"));
    }

    [Fact]
    public void No_prefix_and_no_flipped_bit_of_a_file_is_believed_or_breaks_a_reader()
    {
        Alpha().Merge([Full(One), Row(Two, at: 0, TurnStatus.Busy)], complete: true);
        var path = Assert.Single(LiveFiles());
        var good = File.ReadAllBytes(path);
        var expected = Alpha().Find(One, "alpha")!.Row;
        for (var length = 0; length < good.Length; length++)
            Check(good[..length]);
        for (var bit = 0; bit < good.Length * 8; bit += 3)
        {
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << bit % 8);
            Check(bad);
        }

        // And the next look mends it.
        Alpha().Merge([Row(Three)], complete: false);
        Assert.NotNull(Alpha().Find(Three, "alpha"));

        void Check(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            if (Alpha().Find(One, "alpha") is { } found)
                Assert.Equal(expected with { Evidence = [] }, found.Row with { Evidence = [] });
            foreach (var (session, held) in Alpha().All())
                Assert.True(session == One ? held.Row.Pid == expected.Pid : held.Row.TurnStatus == TurnStatus.Busy);
        }
    }

    [Fact]
    public void A_file_of_a_newer_version_is_told_of_and_left_alone()
    {
        Alpha().Merge([Row(One)], complete: false);
        var bytes = File.ReadAllBytes(_home.File("live", "alpha.live"));
        bytes[8] = LiveHeader.Major + 1;
        File.WriteAllBytes(_home.File("live", "gamma.live"), bytes);
        File.WriteAllText(_home.File("live", "notes.live"), "not a live file");
        var store = Alpha();
        Assert.Single(store.All());
        Assert.Equal(["foreign-file", "newer-version"], store.Notices.Select(n => n.Code).Order());
        Assert.Equal(bytes, File.ReadAllBytes(_home.File("live", "gamma.live")));
    }

    [Fact]
    public async Task Many_lookers_at_once_lose_nothing_and_no_reader_sees_a_torn_file()
    {
        const int lookers = 4;
        const int looks = 40;
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var most = 0;
            while (!done.IsCancellationRequested)
            {
                var store = Alpha();
                var count = store.All().Count;
                Assert.Empty(store.Notices);
                Assert.True(count >= most);
                most = count;
            }
        });
        await Task.WhenAll(Enumerable.Range(0, lookers).Select(looker => Task.Run(() =>
        {
            for (var look = 0; look < looks; look++)
                Assert.True(Alpha().Merge([Row(new SessionId((UInt128)(looker * looks + look + 1)))], complete: false));
        })));
        await done.CancelAsync();
        await reader;
        Assert.Equal(lookers * looks, Alpha().All().Count);
    }

    private LiveStore Alpha() => new(Options("alpha"));

    private LiveStore Beta() => new(Options("beta"));

    private StoreOptions Options(string machine) => new(_home.Path, MachineName.Parse(machine), _clock);

    private string[] LiveFiles() => Directory.Exists(_home.File("live")) ? Directory.GetFiles(_home.File("live"), "*.live") : [];

    private (DateTime, string) Identity()
    {
        var path = Assert.Single(LiveFiles());
        return (File.GetLastWriteTimeUtc(path), Convert.ToHexString(File.ReadAllBytes(path)));
    }

    private LiveHeader HeaderOf()
    {
        using var file = LiveFile.Open(Assert.Single(LiveFiles()), out _);
        return file!.Header;
    }

    private LiveRows Rows(byte[] bytes)
    {
        var path = _home.File("rows.live");
        File.WriteAllBytes(path, bytes);
        using var file = LiveFile.Open(path, out _);
        return file!.ReadAll()!;
    }

    private static LiveRow Row(SessionId session, long at = 0, TurnStatus status = TurnStatus.Unknown) =>
        new() { Uuid = session, ObservedAt = SetClock.Start + at, TurnStatus = status };

    private static LiveRow Full(SessionId session) => new()
    {
        Uuid = session,
        ObservedAt = SetClock.Start,
        TurnStatus = TurnStatus.Blocked,
        Live = true,
        Tmux = new TmuxPlace("/tmp/tmux-0/default", "work", "1", "%7"),
        Pid = 4711,
        PidStart = 123_456_789_012,
        ContextPct = 42,
        Model = "a-model",
        FilePath = "/home/ä/transcript.jsonl",
        FileSize = 1L << 40,
        FileTime = SetClock.Start - 1,
        LastActivity = SetClock.Start - 2,
        PendingQuestion = "May I?",
        Evidence = [new Evidence("live", "true", "process", "pid 4711", 0), new Evidence("turnStatus", "blocked", "screen", "🤝", SetClock.Start - 3)],
    };
}
