using System.Text;
using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Processes;

public sealed class ProcStatTests
{
    private const string Rest = " S 7 41 41 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 451029 2703360 230 18446744073709551615";

    [Theory]
    [InlineData("claude")]
    [InlineData("tmux: server")]
    [InlineData("a) S 1 (b")]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("")]
    [InlineData("日本")]
    public void A_process_may_call_itself_anything(string name) =>
        Assert.Equal(new ProcessRow(41, 7, 451029, name), ProcStat.Parse(Encoding.UTF8.GetBytes($"41 ({name}){Rest}\n")));

    [Theory]
    [InlineData("")]
    [InlineData("41")]
    [InlineData("41 (x")]
    [InlineData("41 (x)")]
    [InlineData("41 (x) S 7 41")]
    [InlineData("x (x) S 7")]
    [InlineData(") (")]
    [InlineData("99999999999 (x) S 7 41 41 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 451029 1")]
    public void What_is_no_such_line_is_no_process(string line) => Assert.Null(ProcStat.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void A_dead_process_that_nobody_has_buried_holds_nothing() =>
        Assert.Null(ProcStat.Parse(Encoding.UTF8.GetBytes("41 (claude)" + Rest.Replace(" S ", " Z ", StringComparison.Ordinal))));
}
