using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Commands;

public sealed class ListVerbTests : IDisposable
{
    private const string One = "11111111-0000-4000-8000-000000000001";
    private const string Two = "22222222-0000-4000-8000-000000000002";
    private const string Three = "33333333-0000-4000-8000-000000000003";

    private readonly CommandWorld _world = new();

    public ListVerbTests()
    {
        var one = _world.Add(One, "one", "claude", tags: ["a", "b"]);
        _world.Time.Pass(TimeSpan.FromMinutes(1));
        var two = _world.Add(Two, "two", "codex", tags: ["b"]);
        _world.Time.Pass(TimeSpan.FromMinutes(1));
        var three = _world.Add(Three, "three", "pi", machine: "beta");
        _world.Set(three, Field.Archived, Value.True);
        _world.Live.Merge([Row(one, TurnStatus.Busy), Row(two, TurnStatus.Idle) with { Live = false }], complete: true);
    }

    [Theory]
    [InlineData("bta", "no machine is called bta: did you mean beta?")]
    [InlineData("elsewhere", "no machine is called elsewhere: there are alpha, beta, desk")]
    public void A_machine_that_nobody_knows_is_said_to_be_unknown_beside_the_empty_answer(string machine, string note)
    {
        _world.Write("peers.json", """{"peers": [{"name": "desk"}]}""");
        var run = _world.Run("list", "--json", "--machine", machine);
        Assert.Equal((0, "[]\n", note), (run.Status, run.Out, run.Complaint));
        Assert.Equal(note, _world.Run("tags", "--machine", machine).Complaint);
        var found = _world.Run("info", "1111", "--machine", machine);
        Assert.Equal(1, found.Status);
        Assert.Contains(note, found.Error, StringComparison.Ordinal);
        Assert.Equal("", _world.Run("list", "--quiet", "--machine", machine).Error);
        Assert.Equal(0, _world.Run("list", "--quiet", "--machine", machine).Status);
    }

    [Theory]
    [InlineData("alpha")]
    [InlineData("beta")]
    [InlineData("desk")]
    public void A_machine_that_is_known_is_not_remarked_upon_though_nothing_of_it_is_listed(string machine)
    {
        _world.Write("peers.json", """{"peers": [{"name": "desk"}]}""");
        Assert.Equal("", _world.Run("list", "--agent", "pi", "--machine", machine).Error);
    }

    [Theory]
    [InlineData("two one", "")]
    [InlineData("three two one", "--archived")]
    [InlineData("three two one", "--include-archived")]
    [InlineData("two", "--agent codex")]
    [InlineData("two one", "--tag b")]
    [InlineData("one", "--tag b --tag a")]
    [InlineData("", "--tag B")]
    [InlineData("one", "--status busy")]
    [InlineData("one", "--live")]
    [InlineData("three", "--machine beta --archived")]
    [InlineData("one two", "--sort name")]
    [InlineData("two one", "--sort name --reverse")]
    [InlineData("one two", "--sort agent")]
    [InlineData("one two", "--sort status")]
    [InlineData("two", "--limit 1")]
    [InlineData("two", "-n 1")]
    [InlineData("two one", "--limit 0")]
    public void Filters_orders_and_limits(string expected, string options)
    {
        var run = _world.Run(["list", "--columns", "name", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Equal(expected, string.Join(' ', run.Lines));
    }

    [Fact]
    public void A_detached_session_that_this_list_looked_at_is_shown_without_an_age()
    {
        _world.Time.Pass(TimeSpan.FromHours(2));
        Assert.Equal("detached,false", _world.Do("list", "--jq", """.[] | select(.name == "two") | "\(if .live then "live" else "detached" end),\(.stale)" """).Trim());
    }

    [Fact]
    public void A_short_id_never_begins_the_agents_id_of_another_session()
    {
        var other = _world.Add("44444444-0000-4000-8000-000000000004", "other");
        _world.Set(other, Field.AgentSessionId, Value.Of("11111111-0007-7000-8000-000000000009"));
        foreach (var words in new string[][] { ["list", "--sort", "name"], ["find", "11111111-0000"] })
        {
            var shown = _world.Do(words).Split('\n').First(l => l.Contains(" one ", StringComparison.Ordinal)).Split(' ')[0];
            Assert.Equal("one\n", _world.Do("info", shown, "--jq", ".name"));
        }
    }

    [Fact]
    public void A_status_that_nobody_confirmed_lately_is_shown_with_its_age()
    {
        _world.Variables["SESH_MACHINE"] = "gamma";
        _world.Time.Pass(TimeSpan.FromHours(2));
        Assert.Contains("busy 2h ago", _world.Run("list").Out, StringComparison.Ordinal);
        Assert.Equal("true\n", _world.Run("info", One, "--jq", ".stale").Out);
        Assert.Equal("\"busy\"\n", _world.Run("info", One, "--jq", ".turnStatus|tojson").Out);
    }

    [Fact]
    public void Sessions_nobody_has_looked_at_are_unknown_and_not_idle()
    {
        _world.Variables["SESH_MACHINE"] = "gamma";
        Assert.Equal("unknown\tfalse\ttrue\n", _world.Run("list", "--archived", "--machine", "beta", "--columns", "status,live,stale").Out);
    }

    [Fact]
    public void On_a_terminal_too_narrow_names_and_folders_give_way()
    {
        _world.Set(SessionId.Parse(One), Field.Name, Value.Of(new string('名', 60)));
        _world.OnTerminal = true;
        _world.Width = 80;
        _world.Variables["NO_COLOR"] = "1";
        var run = _world.Run("list");
        Assert.Contains("名…", run.Out, StringComparison.Ordinal);
        Assert.All(run.Lines, l => Assert.True(Sesh.Output.Columns.Of(l) <= 80, l));
        _world.OnTerminal = false;
        Assert.Contains(new string('名', 60), _world.Run("list").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_is_for_terminals_unless_asked_for_or_away()
    {
        Assert.DoesNotContain('\e', _world.Run("list").Out);
        Assert.Contains('\e', _world.Run("list", "--color", "always").Out);
        _world.OnTerminal = true;
        Assert.Contains('\e', _world.Run("list").Out);
        Assert.DoesNotContain('\e', _world.Run("list", "--color=never").Out);
        _world.Variables["NO_COLOR"] = "1";
        Assert.DoesNotContain('\e', _world.Run("list").Out);
        Assert.Contains('\e', _world.Run("--color", "always", "list").Out);
    }

    [Fact]
    public void Uuids_made_in_one_minute_are_cut_where_they_differ()
    {
        _world.Add("0199a1b2-c3d4-7000-8000-000000000001", "x");
        _world.Add("0199a1b2-c3d5-7000-8000-000000000001", "y");
        var lines = _world.Run("list").Lines;
        Assert.Contains(lines, l => l.StartsWith("0199a1b2-c3d4  x", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("0199a1b2-c3d5  y", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("22222222 ", StringComparison.Ordinal));
    }

    [Fact]
    public void With_nothing_recorded_a_person_is_told_what_to_do()
    {
        using var empty = new CommandWorld { OnTerminal = true };
        var run = empty.Run("list");
        Assert.Equal((0, ""), (run.Status, run.Out));
        Assert.Contains("sesh adopt", run.Error, StringComparison.Ordinal);
        empty.OnTerminal = false;
        Assert.Equal(new CommandRun(0, "", ""), empty.Run("list"));
    }

    private LiveRow Row(SessionId session, TurnStatus status) => new() { Uuid = session, ObservedAt = _world.Time.Now, TurnStatus = status, Live = true };

    public void Dispose() => _world.Dispose();
}
