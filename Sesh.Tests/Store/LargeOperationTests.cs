using System.Diagnostics;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store;

/// <summary>One operation about very many sessions, as adopt writes: nothing asked of it may cost more than in proportion.</summary>
public sealed class LargeOperationTests(ITestOutputHelper output)
{
    [Fact]
    public void An_adoption_of_ten_thousand_sessions_is_undone_redone_and_read()
    {
        using var home = new StoreHome();
        var sessions = Enumerable.Range(0, 10_000).Select(_ => SessionId.New()).ToArray();
        T Timed<T>(string what, Func<T> act)
        {
            var clock = Stopwatch.StartNew();
            var before = Environment.CpuUsage.TotalTime;
            var done = act();
            output.WriteLine($"{what}: {clock.ElapsedMilliseconds} ms, CPU {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds:f0} ms");
            return done;
        }

        Timed("adopt", () => home.Store("alpha").Write(_ => new Draft(
            "adopt", [], [.. sessions.SelectMany((s, i) => StoreHome.Birth(s, "alpha", $"session {i}").Changes.Append(new Change(new Register(s, Field.Tag, "t"), Value.True)))])));
        Assert.Equal(10_000, Timed("read", () => home.Store("alpha").Read().Records().Count()));
        Assert.Equal(10_000, Timed("read again", () => home.Store("alpha").Read().Records().Count()));
        var undo = Timed("undo", () => home.Store("alpha").Undo(null, force: false));
        Assert.Equal(70_000, undo.Reversed.Count);
        Assert.Equal(0, Timed("read", () => home.Store("alpha").Read().Count));
        Assert.Empty(Timed("read again", () => home.Store("alpha").Read().Records().ToList()));
        Timed("rename", () => home.Store("alpha").Write(_ => StoreHome.Rename(sessions[0], "x")));
        Timed("undo rename", () => home.Store("alpha").Undo(null, force: false));
        var redo = Timed("redo", () => home.Store("alpha").Undo(undo.Written!.Operation.ToString(), force: false));
        Assert.Equal(10_000, Timed("read", () => home.Store("alpha").Read().Records().Count()));
        Timed("undo the redo", () => home.Store("alpha").Undo(redo.Written!.Operation.ToString(), force: false));
        Timed("log", () => home.Store("alpha").Log(10));
        Timed("history", () => home.Store("alpha").History(sessions[5]));
        Timed("verify", () => home.Store("alpha").Verify());
        Timed("compact", () => home.Store("alpha").Compact());
        Timed("read", () => home.Store("alpha").Read().Count);
        Assert.Equal(0, Timed("read again", () => home.Store("alpha").Read().Count));
    }
}
