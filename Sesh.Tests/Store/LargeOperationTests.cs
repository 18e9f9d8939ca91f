using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store;

/// <summary>One operation about very many sessions, as adopt writes. What each step costs is printed, and judged by no test.</summary>
public sealed class LargeOperationTests(ITestOutputHelper output)
{
    [Fact]
    public void An_adoption_of_ten_thousand_sessions_is_undone_and_redone_whole()
    {
        using var home = new StoreHome();
        var sessions = Enumerable.Range(0, 10_000).Select(_ => SessionId.New()).ToArray();
        home.Store("alpha").Write(_ => new Draft(
            "adopt",
            [],
            [.. sessions.SelectMany((s, i) => StoreHome.Birth(s, "alpha", $"session {i}").Changes.Append(new Change(new Register(s, Field.Tag, "t"), Value.True)))]));
        Assert.Equal(sessions.Length, home.Store("alpha").Read().Count);
        var undo = Timed("undo", () => home.Store("alpha").Undo(null, force: false));
        Assert.Equal(7 * sessions.Length, undo.Reversed.Count);
        var left = Timed("read", () => home.Store("alpha").Read().Records().Count());
        Assert.Equal(0, left);
        var redo = Timed("redo", () => home.Store("alpha").Undo(undo.Written!.Operation.ToString(), force: false));
        Assert.Equal(7 * sessions.Length, redo.Reversed.Count);
        var back = Timed("read", () => home.Store("alpha").Read().Records().Count());
        Assert.Equal(sessions.Length, back);
    }

    private T Timed<T>(string what, Func<T> act)
    {
        var before = Environment.CpuUsage.TotalTime;
        var done = act();
        var cpu = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{what}: CPU {cpu.TotalMilliseconds:f0} ms");
        return done;
    }
}
