using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Driving;

/// <summary>Messages to a session that has more than one life.</summary>
public sealed class SendTwiceTests : IDisposable
{
    private readonly DrivenWorld _world = new();

    [Theory]
    [InlineData("claude")]
    [InlineData("pi")]
    public void A_session_that_is_live_in_two_panes_is_told_nothing_before_one_of_them_ends(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "first");
        var id = _world.Do("info", uuid, "--json", "--jq", ".agentSessionId");
        string[] again = agent == "claude" ? ["claude", "--resume", id] : ["pi", "--session", _world.Do("info", uuid, "--json", "--jq", ".filePath")];
        _world.Tmux.Server.Do(["new-session", "-d", "-s", "second", "-c", _world.Work, "-e", $"HOME={_world.UserHome}", "-e", $"SESH_AGENT_ID={agent}:{id}", Path.Combine(_world.Tmux.Folder, "agents-bin", again[0]), .. again[1..]]);
        Until.True(() => _world.Run("send", uuid, "again") is { Status: 1 } run && run.Complaint.StartsWith($"session {uuid} is live twice, in ", StringComparison.Ordinal), "it is seen twice");
        foreach (var verb in (string[])["compact", "abort"])
            Assert.StartsWith($"session {uuid} is live twice, in ", _world.Run(verb, uuid).Complaint, StringComparison.Ordinal);
        _world.Do("abort", "--force", uuid);
        _world.Tmux.Server.Do(["kill-session", "-t", "second"]);
        Assert.Equal("echo: alone", _world.Do("send", uuid, "alone"));
        Assert.DoesNotContain("user: again", _world.Said(uuid).SkipWhile(s => s != "user: alone"));
    }

    [Theory]
    [InlineData("claude", "/clear")]
    [InlineData("pi", "/new")]
    public void A_command_of_the_agents_own_is_no_failure(string agent, string command)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "first");
        var run = _world.Run("send", uuid, command, "--json", "--jq", ".result");
        Assert.Equal((0, "no-turn"), (run.Status, run.Out.Trim().Trim('"')));
        Assert.Contains("no turn followed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Naming_the_sessions_of_a_machine_that_nobody_knows_fails()
    {
        _world.New("claude");
        var run = _world.Run("autoname", "--all", "--machine", "nosuch");
        Assert.Equal(5, run.Status);
        Assert.Contains("nosuch names none: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_is_live_on_a_machine_that_does_not_own_it_is_told_nothing_without_force()
    {
        var uuid = _world.Detached("claude");
        var other = Directory.CreateDirectory(Path.Combine(_world.Tmux.Folder, "beta")).FullName;
        var beta = new LiveStore(new StoreOptions(other, MachineName.Parse("beta"), TimeProvider.System));
        beta.Merge([new LiveRow { Uuid = SessionId.Parse(uuid), Live = true, ObservedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() }], complete: false);
        foreach (var file in Directory.GetFiles(Path.Combine(other, "live")))
            File.Copy(file, Path.Combine(_world.Home, "live", Path.GetFileName(file)));
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(1, run.Status);
        Assert.Contains("is live on beta, which does not own it: told something here too, its history would fork; end it on beta first, or give --force", run.Complaint, StringComparison.Ordinal);
        Assert.Equal("echo: hello", _world.Do("send", uuid, "hello", "--force"));
    }

    public void Dispose() => _world.Dispose();
}
