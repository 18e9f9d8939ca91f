using Xunit;

namespace Sesh.Tests.Commands;

public sealed class HooksVerbsTests : IDisposable
{
    private readonly CommandWorld _world = new();

    public HooksVerbsTests()
    {
        Directory.CreateDirectory(_world.Home);
        File.WriteAllText(Path.Join(_world.Home, "config.toml"), """
            [[hooks]]
            name = "say"
            event = "busy_changed"
            to = "idle"
            command = 'echo "$SESH_SESSION_NAME: $SESH_EVENT_FROM to $SESH_EVENT_TO"; exit 7'
            [[hooks]]
            event = "blocked"
            command = "true"
            """);
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void They_are_listed_with_what_they_are_for() =>
        Assert.Equal(["say\tbusy_changed\tto=idle\techo \"$SESH_SESSION_NAME: $SESH_EVENT_FROM to $SESH_EVENT_TO\"; exit 7", "hook-2\tblocked\t\ttrue"], _world.Run("hooks").Lines);

    [Fact]
    public void A_test_runs_one_by_its_name_or_all_for_an_event_and_shows_what_it_says()
    {
        var uuid = Guid.NewGuid().ToString();
        _world.Do("register", uuid, "--agent", "claude", "--name", "mine", "--cwd", _world.Root);
        var run = _world.Run("hooks", "test", "say", uuid[..8]);
        Assert.Equal((7, "mine: busy to idle\n"), (run.Status, run.Out));
        Assert.Equal(0, _world.Run("hooks", "test", "blocked").Status);
        Assert.Contains("did you mean say?", _world.Run("hooks", "test", "sai").Error, StringComparison.Ordinal);
    }
}
