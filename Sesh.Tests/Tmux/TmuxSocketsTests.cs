using Sesh.Processes;
using Sesh.Tmux;
using Xunit;

namespace Sesh.Tests.Tmux;

public sealed class TmuxSocketsTests
{
    [Fact]
    public void Of_the_usual_folder_only_sockets_that_somebody_listens_on_count()
    {
        using var live = new PrivateTmux();
        using var dead = new PrivateTmux();
        var folder = Path.Combine(live.Folder, $"tmux-{Libc.UserId()}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "file"), "no socket");
        File.CreateSymbolicLink(Path.Combine(folder, "live"), live.Socket);
        File.CreateSymbolicLink(Path.Combine(folder, "dead"), dead.Socket);
        _ = Libc.Kill(dead.Pid, Libc.SigKill);
        Until.True(() => !TmuxSockets.Answers(dead.Socket), "nobody listens any more");

        var surroundings = new TmuxSurroundings(null, null, live.Folder, null, "");
        Assert.Equal([Path.Combine(folder, "live")], TmuxSockets.Alive(surroundings));
        Assert.Equal([live.Socket, Path.Combine(folder, "live")], TmuxSockets.Alive(surroundings with { Tmux = $"{live.Socket},1,0" }));
    }

    [Fact]
    public void SESH_TMUX_SOCKETS_takes_the_place_of_looking()
    {
        using var one = new PrivateTmux();
        using var two = new PrivateTmux();
        var surroundings = new TmuxSurroundings($"{one.Socket},1,0", "%0", null, $"{two.Socket}:/none/such", "");
        Assert.Equal([two.Socket], TmuxSockets.Alive(surroundings));
        Assert.Equal(two.Socket, surroundings.DefaultSocket);
    }

    [Fact]
    public void A_server_that_is_stopped_still_listens()
    {
        using var tmux = new PrivateTmux();
        tmux.Stop();
        Assert.True(TmuxSockets.Answers(tmux.Socket));
    }

    [Theory]
    [InlineData("/tmp/s,12,3", "/tmp/s", "$3")]
    [InlineData("/tmp/a,b,12,3", "/tmp/a,b", "$3")]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void TMUX_names_the_own_server(string? tmux, string? socket, string? session)
    {
        var surroundings = new TmuxSurroundings(tmux, "%0", null, null, null);
        Assert.Equal((socket, session), (surroundings.OwnSocket, surroundings.OwnSessionId));
    }

    [Fact]
    public void A_path_too_long_for_a_socket_answers_nothing() => Assert.False(TmuxSockets.Answers("/" + new string('x', 200)));
}
