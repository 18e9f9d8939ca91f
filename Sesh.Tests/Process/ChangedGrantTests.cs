using System.Text.Json.Nodes;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>What a machine may do is changed while its link is open: the link of now has the grant of now.</summary>
public sealed class ChangedGrantTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");
    private readonly RunningDaemon _daemon;
    private readonly string _key;
    private readonly string _uuid;

    /// <summary>beta's daemon dials alpha by a key that alpha has authorized.</summary>
    public ChangedGrantTests()
    {
        _daemon = new RunningDaemon(_beta.Sesh);
        _key = _beta.Ssh.Key.Path + ".pub";
        _uuid = _alpha.Adopt("hello there");
        _beta.Ssh.Names(_alpha.Sshd, "alpha");
        _beta.Ssh.Knows(_alpha.Sshd);
        _alpha.Expects(_beta);
        _beta.Lists(new JsonObject { ["name"] = "alpha", ["destination"] = "alpha", ["transport"] = "sshnet" });
    }

    public void Dispose()
    {
        _daemon.Dispose();
        new RunningDaemon(_alpha.Sesh).Dispose();
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Fact]
    public void Taken_back_and_given_again_while_the_link_is_open()
    {
        Authorize("drive");
        Connect();
        _beta.Sesh.Run("tail", _uuid).Succeeds();

        Authorize("sync");
        Until.True("it may read no more", () => _beta.Sesh.Run("tail", _uuid).Error.Contains("beta may sync on alpha, and tail needs read", StringComparison.Ordinal), seconds: 30);
        Assert.DoesNotContain("--allow drive", Served(), StringComparison.Ordinal);

        Authorize("read");
        Until.True("it may read again", () => _beta.Sesh.Run("tail", _uuid).Exit == 0, seconds: 30);
        Assert.Contains("what is allowed there has changed", _daemon.Log, StringComparison.Ordinal);
        Assert.Contains("beta: its link is ended", File.ReadAllText(Path.Join(_alpha.Sesh.Home, "serve.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_another_machine_leaves_the_link_alone()
    {
        Authorize("drive");
        Connect();
        var served = Served();
        var other = SshKey.Make(Path.Join(_alpha.Sesh.Root, "other"));
        _alpha.Sesh.Run("peer", "authorize", other.Path + ".pub", "--allow", "sync", "--name", "gamma").Succeeds();
        Authorize("sync");
        Until.True("the one of now is served", () => Served().Contains("--allow sync", StringComparison.Ordinal));
        Assert.Single(_daemon.Log.Split('\n'), l => l.Contains("lost: what is allowed there has changed", StringComparison.Ordinal));
        Assert.NotEqual(served, Served());
    }

    [Fact]
    public void Removed_with_its_keys_it_is_out_at_once_and_without_them_it_is_said_that_it_may_come_again()
    {
        Authorize("drive");
        Connect();
        var first = _alpha.Sesh.Run("peer", "remove", "beta");
        Assert.Equal("removed beta", first.Succeeds());
        Assert.Contains($"beta may still dial this machine, by {_alpha.Sshd.Authorized}:1; if it should not: sesh peer remove beta --keys", first.Error, StringComparison.Ordinal);
        Until.True("it has dialled again", () => _daemon.Log.Contains("what is allowed there has changed", StringComparison.Ordinal) && _daemon.Link("alpha") == "connected");

        _alpha.Sesh.Run("peer", "remove", "beta", "--keys").Succeeds();
        Until.True("it is out", () => _daemon.Log.Contains("refuses the login", StringComparison.Ordinal) && _daemon.Link("alpha") == "back-off" && Served().Length == 0, seconds: 30);
        Assert.Equal("", File.ReadAllText(_alpha.Sshd.Authorized));
        Assert.Contains("no key was authorized under that name", _alpha.Sesh.Run("peer", "remove", "beta", "--keys").Fails(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_the_machine_that_was_dialled_by_its_entry()
    {
        Authorize("sync");
        var theirs = _beta.Adopt("hello there");
        _beta.Sesh.Run("peer", "add", "alpha", "--allow", "read", "--no-connect").Succeeds();
        Connect();
        Until.True("alpha reads over the link", () => _alpha.Sesh.Run("tail", theirs).Exit == 0);
        _beta.Sesh.Run("peer", "add", "alpha", "--allow", "sync", "--no-connect").Succeeds();
        Until.True("and no more", () => _alpha.Sesh.Run("tail", theirs).Error.Contains("alpha may sync on beta, and tail needs read", StringComparison.Ordinal), seconds: 30);
    }

    private void Authorize(string grant) => _alpha.Sesh.Run("peer", "authorize", _key, "--allow", grant, "--name", "beta").Succeeds();

    private void Connect()
    {
        _beta.Sesh.Register("theirs");
        _daemon.Start();
        Until.True("the link is there and has brought the session", () => _daemon.Link("alpha") == "connected" && _beta.Sesh.Run("find", _uuid).Exit == 0);
    }

    /// <summary>The command lines of what serves peers at alpha.</summary>
    private string Served() => string.Join('\n', _alpha.Sesh.Strays().Select(CommandLine).Where(c => c.Contains(" serve ", StringComparison.Ordinal)));

    private static string CommandLine(int pid)
    {
        try
        {
            return $"{pid} {File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
