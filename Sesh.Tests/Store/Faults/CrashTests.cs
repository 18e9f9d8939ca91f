using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Xunit;

namespace Sesh.Tests.Store.Faults;

/// <summary>R2: a crash between any two file system calls, with short and torn writes.</summary>
public sealed class CrashTests
{
    private const string Home = "/home";
    private static readonly SetClock Clock = new();

    [Fact]
    public void After_a_power_cut_at_any_call_everything_acknowledged_is_there_and_writing_goes_on()
    {
        var points = Whole().Files.Steps;
        Assert.True(points > 50, $"only {points} calls to crash at");
        for (var at = 1; at <= points; at++)
        {
            var crashed = Crashed(at);
            for (var seed = 0; seed < Scale.Of(6, 40); seed++)
            {
                var after = crashed.On(crashed.Files.AfterPowerCut(new Random(at * 1000 + seed)));
                Check(after, $"crash at call {at} of {points}, seed {seed}");
            }
        }
    }

    [Fact]
    public void After_a_kill_at_any_call_everything_acknowledged_is_there_and_writing_goes_on()
    {
        var points = Whole().Files.Steps;
        for (var at = 1; at <= points; at++)
        {
            var crashed = Crashed(at);
            Check(crashed.On(crashed.Files.AfterKill()), $"kill at call {at} of {points}");
        }
    }

    [Fact]
    public void A_second_crash_while_the_first_is_mended_loses_nothing_either()
    {
        var points = Whole().Files.Steps;
        for (var at = 1; at <= points; at += Scale.Of(3, 1))
        {
            var crashed = Crashed(at);
            var second = crashed.On(crashed.Files.AfterPowerCut(new Random(at)));
            for (var again = 1; again < 30; again++)
            {
                var mending = second.On(second.Files.AfterPowerCut(new Random(1)));
                mending.Files.CrashAt = again;
                var isThrough = true;
                try
                {
                    mending.Open().Write(_ => StoreHome.Rename(SessionId.Parse("33333333-3333-4333-8333-333333333333"), "other"));
                }
                catch (PowerCutException)
                {
                    isThrough = false;
                }

                Check(mending.On(mending.Files.AfterPowerCut(new Random(again))), $"crash at call {at}, then at {again}");
                if (isThrough)
                    break;
            }
        }
    }

    [Theory]
    [InlineData(FileFault.NoSpace, false)]
    [InlineData(FileFault.NoSpace, true)]
    [InlineData(FileFault.Other, false)]
    [InlineData(FileFault.Other, true)]
    [InlineData(FileFault.ReadOnly, true)]
    public void A_disk_that_is_full_or_broken_at_any_call_fails_clearly_and_changes_nothing(object fault, bool forGood)
    {
        var points = Whole().Files.Steps;
        for (var at = 1; at <= points; at++)
        {
            var script = Fresh();
            script.Files.Fault = (FileFault)fault;
            script.Files.FailAt = at;
            script.Files.FailsForGood = forGood;
            try
            {
                script.Run();
                // docs/ alone could not follow.
                Assert.Equal(Script.Steps.Count, script.Done);
            }
            catch (SeshException e)
            {
                Assert.Equal((FileFault)fault switch { FileFault.NoSpace => "disk-full", FileFault.ReadOnly => "home-unwritable", _ => "io-error" }, e.Code);
            }

            Check(script.On(script.Files.AfterKill()), $"{fault} at call {at} of {points}, for good: {forGood}");
        }
    }

    [Fact]
    public void A_power_cut_while_a_restored_home_takes_a_new_id_loses_neither_branch()
    {
        var peer = Whole();
        var own = peer.Files.List(Home + "/own").Single(n => n.Length == 37);
        var whole = peer.Files.Read($"{Home}/own/{own}");
        for (var at = 1; ; at++)
        {
            // own/ as it was before the last frame, and going on from there; docs/ as a copier brought it.
            var frames = Sesh.Sync.Store.Format.DocumentReader.Read(whole, null, prove: true)!;
            var files = peer.Files.AfterKill();
            files.Put($"{Home}/own/{own}", whole[..frames.FrameOffsets[^1]]);
            files.CrashAt = files.Steps + at;
            var script = new Script(files, Home, Clock);
            var isThrough = true;
            try
            {
                script.Open().Write(_ => StoreHome.Rename(Script.First, "other branch"));
            }
            catch (PowerCutException)
            {
                isThrough = false;
            }

            for (var seed = 0; seed < Scale.Of(3, 20); seed++)
            {
                var after = script.On(files.AfterPowerCut(new Random(seed)));
                if (!isThrough)
                    after.Open().Write(_ => StoreHome.Rename(Script.First, "other branch"));
                Assert.Equal("other branch", after.Open().Read().Find(Script.First)!.Name);
                Assert.Contains(after.Open().History(Script.First), h => h.Entry.Value.AsText() == "five");
                Assert.DoesNotContain(after.Open().Verify().SelectMany(r => r.Notices), n => n.Code is "forked" or "damaged");
            }

            if (isThrough)
                break;
        }
    }

    private static Script Fresh() => new(new MemoryFiles(), Home, Clock);

    private static Script Whole()
    {
        var script = Fresh();
        script.Run();
        Assert.Equal(("five", "h2"), script.Shown());
        return script;
    }

    private static Script Crashed(int at)
    {
        var script = Fresh();
        script.Files.CrashAt = at;
        Assert.Throws<PowerCutException>(script.Run);
        return script;
    }

    private static void Check(Script after, string where)
    {
        Assert.True(after.Allowed().Contains(after.Shown()), $"{where}: shows {after.Shown()}, allowed {string.Join(" or ", after.Allowed())}");
        var extra = SessionId.Parse("44444444-4444-4444-8444-444444444444");
        after.Open().Write(_ => StoreHome.Birth(extra, "alpha", "after"));
        Assert.True(after.Allowed().Contains(after.Shown()), $"{where}: shows {after.Shown()} after the next write");
        Assert.Equal("after", after.Open().Read().Find(extra)?.Name);
        Assert.All(after.Open().Verify().Where(r => r.Ours), r => Assert.DoesNotContain(r.Notices, n => n.Code is "damaged" or "forked"));
    }
}
