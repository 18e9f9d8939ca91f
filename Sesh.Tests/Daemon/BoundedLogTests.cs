using Sesh.Sync.Daemon;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Daemon;

public sealed class BoundedLogTests
{
    [Fact]
    public void It_never_grows_beyond_twice_its_bound_and_keeps_the_newest()
    {
        using var home = new ScratchHome();
        using var log = new BoundedLog(home.File("daemon.log"), new SteppedTime(), bound: 4096);

        for (var i = 0; i < 1000; i++)
            log.Write($"line {i}");

        var files = Directory.GetFiles(home.Path);
        Assert.Equal(2, files.Length);
        Assert.All(files, f => Assert.True(new FileInfo(f).Length <= 4096));
        Assert.EndsWith("line 999\n", File.ReadAllText(home.File("daemon.log")), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(home.File("daemon.log")));
    }

    [Fact]
    public void What_peers_say_is_one_line_without_control_characters()
    {
        using var home = new ScratchHome();
        using var log = new BoundedLog(home.File("daemon.log"), new SteppedTime());

        log.Write("evil\n2026-01-01 forged \u001b[31m" + new string('x', 10_000));

        var line = Assert.Single(File.ReadAllLines(home.File("daemon.log")));
        Assert.StartsWith("2026-01-02T03:04:05.000Z evil 2026-01-01 forged  [31m", line, StringComparison.Ordinal);
        Assert.True(line.Length < 2100);
    }

    [Fact]
    public void A_log_that_cannot_be_written_stops_nothing()
    {
        using var log = new BoundedLog("/proc/no/such/folder/daemon.log", new SteppedTime());

        log.Write("lost");
    }
}
