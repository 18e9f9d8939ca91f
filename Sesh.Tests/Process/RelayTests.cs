using Sesh.Sync;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>A machine that is reached only through another.</summary>
public sealed class RelayTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");
    private readonly MeshMachine _gamma = new("gamma");
    private readonly string _uuid;

    public RelayTests()
    {
        _alpha.Dials(_beta);
        _beta.Dials(_gamma);
        _uuid = _gamma.Adopt("far away");
        _beta.Sesh.Register("between");
        _alpha.Takes(_gamma);
        _alpha.Sesh.Register("near");
    }

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
        _gamma.Dispose();
    }

    [Fact]
    public void A_peer_that_passes_requests_on_is_asked_where_there_is_no_nearer_way()
    {
        _beta.Expects(_alpha, relay: true);
        Assert.Equal(_gamma.Sesh.Run("tail", _uuid).Succeeds(), _alpha.Sesh.Run("tail", _uuid).Succeeds());
        Assert.Contains("alpha → beta → gamma: tail, passed on", Log(_beta), StringComparison.Ordinal);
        Assert.Contains("alpha → beta → gamma: tail", Log(_gamma), StringComparison.Ordinal);
        var there = _alpha.Sesh.Run("tail", _uuid, "-n", "few");
        Assert.Equal(2, there.Exit);
    }

    [Fact]
    public void A_peer_that_passes_nothing_on_says_so()
    {
        _beta.Expects(_alpha);
        var error = _alpha.Sesh.Run("tail", _uuid).Fails(1);
        Assert.Contains("gamma cannot be reached; never heard of; tried through beta (beta passes nothing on for alpha)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_grants_must_allow_it()
    {
        _beta.Expects(_alpha, relay: true);
        // What alpha may do at beta.
        Forced(_beta, _alpha, "sync");
        Assert.Contains("alpha may sync on beta, and tail needs read", _alpha.Sesh.Run("tail", _uuid).Fails(1), StringComparison.Ordinal);
        Assert.Equal("idle", _alpha.Sesh.Run("state", _uuid).Succeeds());
        // What beta may do at gamma.
        Forced(_beta, _alpha, "drive");
        Forced(_gamma, _beta, "sync");
        Assert.Contains("beta may sync on gamma, and tail needs read", _alpha.Sesh.Run("tail", _uuid).Fails(1), StringComparison.Ordinal);
    }

    [Fact]
    public void The_middle_gone_and_back_is_bridged_by_a_follower()
    {
        _beta.Expects(_alpha, relay: true);
        using var follower = _alpha.Sesh.Start("tail", _uuid, "-f");
        Assert.Equal("user: far away", follower.StandardOutput.ReadLine());
        Assert.NotNull(follower.StandardOutput.ReadLine());
        _beta.Sshd.KillSessions();
        var path = Directory.EnumerateFiles(_gamma.Sesh.UserHome, _uuid + ".jsonl", SearchOption.AllDirectories).Single();
        File.AppendAllText(path, File.ReadLines(path).First() + "\n");
        Assert.Equal("user: far away", follower.StandardOutput.ReadLine());
        Signal.Send(follower.Id, Signal.Interrupt);
        Assert.Equal("", follower.StandardOutput.ReadToEnd());
        follower.WaitForExit();
        Until.True("nothing of it runs anywhere", () => _beta.Sesh.Strays().Count == 0 && _gamma.Sesh.Strays().Count == 0);
    }

    [Fact]
    public async Task Loops_and_longer_ways_are_refused()
    {
        _beta.Expects(_alpha, relay: true);
        await using var link = await ServeProcess.Start(_beta.Sesh).OpenAsync("alpha");
        Assert.Equal("loop", await CodeAsync(link, new Request { Verb = "state", Arguments = [_uuid], Path = ["beta"] }));
        Assert.Equal("loop", await CodeAsync(link, new Request { Verb = "state", Arguments = [_uuid], Target = "alpha" }));
        Assert.Equal("too-far", await CodeAsync(link, new Request { Verb = "state", Arguments = [_uuid], Target = "gamma", Path = ["delta"] }));
        Assert.Equal("too-far", await CodeAsync(link, new Request { Verb = "state", Arguments = [_uuid], Path = ["delta", "epsilon"] }));
        Assert.Equal("unreachable", await CodeAsync(link, new Request { Verb = "state", Arguments = [_uuid], Target = "nowhere" }));
        Assert.Equal("not-allowed", await CodeAsync(link, new Request { Verb = "rename", Arguments = [_uuid, "x"], Target = "gamma" }));
    }

    private static async Task<string> CodeAsync(Link link, Request request) => (await Assert.ThrowsAsync<SeshException>(() => Answer.Of(link, request))).Code;

    private static void Forced(MeshMachine at, MeshMachine who, string allow)
    {
        File.WriteAllText(at.Sshd.Authorized, "");
        at.Sshd.Authorize(who.Ssh.Key, $"restrict,command=\"{BuiltSesh.Binary} serve --peer {who.Name} --allow {allow}\"");
    }

    private static string Log(MeshMachine machine) => File.ReadAllText(Path.Combine(machine.Sesh.Home, "serve.log"));
}
