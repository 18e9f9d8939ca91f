using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Tests.Tmux;
using Xunit;

namespace Sesh.Tests.Walking;

public sealed class GoingTests
{
    [Fact]
    public void Outside_tmux_one_becomes_a_client_of_the_sessions_server()
    {
        using var tmux = new PrivateTmux();
        var pane = tmux.Run("sleep", "1000");
        var attach = new Going(tmux.Outside, () => true).To(tmux.Pane(pane).Place)!;
        Assert.Equal((PrivateTmux.Program, ""), (attach.Program, attach.Note));
        Assert.Equal(["-u", "-S", tmux.Socket, "attach-session", "-t", tmux.Pane(pane).SessionId], attach.Arguments);
        Assert.Equal(pane, tmux.Server.Do(["display-message", "-p", "-t", "main:", "#{pane_id}"]));
    }

    [Fact]
    public void Becoming_a_client_shows_the_pane_also_from_inside_another_tmux()
    {
        using var outer = new PrivateTmux();
        using var inner = new PrivateTmux();
        var pane = inner.Run("sh", "-c", "echo here it is; exec sleep 1000");
        var attach = new Going(outer.Inside("%0") with { Sockets = inner.Socket }, () => true).To(inner.Pane(pane).Place)!;
        Assert.NotEqual("", attach.Note);

        // What Become does, but in a pane of the outer server: TMUX taken out, the rest as it is.
        var shown = outer.Run(["env", "-u", "TMUX", "-u", "TMUX_PANE", attach.Program, .. attach.Arguments]);
        Until.True(() => outer.Server.Screen(shown).Contains("here it is", StringComparison.Ordinal), "the inner pane shows in the outer one");
    }

    [Fact]
    public void Inside_the_same_server_the_client_that_shows_us_is_switched()
    {
        using var outer = new PrivateTmux();
        using var inner = new PrivateTmux();
        var there = inner.Server.NewSession("there", "w", "/")!;
        var client = Attach(outer, inner, "main");
        Assert.Null(new Going(inner.Inside("%0"), () => false).To(inner.Pane(there).Place));
        Assert.Equal("there", inner.Server.Do(["list-clients", "-F", "#{client_session}"]));
        Assert.NotEqual("", client);
    }

    [Fact]
    public void With_two_clients_nobodys_screen_is_moved()
    {
        using var outer = new PrivateTmux();
        using var inner = new PrivateTmux();
        var there = inner.Server.NewSession("there", "w", "/")!;
        Attach(outer, inner, "main");
        Attach(outer, inner, "main");
        Until.True(() => inner.Server.Clients("main").Count == 2, "both are attached");
        var failure = Assert.Throws<SeshException>(() => new Going(inner.Inside("%0"), () => true).To(inner.Pane(there).Place));
        Assert.Equal("which-client", failure.Code);
        Assert.Equal("main\nmain", inner.Server.Do(["list-clients", "-F", "#{client_session}"]));
    }

    [Fact]
    public void Without_a_client_without_a_terminal_and_without_the_pane_it_is_told()
    {
        using var tmux = new PrivateTmux();
        var place = tmux.Pane("%0").Place;
        Assert.Equal("no-client", Assert.Throws<SeshException>(() => new Going(tmux.Inside("%0"), () => true).To(place)).Code);
        Assert.Equal("no-terminal", Assert.Throws<SeshException>(() => new Going(tmux.Outside, () => false).To(place)).Code);
        Assert.Equal("pane-gone", Assert.Throws<SeshException>(() => new Going(tmux.Outside, () => true).To(place with { Pane = "%9" })).Code);
    }

    [Fact]
    public void A_server_reached_by_another_path_is_the_same_server()
    {
        using var tmux = new PrivateTmux();
        var link = tmux.Socket + ".link";
        File.CreateSymbolicLink(link, tmux.Socket);
        Assert.True(new Going(tmux.Inside("%0"), () => false).IsInside(link));
        Assert.False(new Going(tmux.Inside("%0"), () => false).IsInside(tmux.Socket + ".none"));
    }

    /// <summary>A client on the inner server, shown in a pane of the outer one.</summary>
    private static string Attach(PrivateTmux outer, PrivateTmux inner, string session)
    {
        var before = inner.Server.Clients(session).Count;
        outer.Run("env", "-u", "TMUX", PrivateTmux.Program, "-S", inner.Socket, "attach-session", "-t", session);
        return Until.Some(() => inner.Server.Clients(session) is { } all && all.Count > before ? all[0] : null, "a client is attached");
    }
}
