using Xunit;

namespace Sesh.Tests.Built;

public sealed class HookTests : IDisposable
{
    private readonly BuiltSesh _sesh = new();
    private readonly RunningDaemon _daemon;
    private readonly string _told;

    public HookTests()
    {
        _daemon = new RunningDaemon(_sesh);
        _told = Path.Combine(_sesh.Root, "told");
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _sesh.Dispose();
    }

    private string[] Told => File.Exists(_told) ? File.ReadAllLines(_told) : [];

    private void Configure(params string[] events)
    {
        Directory.CreateDirectory(_sesh.Home);
        File.WriteAllText(
            Path.Combine(_sesh.Home, "config.toml"),
            string.Join('\n', events.Select(e => $"[[hooks]]\nevent = \"{e}\"\ncommand = 'echo \"$SESH_EVENT $SESH_SESSION_NAME\" >> \"{_told}\"'")));
    }

    [Fact]
    public void The_daemon_tells_what_happens_while_it_runs_and_nothing_of_before()
    {
        var before = _sesh.Register("before");
        Configure("created", "renamed", "archived", "deleted");
        _daemon.Start();
        var uuid = _sesh.Register("one");
        Until.True("the birth is told", () => Told is ["created one"]);
        _sesh.Run("rename", uuid, "two").Succeeds();
        Until.True("the new name is told", () => Told is [_, "renamed two"]);
        _sesh.Run("archive", before).Succeeds();
        Until.True("the archiving is told", () => Told is [_, _, "archived before"]);
        _sesh.Run("delete", uuid, "--force").Succeeds();
        Until.True("the end is told", () => Told is [_, _, _, "deleted two"]);
    }

    [Fact]
    public void Hooks_that_are_added_later_begin_with_how_things_stand_then()
    {
        _daemon.Start();
        var uuid = _sesh.Register("one");
        Configure("created", "archived");
        // Noticed when what follows is told; how long that takes is the system's to say, so it is done until it is.
        Until.True("the hook runs", () =>
        {
            _sesh.Run("archive", uuid).Succeeds();
            _sesh.Run("unarchive", uuid).Succeeds();
            return Told.Length > 0;
        });
        Assert.DoesNotContain("created one", Told);
    }
}
