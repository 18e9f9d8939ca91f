using Sesh.Sync.Documents;
using Sesh.Sync.Wire;
using Sesh.Tests.Store;
using Sesh.Tests.Store.Sharing;
using Xunit;

namespace Sesh.Tests.Wire;

/// <summary>Twenty homes that only meet their neighbours, over real links: how many exchanges until all hold the same.</summary>
public sealed class TwentyMachinesTests(ITestOutputHelper output) : IDisposable
{
    private const int Count = 20;

    private readonly DiskHome[] _homes = [.. Enumerable.Range(0, Count).Select(i => new DiskHome($"m{i}"))];

    private int _exchanges;

    public void Dispose() => Array.ForEach(_homes, h => h.Dispose());

    [Theory]
    [InlineData("chain")]
    [InlineData("star")]
    [InlineData("ring")]
    public async Task Once_along_all_links_and_back_everybody_holds_everything(string shape)
    {
        var links = Links(shape);
        var sessions = Born();

        foreach (var (a, b) in links)
            await ExchangeAsync(a, b);
        foreach (var (a, b) in links.Take(links.Count - 1).Reverse())
            await ExchangeAsync(a, b);

        Assert.True(AreEqual, "all hold the same");
        Assert.All(_homes, h => Assert.Equal(Count, h.Store.Read().Count));
        Assert.All(_homes, h => Assert.Equal("m7's", NameAt(h, sessions[7])));
        output.WriteLine($"{shape}: {_exchanges} exchanges along and back");
        Assert.InRange(_exchanges, 1, (2 * links.Count) - 1);
    }

    /// <summary>In a round each link is used once; so news goes at least one link further in each.</summary>
    [Theory]
    [InlineData("chain", 19)]
    [InlineData("star", 2)]
    [InlineData("ring", 10)]
    public async Task In_any_order_it_takes_no_more_rounds_than_links_between_the_farthest_two(string shape, int farthest)
    {
        var links = Links(shape);
        var sessions = Born();
        var luck = new Random(11);
        var rounds = 0;
        for (; !AreEqual; rounds++)
        {
            Assert.True(rounds < farthest, $"not after {rounds} rounds");
            foreach (var (a, b) in links.OrderBy(_ => luck.Next()).ToList())
                await ExchangeAsync(a, b);
        }

        output.WriteLine($"{shape}: {rounds} rounds, {_exchanges} exchanges in any order");
        _homes[19].Store.Write(_ => StoreHome.Rename(sessions[0], "by the last"));
        var one = 0;
        for (; !AreEqual; one++)
        {
            Assert.True(one < farthest, $"one change not after {one} rounds");
            foreach (var (a, b) in links.OrderBy(_ => luck.Next()).ToList())
                await ExchangeAsync(a, b);
        }

        output.WriteLine($"{shape}: {one} rounds for one change more");
        Assert.All(_homes, h => Assert.Equal("by the last", NameAt(h, sessions[0])));
    }

    private bool AreEqual => _homes.All(h => h.Sharing.State().Documents.SequenceEqual(_homes[0].Sharing.State().Documents));

    private static string? NameAt(DiskHome home, SessionId session) => home.Store.Read().Find(session)?.Name;

    private SessionId[] Born() => [.. _homes.Select(h => h.Register($"{h.Machine}'s"))];

    private static List<(int A, int B)> Links(string shape) => shape switch
    {
        "star" => [.. Enumerable.Range(1, Count - 1).Select(i => (0, i))],
        "ring" => [.. Enumerable.Range(0, Count).Select(i => (i, (i + 1) % Count))],
        _ => [.. Enumerable.Range(0, Count - 1).Select(i => (i, i + 1))],
    };

    private async Task ExchangeAsync(int a, int b)
    {
        _exchanges++;
        await using var pair = await LinkPair.OpenAsync(Options(_homes[a]), Options(_homes[b]));
        var (report, _) = await pair.SyncAsync();
        Assert.Empty(report.Refused);
    }

    private static LinkOptions Options(DiskHome home) => new()
    {
        Machine = MachineName.Parse(home.Machine),
        Replica = home.Sharing.State().Documents.FirstOrDefault().Replica,
        Version = "0.1.0",
        Sharing = home.Sharing,
    };
}
