using System.Text;
using Sesh.Output;
using Xunit;

namespace Sesh.Tests.Output;

public sealed class TableTests
{
    [Fact]
    public void Columns_align_by_what_is_seen_and_lines_end_without_blanks()
    {
        var table = new Table(new("A"), new("NAME", 5), new TableColumn("N", AlignRight: true));
        table.Add("x", "名前", "5");
        table.Add("yy", "e\u0301", "10");
        table.Add("z", "", "");
        Assert.Equal("A   NAME   N\nx   名前   5\nyy  é     10\nz\n".Replace("é", "e\u0301", StringComparison.Ordinal), Written(table, null));
    }

    [Fact]
    public void A_narrow_terminal_cuts_the_widest_of_those_that_may_give_way()
    {
        var table = new Table(new("ID"), new("NAME", 6), new("FOLDER", 6));
        table.Add("12345678", "a name that is long", "/a/folder");
        Assert.Equal("ID        NAME      FOLDER\n12345678  a name…   /a/fold…\n".Split('\n')[1].Length, Written(table, 27).Split('\n')[1].Length + 1);
        Assert.All(Written(table, 27).Split('\n'), l => Assert.True(Columns.Of(l) <= 27, l));
        Assert.Contains("12345678", Written(table, 10), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_stored_drives_the_terminal()
    {
        var table = new Table(new TableColumn("A"));
        table.Add(new Cell("\e[2J\nx\u202e", Style.Red));
        Assert.Equal("\e[1mA\e[0m\n\e[31m␛[2J␊x<U+202E>\e[0m\n", Written(table, null, color: true));
    }

    private static string Written(Table table, int? width, bool color = false)
    {
        using var stream = new MemoryStream();
        var buffer = new ResultBuffer(stream);
        table.Write(buffer, new Palette(color), width);
        buffer.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
