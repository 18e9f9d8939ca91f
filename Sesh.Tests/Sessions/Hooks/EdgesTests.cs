using Sesh.Sessions.Hooks;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Sessions.Hooks;

public sealed class EdgesTests
{
    private static readonly SessionId A = SessionId.New();

    private static HookSession Session(TurnStatus status = TurnStatus.Idle, string name = "a", bool archived = false, bool live = true, long createdAt = 0, params string[] tags) =>
        new(A, name, "claude", "alpha", "/a", tags, archived, status, live, "", createdAt);

    /// <summary>Looks at the given moments, the first as the baseline; what was told after it.</summary>
    private static List<string> Told(params (long At, HookSession? Session)[] looks)
    {
        var edges = new Edges();
        var told = new List<string>();
        foreach (var (at, session) in looks)
            told.AddRange(edges.Look(session is null ? [] : [session], at).Select(e => e.From.Length + e.To.Length > 0 ? $"{e.Event} {e.From}>{e.To}" : e.Event));
        return told;
    }

    [Fact]
    public void Where_things_stand_at_the_start_is_not_told() => Assert.Empty(Told((0, Session(TurnStatus.Blocked, archived: true)), (5000, Session(TurnStatus.Blocked, archived: true))));

    [Fact]
    public void A_turn_is_told_when_its_status_has_stood_for_a_second()
    {
        var edges = new Edges();
        edges.Look([Session()], 0);
        Assert.Empty(edges.Look([Session(TurnStatus.Busy)], 5000));
        Assert.Equal(6000, edges.Due);
        Assert.Empty(edges.Look([Session(TurnStatus.Busy)], 5999));
        Assert.Equal(("busy_changed", "idle", "busy"), edges.Look([Session(TurnStatus.Busy)], 6000).Select(e => (e.Event, e.From, e.To)).Single());
        Assert.Null(edges.Due);
        Assert.Empty(edges.Look([Session(TurnStatus.Busy)], 9000));
    }

    [Fact]
    public void Flapping_is_not_told() =>
        Assert.Empty(Told((0, Session()), (1000, Session(TurnStatus.Busy)), (1900, Session()), (2000, Session(TurnStatus.Busy)), (2900, Session()), (9000, Session())));

    [Fact]
    public void Unknown_is_no_status() =>
        Assert.Empty(Told((0, Session(TurnStatus.Busy)), (1000, Session(TurnStatus.Unknown)), (9000, Session(TurnStatus.Unknown)), (10_000, Session(TurnStatus.Busy)), (20_000, Session(TurnStatus.Busy))));

    [Fact]
    public void A_status_that_was_not_known_at_first_is_where_it_stands() =>
        Assert.Empty(Told((0, Session(TurnStatus.Unknown)), (1000, Session(TurnStatus.Busy)), (9000, Session(TurnStatus.Busy))));

    [Fact]
    public void A_question_is_told_as_one() =>
        Assert.Equal(
            ["busy_changed busy>blocked", "blocked busy>blocked"],
            Told((0, Session(TurnStatus.Busy)), (1000, Session(TurnStatus.Blocked)), (2000, Session(TurnStatus.Blocked)), (9000, Session(TurnStatus.Blocked))));

    [Fact]
    public void Between_two_that_are_told_what_stood_for_less_is_left_out() =>
        Assert.Equal(["busy_changed idle>blocked", "blocked idle>blocked"], Told((0, Session()), (1000, Session(TurnStatus.Busy)), (1500, Session(TurnStatus.Blocked)), (2500, Session(TurnStatus.Blocked))));

    [Fact]
    public void A_clock_that_was_set_back_holds_nothing_up() =>
        Assert.Equal(["busy_changed idle>busy"], Told((100_000, Session()), (101_000, Session(TurnStatus.Busy)), (50_000, Session(TurnStatus.Busy))));

    [Fact]
    public void Labels_are_told_at_once() =>
        Assert.Equal(
            ["renamed a>b", "archived", "tags_changed >x", "unarchived", "live_changed true>false", "deleted"],
            Told((0, Session()), (1, Session(name: "b")), (2, Session(name: "b", archived: true)), (3, Session(name: "b", archived: true, tags: "x")), (4, Session(name: "b", tags: "x")), (5, Session(name: "b", live: false, tags: "x")), (6, null)));

    [Fact]
    public void What_is_new_is_told_and_what_only_came_from_elsewhere_is_not()
    {
        Assert.Equal(["created"], Told((1_000_000, null), (2_000_000, Session(createdAt: 1_999_000)), (2_001_000, Session(createdAt: 1_999_000))));
        Assert.Empty(Told((1_000_000, null), (2_000_000, Session(createdAt: 5))));
        Assert.Empty(Told((1_000_000, Session(createdAt: 999_999))));
    }
}
