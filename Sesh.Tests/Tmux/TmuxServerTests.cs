using System.Diagnostics;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;
using Xunit;

namespace Sesh.Tests.Tmux;

public sealed class TmuxServerTests
{
    [Fact]
    public void A_pane_is_listed_with_odd_names_and_an_odd_folder()
    {
        using var tmux = new PrivateTmux();
        var folder = Path.Combine(tmux.Folder, "a\tb\nc #(touch pwned) é");
        Directory.CreateDirectory(folder);
        var id = tmux.Server.NewWindow("=main", TmuxArgument.Name("w#{pid} ✳\u0007;"), folder);
        tmux.Server.Do(["select-pane", "-t", id, "-T", "◐ working — 日本"]);

        var pane = tmux.Pane(id);
        Assert.Equal(("w#{pid} ✳;", "◐ working — 日本", "main"), (pane.Window, pane.Title, pane.Session));
        Assert.False(pane.Dead);
        Assert.Equal(1, pane.WindowIndex);
        Assert.Equal(new TmuxPlace(tmux.Socket, "main", "1", id), pane.Place);
        // The window is listed from its fork on, which is before it is the program.
        Until.True(() => ProcessTable.Open().Find(pane.Pid)?.Name == "sleep", "the program runs");
        Assert.Equal(folder, ProcessTable.Open().WorkingDirectory(pane.Pid));
        Assert.Empty(Directory.GetFiles(tmux.Folder, "pwned", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_new_session_is_listed_by_the_name_tmux_gave_it_and_not_made_twice()
    {
        using var tmux = new PrivateTmux();
        var id = tmux.Server.NewSession("x:y.z", "w", "/");
        Assert.Equal("x_y_z", tmux.Pane(id!).Session);
        Assert.Null(tmux.Server.NewSession("x:y.z", "w", "/"));
        Assert.True(tmux.Server.HasSession("x_y_z"));
        Assert.False(tmux.Server.HasSession("x_y"));
    }

    [Fact]
    public void Text_reaches_tmux_as_it_is()
    {
        using var tmux = new PrivateTmux();
        string[] odd = ["-n", ";", "a;", "a\\;", "#{pid}", "#(id)", "$(id)", "'\"`", "%1", "日本"];
        foreach (var text in odd)
        {
            tmux.Server.Do(["set-option", "-p", "-t", "%0", "--", "@sesh-probe", text]);
            Assert.Equal(text, tmux.Server.Do(["display-message", "-p", "-t", "%0", "#{@sesh-probe}"]));
        }
    }

    [Fact]
    public void A_stamp_is_read_back_and_taken_off()
    {
        using var tmux = new PrivateTmux();
        var (session, process) = (SessionId.New(), new ProcessRow(12, 1, 345, "claude"));
        tmux.Server.Stamp("%0", session, process);
        Assert.Equal((session.ToString(), "12 345"), (tmux.Pane("%0").Stamp, tmux.Pane("%0").StampedProcess));
        tmux.Server.Stamp("%0", session, null);
        Assert.Equal((session.ToString(), ""), (tmux.Pane("%0").Stamp, tmux.Pane("%0").StampedProcess));
        tmux.Server.Unstamp("%0");
        Assert.Equal(("", ""), (tmux.Pane("%0").Stamp, tmux.Pane("%0").StampedProcess));
    }

    [Fact]
    public void A_pane_that_is_gone_is_null_and_so_is_every_pane_of_a_server_that_is()
    {
        using var tmux = new PrivateTmux();
        Assert.NotNull(tmux.Server.Pane("%0"));
        Assert.Null(tmux.Server.Pane("%77"));
        Assert.Null(new TmuxServer(PrivateTmux.Program, tmux.Socket + ".none").Pane("%0"));
    }

    [Fact]
    public void Many_screens_come_by_one_call_and_one_that_is_gone_hides_no_other()
    {
        using var tmux = new PrivateTmux();
        var first = tmux.Run("sh", "-c", "echo first ✳; exec sleep 1000");
        var last = tmux.Run("sh", "-c", "echo last; exec sleep 1000");
        Until.True(() => tmux.Server.Capture(first, 5).Contains("first", StringComparison.Ordinal) && tmux.Server.Capture(last, 5).Contains("last", StringComparison.Ordinal), "both have printed");

        var screens = tmux.Server.Screens(["%77", first, "%78", "%79", last, "%80"]);
        Assert.Equal([first, last], screens.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("first ✳\n", screens[first], StringComparison.Ordinal);
        Assert.StartsWith("last\n", screens[last], StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_lines_are_captured_with_what_has_scrolled_out()
    {
        using var tmux = new PrivateTmux();
        var pane = tmux.Run("sh", "-c", "seq 1 100; exec sleep 1000");
        Until.True(() => tmux.Server.Capture(pane, 1) == "100", "it has counted");
        Assert.Equal("98\n99\n100", tmux.Server.Capture(pane, 3));
        Assert.Equal(string.Join('\n', Enumerable.Range(41, 60)), tmux.Server.Capture(pane, 60));
    }

    [Fact]
    public void Keys_are_pressed_by_name()
    {
        using var tmux = new PrivateTmux();
        var pane = tmux.Run("cat");
        tmux.Server.SendKeys(pane, ["-", "x", "Space", "é", "Enter"]);
        Until.True(() => tmux.Server.Capture(pane, 5) == "-x é\n-x é", "cat answers");
    }

    [Fact]
    public void A_server_that_hangs_costs_a_second_and_a_notice_and_the_others_are_listed()
    {
        using var hung = new PrivateTmux();
        using var well = new PrivateTmux();
        hung.Stop();
        var clock = Stopwatch.StartNew();
        var listing = PaneListing.Begin(hung.Server, well.Server);
        var panes = listing.End();

        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 5);
        Assert.Equal(well.Socket, Assert.Single(panes).Socket);
        Assert.Equal([hung.Socket], listing.Blind);
        Assert.Equal("tmux-hung", Assert.Single(listing.Notices).Code);
        Assert.Equal("tmux-hung", Assert.Throws<SeshException>(() => hung.Server.Pane("%0")).Code);
    }

    [Fact]
    public void A_server_that_dies_in_the_middle_is_an_empty_part()
    {
        using var dying = new PrivateTmux();
        using var well = new PrivateTmux();
        // Stopped, it has taken the question and not answered it when it is killed.
        dying.Stop();
        var listing = PaneListing.Begin(dying.Server, well.Server);
        _ = Libc.Kill(dying.Pid, Libc.SigKill);
        var panes = listing.End();

        Assert.Equal(well.Socket, Assert.Single(panes).Socket);
        Assert.Empty(listing.Blind);
        Assert.Equal("tmux-gone", Assert.Single(listing.Notices).Code);
        Assert.Equal("tmux-gone", Assert.Throws<SeshException>(() => dying.Server.Do(["list-sessions"])).Code);
    }
}
