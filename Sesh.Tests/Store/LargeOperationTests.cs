using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store;

/// <summary>One operation about very many sessions, as adopt writes: nothing asked of it may cost more than in proportion.</summary>
public sealed class LargeOperationTests(ITestOutputHelper output)
{
    [Fact]
    public void An_adoption_of_ten_thousand_sessions_is_undone_and_redone_at_a_cost_in_proportion()
    {
        using var home = new StoreHome();
        var sessions = Enumerable.Range(0, 10_000).Select(_ => SessionId.New()).ToArray();
        home.Store("alpha").Write(_ => new Draft(
            "adopt",
            [],
            [.. sessions.SelectMany((s, i) => StoreHome.Birth(s, "alpha", $"session {i}").Changes.Append(new Change(new Register(s, Field.Tag, "t"), Value.True)))]));
        Assert.Equal(sessions.Length, home.Store("alpha").Read().Count);
        var (undo, undone) = Timed("undo", () => home.Store("alpha").Undo(null, force: false));
        Assert.Equal(7 * sessions.Length, undo.Reversed.Count);
        var (left, _) = Timed("read", () => home.Store("alpha").Read().Records().Count());
        Assert.Equal(0, left);
        var (redo, redone) = Timed("redo", () => home.Store("alpha").Undo(undo.Written!.Operation.ToString(), force: false));
        Assert.Equal(7 * sessions.Length, redo.Reversed.Count);
        var (back, _) = Timed("read", () => home.Store("alpha").Read().Records().Count());
        Assert.Equal(sessions.Length, back);
        // Looking through all entries for each takes ten times as long and more.
        Assert.True(redone < 5 * undone, $"undo took {undone}, redo {redone}");
    }

    private (T Done, TimeSpan Cpu) Timed<T>(string what, Func<T> act)
    {
        var before = Environment.CpuUsage.TotalTime;
        var done = act();
        var cpu = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{what}: CPU {cpu.TotalMilliseconds:f0} ms");
        return (done, cpu);
    }
}
