using Sesh.Processes;
using Sesh.Sync.Documents;
using Sesh.Tests.Commands;
using Sesh.Tests.Tmux;
using Sesh.Tmux;
using Xunit;

namespace Sesh.Tests.Walking;

/// <summary>Commands over agents that somebody started by hand in panes.</summary>
public sealed class RecordingInPanesTests : IDisposable
{
    private static readonly string One = SessionId.New().ToString();
    private static readonly string Two = SessionId.New().ToString();

    private readonly CommandWorld _world = new();
    private readonly PrivateTmux _tmux = new();
    private readonly string _bin;

    public RecordingInPanesTests()
    {
        _bin = FakeAgentFolder.In(_world.Root);
        _world.Variables["SESH_TMUX_SOCKETS"] = _tmux.Socket;
    }

    [Fact]
    public void Register_stamps_the_pane_in_which_its_agent_lives()
    {
        var pane = Start("claude", One);

        _world.Do("register", One, "--agent", "claude");

        AssertStamped(pane, One);
        Directory.Delete(Path.Join(_world.Home, "live"), recursive: true);
        Assert.Equal(One, PaneOwner(pane));
        _world.Do("undo");
        Assert.Equal(3, _world.Run("pane", "--pane", pane, "--socket-path", _tmux.Socket).Status);
    }

    [Fact]
    public void Adopt_stamps_the_panes_of_all_that_it_records()
    {
        var (first, second) = (Start("claude", One), Start("claude", Two));

        _world.Do("adopt", One, Two);

        AssertStamped(first, One);
        AssertStamped(second, Two);
    }

    [Fact]
    public void A_session_that_a_silent_agent_in_its_folder_may_hold_is_unknown_and_not_detached()
    {
        _world.Do("register", "work", "--agent", "pi", "--cwd", _world.Root);
        Assert.Contains("○ detached", _world.Do("list"), StringComparison.Ordinal);
        var pane = Start("pi");
        _world.Time.Pass(TimeSpan.FromMinutes(2));

        Assert.Contains("? unknown", _world.Do("list"), StringComparison.Ordinal);
        _world.Time.Pass(TimeSpan.FromMinutes(2));
        var info = _world.Do("info", _world.Do("list", "--columns", "uuid").Trim());
        Assert.Contains($"status       ? unknown\n             pi in pane {pane} of {_tmux.Socket} ", info, StringComparison.Ordinal);
        Assert.Contains("it may be this one", info, StringComparison.Ordinal);
    }

    private string PaneOwner(string pane) => _world.Do("pane", "--pane", pane, "--socket-path", _tmux.Socket).Trim();

    private void AssertStamped(string pane, string session)
    {
        var now = _tmux.Pane(pane);
        var process = ProcessTable.Open().Find(now.Pid)!;
        Assert.Equal((session, TmuxServer.StampText(process.Pid, process.Start)), (now.Stamp, now.StampedProcess));
    }

    /// <summary>By hand: no stamp. Returns its pane once it is seen.</summary>
    private string Start(string agent, string? id = null)
    {
        var pane = _tmux.Server.Do(
            ["new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=main:", "-e", $"HOME={_world.Root}", "-c", _world.Root, "env", Path.Join(_bin, agent), .. id is null ? (string[])[] : ["--session-id", id]]);
        Until.True(
            () => _world.Run("pane-resolve", "--pane", pane, "--socket-path", _tmux.Socket).Status == (id is null ? 4 : 0), $"{agent} in {pane} is seen");
        return pane;
    }

    public void Dispose()
    {
        _tmux.Dispose();
        _world.Dispose();
    }
}
