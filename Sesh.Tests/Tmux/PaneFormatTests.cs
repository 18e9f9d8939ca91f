using Sesh.Tmux;
using Xunit;

namespace Sesh.Tests.Tmux;

public sealed class PaneFormatTests
{
    [Fact]
    public void A_title_that_looks_like_a_row_is_a_title()
    {
        var format = new PaneFormat();
        var word = format.Format.Split('\t')[0];
        var forged = "\nsesh1\t$9\t@9\t%9\t0\t0\t9\t0\t0\t\t\t\ts\tw\tt";
        var panes = format.Parse($"{word}\t$0\t@1\t%2\t3\t4\t55\t0\t1\t/dev/pts/1\t\t\tmain\tw\ta\tb{forged}\n", "/s");
        var pane = Assert.Single(panes);
        Assert.Equal(("%2", 55, "a\tb" + forged), (pane.Id, pane.Pid, pane.Title));
    }

    [Fact]
    public void A_window_in_two_sessions_counts_once_where_it_is_looked_at()
    {
        var format = new PaneFormat();
        var word = format.Format.Split('\t')[0];
        var panes = format.Parse($"{word}\t$0\t@1\t%2\t0\t0\t5\t0\t0\t\t\t\tone\tw\tt\n{word}\t$1\t@1\t%2\t0\t0\t5\t0\t1\t\t\t\ttwo\tw\tt\n", "/s");
        Assert.Equal("two", Assert.Single(panes).Session);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("no server running on /s")]
    [InlineData("$0\t@1\t%2")]
    public void What_is_no_row_gives_no_pane(string text) => Assert.Empty(new PaneFormat().Parse(text, "/s"));
}
