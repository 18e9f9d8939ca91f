using System.Diagnostics;
using System.Runtime.InteropServices;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Store;

/// <summary>R1: the built program, killed at random moments, on a real disk.</summary>
public sealed partial class KilledWriterTests
{
    private const int Kill = 9;

    [Fact]
    public void Writers_killed_at_random_moments_lose_nothing_they_acknowledged()
    {
        using var home = new StoreHome();
        var session = home.Register("alpha", "start");
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var acknowledged = new List<string>();
        for (var round = 0; round < Scale.Of(12, 1000); round++)
        {
            Round(home.Path, session, round, random.Next(600), acknowledged);
            var record = home.Store(null).Read().Find(session)!;
            Assert.Empty(acknowledged.Except(record.Tags));
            Assert.All(home.Store(null).Verify(), r => Assert.DoesNotContain(r.Notices, n => n.Code is "damaged" or "forked"));
        }

        Assert.True(acknowledged.Count >= 12, $"only {acknowledged.Count} writes came through");
    }

    // Two loops at once, each command a process of its own, all killed together so many milliseconds after the first command is through.
    private static void Round(string home, SessionId session, int round, int milliseconds, List<string> acknowledged)
    {
        var script = $"for w in a b; do (for i in $(seq 100); do \"$SESH\" tag {session} {round}-$w-$i >/dev/null && echo {round}-$w-$i; done) & done; wait";
        var start = new ProcessStartInfo("setsid", ["bash", "-c", script]) { RedirectStandardOutput = true };
        start.Environment["SESH"] = Path.Join(AppContext.BaseDirectory, "sesh");
        start.Environment["SESH_HOME"] = home;
        start.Environment["SESH_MACHINE"] = "alpha";
        start.Environment["HOME"] = Path.GetDirectoryName(home);
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var process = Process.Start(start)!;
        try
        {
            var first = process.StandardOutput.ReadLine();
            Assert.NotNull(first);
            acknowledged.Add(first);
            process.WaitForExit(milliseconds);
        }
        finally
        {
            KillGroup(-process.Id, Kill);
        }

        while (process.StandardOutput.ReadLine() is { } line)
            acknowledged.Add(line);
        process.WaitForExit();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillGroup(int process, int signal);
}
