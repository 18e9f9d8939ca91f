using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Processes;

public sealed class PsOutputTests
{
    [Fact]
    public void The_table_is_read_from_the_columns_asked_for()
    {
        var rows = PsOutput.Parse(
        [
            "    1     0 Sat Nov  1 09:05:07 2026     /sbin/launchd",
            "  812     1 Sun Nov 22 21:48:00 2026     /Applications/Some App.app/Contents/MacOS/claude",
            "not a row",
            "",
        ]);
        Assert.Equal(2, rows.Count);
        Assert.Equal(new ProcessRow(812, 1, 1_795_384_080, "claude"), rows[812]);
        Assert.Equal(0, rows[1].ParentPid);
    }

    [Fact]
    public void Of_lsofs_names_only_paths_are_files() =>
        Assert.Equal(["/a b", "/c"], PsOutput.Names(["p12", "fcwd", "n/a b", "f3", "n/c", "f4", "n->0x1234", "npipe"]));

    [Fact]
    public void Only_a_write_lock_on_the_whole_file_counts()
    {
        Assert.Equal(9, PsOutput.ExclusiveHolder(["p7", "f3", "lr", "p9", "f4", "lW"]));
        Assert.Null(PsOutput.ExclusiveHolder(["p7", "f3", "l "]));
    }
}
