using System.Text;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

public sealed class HelloTests
{
    private static LinkOptions Desk => LinkPair.Options("desk", new MemorySharing());

    private static LinkOptions Laptop => LinkPair.Options("laptop", new MemorySharing());

    private static Task<SeshException> RefusedAsync(PipeConnection at, LinkOptions options) =>
        Assert.ThrowsAsync<SeshException>(() => Link.OpenAsync(at, options, CancellationToken.None));

    [Fact]
    public async Task Each_learns_who_the_other_is()
    {
        await using var pair = await LinkPair.OpenAsync(Desk with { Expected = MachineName.Parse("laptop") }, Laptop with { Allow = Grant.Sync, Version = "0.2.0" });
        Assert.Equal(("laptop", "0.2.0", 1, Grant.Sync), (pair.A.Peer.Machine.Text, pair.A.Peer.Version, pair.A.Peer.Protocol, pair.A.Peer.Allow));
        Assert.Equal(MemorySharing.Replica('d'), pair.B.Peer.Replica);
        Assert.InRange(pair.B.Peer.ClockMs, DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("Welcome to laptop!\r\nYou have mail.\n")]
    [InlineData("\0ses\0sesh\0\u0001")]
    public async Task What_a_remote_shell_prints_first_is_skipped(string noise)
    {
        await using var pair = await LinkPair.OpenAsync(Desk, Laptop, (_, atB) => atB.Output.Write(Encoding.UTF8.GetBytes(noise)));
        await pair.SyncAsync();
    }

    [Fact]
    public async Task Noise_may_be_long_but_not_without_end()
    {
        await using (var pair = await LinkPair.OpenAsync(Desk, Laptop, (_, atB) => atB.Output.Write(new byte[60_000])))
            await pair.SyncAsync();

        var (atA, atB) = PipeConnection.Pair();
        var flood = Task.Run(async () =>
        {
            while (true)
                await atB.Output.WriteAsync("motd \u001b[31m"u8.ToArray());
        });
        var error = await RefusedAsync(atA, Desk);
        Assert.Equal("not-sesh", error.Code);
        Assert.Contains("motd ␛[31m", error.Message);
        await Assert.ThrowsAsync<IOException>(() => flood);
    }

    [Fact]
    public async Task Somebody_else_who_answers_is_shown_with_what_he_says()
    {
        var (atA, atB) = PipeConnection.Pair();
        await atB.Output.WriteAsync("bash: line 1: sesh: command not found\n"u8.ToArray());
        atB.Cut("exit status 127");
        var error = await RefusedAsync(atA, Desk);
        Assert.Equal("not-sesh", error.Code);
        Assert.Contains("command not found", error.Message);
        Assert.Contains("exit status 127", error.Message);
    }

    [Fact]
    public async Task Silence_is_given_up_after_a_while_also_where_a_read_hears_nothing_of_it()
    {
        var time = new ManualTime();
        var (atA, _) = PipeConnection.Pair(time);
        var opening = Link.OpenAsync(atA, Desk with { Time = time }, CancellationToken.None);
        Until.True(() => time.Waiting > 0, "the time-out");
        time.Pass(TimeSpan.FromSeconds(4));
        Assert.False(opening.IsCompleted);
        time.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal("silent", (await Assert.ThrowsAsync<SeshException>(() => opening)).Code);
    }

    [Fact]
    public async Task Who_reads_its_home_for_long_behind_the_preamble_is_waited_for_as_for_any_silence()
    {
        var time = new ManualTime();
        var (atA, atB) = PipeConnection.Pair(time);
        await atB.Output.WriteAsync(FrameReader.Magic.ToArray());
        var opening = Link.OpenAsync(atA, Desk with { Time = time }, CancellationToken.None);
        Until.True(() => time.Next > TimeSpan.FromSeconds(10), "the longer time-out");
        time.Pass(TimeSpan.FromSeconds(44));
        Assert.False(opening.IsCompleted);
        time.Pass(TimeSpan.FromSeconds(3));
        var error = await Assert.ThrowsAsync<SeshException>(() => opening);
        Assert.Equal("silent", error.Code);
        Assert.Contains("within 45 s", error.Message);
    }

    [Fact]
    public async Task Cancelling_ends_the_greeting()
    {
        var (atA, atB) = PipeConnection.Pair();
        using var stop = new CancellationTokenSource();
        var opening = Link.OpenAsync(atA, Desk, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.True(atB.Ended.IsCompleted);
    }

    [Fact]
    public async Task Another_name_than_the_entrys_is_refused_and_told()
    {
        var (atA, atB) = PipeConnection.Pair(here: "desk", there: "ssh desktop2");
        var (a, b) = (RefusedAsync(atA, Desk with { Expected = MachineName.Parse("desktop2") }), Link.OpenAsync(atB, Laptop, CancellationToken.None));
        var error = await a;
        Assert.Equal("wrong-machine", error.Code);
        Assert.Contains("ssh desktop2 calls itself laptop, where desktop2 was expected", error.Message);
        await using var link = await b;
        Assert.Contains("where desktop2 was expected", await link.Ended);
        var lost = await Assert.ThrowsAsync<SeshException>(() => link.SyncAsync(default));
        Assert.Contains("where desktop2 was expected", lost.Message);
    }

    [Fact]
    public async Task Who_allows_nothing_says_so()
    {
        var (atA, atB) = PipeConnection.Pair();
        var (a, b) = (RefusedAsync(atA, Desk), RefusedAsync(atB, Laptop with { Allow = Grant.None }));
        Assert.Equal("not-allowed", (await b).Code);
        var error = await a;
        Assert.Equal("refused", error.Code);
        Assert.Contains("laptop allows this login nothing", error.Message);
    }

    [Fact]
    public async Task No_common_protocol_names_both()
    {
        var (atA, atB) = PipeConnection.Pair();
        var (a, b) = (RefusedAsync(atA, Desk with { Protocols = new(3, 5) }), RefusedAsync(atB, Laptop));
        foreach (var error in new[] { await a, await b })
        {
            Assert.Equal("protocol", error.Code);
            Assert.Contains("3 to 5", error.Message);
            Assert.Contains("protocol 1", error.Message.Replace("speaks 1", "protocol 1"));
        }
    }

    [Fact]
    public async Task The_highest_common_protocol_is_spoken()
    {
        await using var pair = await LinkPair.OpenAsync(Desk with { Protocols = new(1, 9) }, Laptop with { Protocols = new(0, 4) });
        Assert.Equal((4, 4), (pair.A.Peer.Protocol, pair.B.Peer.Protocol));
    }
}
