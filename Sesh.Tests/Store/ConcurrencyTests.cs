using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Store;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Many_writers_at_once_all_get_their_change_in_and_readers_see_no_half_of_one()
    {
        const int Writers = 8;
        const int Each = 12;
        using var home = new StoreHome();
        var session = home.Register("alpha", "start");
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var reads = 0;
            while (!done.IsCancellationRequested || reads == 0)
            {
                var snapshot = home.Store(null).Read();
                Assert.All(snapshot.Notices, n => Assert.True(n.Quiet, n.Message));
                var tags = snapshot.Find(session)!.Tags;
                // Each writer's operation sets two tags.
                Assert.Equal(tags.Count(t => t.StartsWith('a')), tags.Count(t => t.StartsWith('b')));
                reads++;
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var tag = $"{w}-{i}";
                home.Store("alpha").Write(_ => new("tag", [], [
                    new(new Register(session, Field.Tag, "a" + tag), Value.True), new(new Register(session, Field.Tag, "b" + tag), Value.True)]));
            }
        })));
        await done.CancelAsync();
        await reader;
        Assert.Equal(2 * Writers * Each, home.Store(null).Read().Find(session)!.Tags.Length);
        var report = Assert.Single(home.Store(null).Verify(), r => r.Ours);
        Assert.Equal(6 + 2 * Writers * Each, report.Seq);
        Assert.Single(Directory.EnumerateFiles(home.Own, "*.sesh"));
    }
}
