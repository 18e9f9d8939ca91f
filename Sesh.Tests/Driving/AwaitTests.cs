using System.Diagnostics;
using System.Globalization;
using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Driving;

public sealed class AwaitTests : IDisposable
{
    private readonly DrivenWorld _world = new();

    public static TheoryData<string> Agents() => [.. DrivenWorld.Agents];

    [Theory]
    [MemberData(nameof(Agents))]
    public void Idle_and_detached_sessions_return_at_once(string agent)
    {
        var uuid = _world.New(agent);
        Assert.Equal("idle", _world.Do("await", uuid));
        var recorded = _world.Do("new", "--agent", agent, "--no-launch");
        Assert.Equal($"{uuid}\tidle\n{recorded}\tidle", _world.Do("await", uuid, recorded));
        Assert.Equal("idle null true", _world.Do("await", uuid, "--json", "--jq", "\"\\(.turnStatus) \\(.pendingQuestion) \\(.settled)\""));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_turn_is_waited_for_in_a_pane_and_without_one(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "warm");
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:2]]");
        Assert.Equal("idle", _world.Do("await", uuid));
        Assert.Equal("assistant: echo: slow", _world.Said(uuid)[^1]);

        _world.End(uuid);
        _world.Do("send", uuid, "--no-wait", "slower [[sleep:2]]");
        Assert.Equal("idle", _world.Do("await", uuid));
        Assert.Equal("assistant: echo: slower", _world.Said(uuid)[^1]);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_detached_session_is_at_work_from_the_first_moment_on(string agent)
    {
        var uuid = _world.Detached(agent);
        _world.Variables["FAKE_LATE"] = "2";
        using var sending = _world.Start("send", uuid, "slow [[sleep:2]]");
        var file = Path.Combine(_world.Home, "turns", $"{uuid}.turn");
        Until.True(() => File.Exists(file), "the runner has begun");
        Assert.Equal("busy", _world.Do("state", uuid));
        Assert.Contains("busy", _world.Do("list", "--json", "--fields", "turnStatus"), StringComparison.Ordinal);
        Assert.Contains("without a terminal", _world.Do("explain", uuid), StringComparison.Ordinal);
        Assert.True(sending.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal("idle", _world.Do("state", uuid));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_pane_killed_during_a_turn_leaves_nobody_at_work(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "warm");
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:60]]");
        Until.True(() => _world.Do("state", uuid) == "busy", "the turn runs");
        _world.Tmux.Server.KillPane(_world.Pane(uuid));
        Assert.NotEqual("busy", _world.Do("state", uuid));
        Until.True(() => _world.Do("state", uuid) == "idle", "its agent has ended");
    }

    [Fact]
    public async Task While_a_message_is_on_its_way_an_idle_session_is_waited_for()
    {
        var uuid = _world.Detached("claude");
        _world.Do("send", uuid, "--no-wait", "one [[sleep:2]]");
        var second = Task.Factory.StartNew(() => _world.Run("send", uuid, "two [[sleep:1]]"), TaskCreationOptions.LongRunning);
        var queue = Path.Combine(_world.Home, "turns", $"{uuid}.queue");
        Until.True(() => Directory.Exists(queue) && Directory.GetFiles(queue).Length > 0, "the second waits");
        Assert.Equal("idle", _world.Do("await", uuid));
        Assert.Equal("assistant: echo: two", _world.Said(uuid)[^1]);
        Assert.Equal(0, (await second).Status);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    public void A_question_is_an_answer_of_its_own(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "--no-wait", "ask [[sleep:1]][[tool:bash:touch asked]]");
        var run = _world.Run("await", uuid);
        Assert.Equal((6, "blocked\n"), (run.Status, run.Out));
        Assert.Contains("touch asked", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_any_or_all()
    {
        var (quick, slow) = (_world.New("claude"), _world.New("codex"));
        _world.Do("send", quick, "warm");
        _world.Do("send", slow, "warm");
        _world.Do("send", slow, "--no-wait", "slow [[sleep:6]]");
        _world.Do("send", quick, "--no-wait", "quick [[sleep:1]]");
        Assert.Equal($"{quick}\tidle", _world.Do("await", "--any", slow, quick));
        Assert.Equal($"{slow}\tidle\n{quick}\tidle", _world.Do("await", "--all", slow, quick));
        Assert.Equal("assistant: echo: slow", _world.Said(slow)[^1]);
        Assert.Equal(2, _world.Run("await", "--all", "--any", slow).Status);
        Assert.Equal(2, _world.Run("await", "").Status);
    }

    [Fact]
    public void It_notices_the_end_soon()
    {
        var uuid = _world.New("claude");
        _world.Do("send", uuid, "warm");
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:3]]");
        _world.Do("await", uuid);
        var noticed = DateTime.UtcNow;
        var said = DateTime.Parse(_world.Do("transcript", uuid, "--format", "json", "--jq", ".[-1].at"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        // Owed are some 300 ms on a quiet machine; this one may not be.
        Assert.True(noticed - said < TimeSpan.FromSeconds(3), $"{(noticed - said).TotalMilliseconds} ms");
    }

    [Fact]
    public void A_timeout_tells_what_is_known()
    {
        var uuid = _world.New("claude");
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:60]]");
        var run = _world.Run("await", uuid, "--timeout", "1");
        Assert.Equal((124, "busy\n"), (run.Status, run.Out));
        Assert.StartsWith("not done in time", run.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_deleted_meanwhile_ends_the_wait()
    {
        var uuid = _world.New("claude");
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:60]]");
        using var waiting = _world.Start("await", uuid);
        Until.True(() => Waits(waiting), "it waits");
        _world.Do("delete", "--force", uuid);
        Assert.True(waiting.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, waiting.ExitCode);
        Assert.Equal($"sesh: session {uuid} was deleted\n", waiting.StandardError.ReadToEnd());
    }

    [Fact]
    public void Ctrl_C_ends_the_wait_and_not_the_turn()
    {
        var uuid = _world.New("claude");
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:8]]");
        using var waiting = _world.Start("await", uuid);
        Until.True(() => Waits(waiting), "it waits");
        _ = Libc.Kill(waiting.Id, Libc.SigInterrupt);
        Assert.True(waiting.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(130, waiting.ExitCode);
        Assert.Equal("idle", _world.Do("await", uuid));
        Assert.Equal("assistant: echo: slow", _world.Said(uuid)[^1]);
    }

    /// <summary>It has had itself told of signals: .NET's thread for them is there.</summary>
    private static bool Waits(Process process)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process.Id}/task")
                .Any(t => File.ReadAllText(Path.Combine(t, "comm")).StartsWith(".NET SigHandler", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // A thread ended while we looked.
            return false;
        }
    }

    public void Dispose() => _world.Dispose();
}
