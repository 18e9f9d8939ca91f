using System.Diagnostics;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>R1: writers killed by SIGKILL at random moments, on a real disk.</summary>
public sealed class KilledWriterTests(ITestOutputHelper output)
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("SESH_TEST_SCALE") == "full" ? 1000 : 200;

    [Fact]
    public void Every_rename_that_was_acknowledged_before_a_kill_is_there_and_every_document_opens()
    {
        using var sesh = new BuiltSesh();
        var uuid = sesh.Register("first");
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var span = TypicalRun(sesh, uuid) * 1.3;
        var store = Open(sesh);
        var (acknowledged, killed, shown) = (0, 0, "warm-2");

        for (var i = 0; killed < Kills; i++)
        {
            var name = $"kill-{i}";
            using var writer = sesh.Start("rename", uuid, name);
            var moment = Stopwatch.GetTimestamp() + (long)(random.NextDouble() * span * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < moment && !writer.HasExited)
            {
                // A moment within the life of the process: too short to sleep.
            }

            Signal.Send(writer.Id, Signal.Kill);
            writer.WaitForExit();
            var done = writer.ExitCode == 0;
            var record = store.Read().Find(SessionId.Parse(uuid));
            Assert.NotNull(record);
            if (done)
                Assert.Equal(name, record.Name);
            else
                Assert.True(record.Name == shown || record.Name == name, $"seed {seed}, kill {i}: shows {record.Name}, neither {shown} nor {name}");
            shown = record.Name;
            _ = done ? acknowledged++ : killed++;
        }

        output.WriteLine($"{killed} killed, {acknowledged} acknowledged, seed {seed}");
        Assert.True(killed >= Kills);
        Assert.DoesNotContain(store.Verify().SelectMany(d => d.Notices), n => n.Code is "damaged" or "forked" or "new-replica");
        sesh.Run("rename", uuid, "last").Succeeds();
        Assert.Equal("last", store.Read().Find(SessionId.Parse(uuid))!.Name);
        Assert.Empty(sesh.Strays());
    }

    internal static SessionStore Open(BuiltSesh sesh) => SessionStore.Open(new StoreOptions(sesh.Home, MachineName.Parse("alpha"), TimeProvider.System));

    /// <summary>Seconds that a rename takes here and now, from the start to the end of its process.</summary>
    private static double TypicalRun(BuiltSesh sesh, string uuid)
    {
        var times = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            using var writer = sesh.Start("rename", uuid, $"warm-{i}");
            var clock = Stopwatch.StartNew();
            writer.WaitForExit();
            times.Add(clock.Elapsed.TotalSeconds);
            Assert.Equal(0, writer.ExitCode);
        }

        return times.Order().ElementAt(1);
    }
}
