using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Sharing;
using Sesh.Tests.Store.Faults;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

/// <summary>R2 for what is received: a crash between any two file system calls, full and broken disks.</summary>
public sealed class ReceiveCrashTests
{
    private static readonly SessionId First = SessionId.Parse("11111111-1111-4111-8111-111111111111");

    /// <summary>What arrives at a home, one exchange after the other, and what its first session is called then.</summary>
    private static readonly (Action<SharingHome> Change, string Name)[] Steps =
    [
        (a => a.Store.Write(_ => StoreHome.Birth(First, "alpha", "one")), "one"),
        (a => a.Rename(First, "two"), "two"),
        (a =>
        {
            for (var i = 0; i < 9; i++)
                a.Rename(First, $"three{i}");
        }, "three8"),
        (a => Assert.True(a.Store.Compact() is var (before, after) && after < before), "three8"),
        (a => a.Rename(First, "four"), "four"),
        // A compacted document whose prefix the receiver lost comes whole.
        (a => a.Rename(First, "five"), "five"),
    ];

    [Fact]
    public void After_a_power_cut_at_any_call_of_receiving_everything_acknowledged_is_there_and_the_next_exchange_brings_the_rest()
    {
        var points = Run(new SharingHome("beta")).Files.Steps;
        Assert.True(points > 40, $"only {points} calls to crash at");
        for (var at = 1; at <= points; at++)
        {
            for (var seed = 0; seed < Scale.Of(3, 40); seed++)
                Check(Crashed(at, files => files.AfterPowerCut(new Random(at * 100 + seed))), $"power cut at call {at} of {points}, seed {seed}");
        }
    }

    [Fact]
    public void After_a_kill_at_any_call_of_receiving_the_next_exchange_brings_the_rest()
    {
        var points = Run(new SharingHome("beta")).Files.Steps;
        for (var at = 1; at <= points; at++)
            Check(Crashed(at, files => files.AfterKill()), $"kill at call {at} of {points}");
    }

    [Theory]
    [InlineData(FileFault.NoSpace, false)]
    [InlineData(FileFault.NoSpace, true)]
    [InlineData(FileFault.Other, false)]
    [InlineData(FileFault.ReadOnly, true)]
    public void A_disk_that_is_full_or_broken_at_any_call_fails_clearly_and_loses_nothing(object fault, bool forGood)
    {
        var points = Run(new SharingHome("beta")).Files.Steps;
        for (var at = 1; at <= points; at++)
        {
            var (alpha, beta) = (new SharingHome("alpha"), new SharingHome("beta"));
            (beta.Files.Fault, beta.Files.FailAt, beta.Files.FailsForGood) = ((FileFault)fault, at, forGood);
            var done = "";
            foreach (var (change, name) in Steps)
            {
                change(alpha);
                try
                {
                    beta.TakeFrom(alpha);
                    done = name;
                }
                catch (SeshException e)
                {
                    Assert.Equal((FileFault)fault switch { FileFault.NoSpace => "disk-full", FileFault.ReadOnly => "home-unwritable", _ => "io-error" }, e.Code);
                }
            }

            beta.Files = beta.Files.AfterKill();
            Check((alpha, beta, done), $"{fault} at call {at} of {points}, for good: {forGood}");
        }
    }

    private static SharingHome Run(SharingHome beta)
    {
        var alpha = new SharingHome("alpha");
        foreach (var (change, name) in Steps)
        {
            change(alpha);
            beta.TakeFrom(alpha);
            Assert.Equal(name, beta.NameOf(First));
        }

        return beta;
    }

    private static (SharingHome Alpha, SharingHome Beta, string Done) Crashed(int at, Func<MemoryFiles, MemoryFiles> after)
    {
        var (alpha, beta) = (new SharingHome("alpha"), new SharingHome("beta"));
        beta.Files.CrashAt = at;
        var done = "";
        foreach (var (change, name) in Steps)
        {
            change(alpha);
            try
            {
                beta.TakeFrom(alpha);
                done = name;
            }
            catch (PowerCutException)
            {
                beta.Files = after(beta.Files);
            }
        }

        return (alpha, beta, done);
    }

    private static void Check((SharingHome Alpha, SharingHome Beta, string Done) homes, string where)
    {
        var (alpha, beta, done) = homes;
        List<string> names = ["", "one", "two", .. Enumerable.Range(0, 9).Select(i => $"three{i}"), "four", "five"];
        var shown = beta.NameOf(First) ?? "";
        Assert.True(names.IndexOf(shown) >= names.IndexOf(done), $"{where}: shows '{shown}', and '{done}' was acknowledged");
        Assert.All(beta.TakeFrom(alpha), r => Assert.NotEqual(Outcome.Refused, r.Outcome));
        Assert.True(beta.NameOf(First) == "five", $"{where}: shows '{beta.NameOf(First)}' after the next exchange");
        Assert.True(alpha.State().Documents.SequenceEqual(beta.State().Documents), where);
        Assert.All(beta.Store.Verify(), r => Assert.True(r.Notices.All(n => n.Code is not ("damaged" or "torn-tail")), where));

        // It can be handed on.
        var gamma = new SharingHome("gamma");
        gamma.TakeFrom(beta);
        Assert.True(gamma.NameOf(First) == "five", $"{where}: cannot be handed on");
    }
}
