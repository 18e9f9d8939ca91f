using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

/// <summary>A link of this machine's, lent to its other processes.</summary>
public sealed class OfferedLinkTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sesh-o-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Who_lives_on_it_hears_why_it_ended_and_of_which_machine_it_was()
    {
        var options = LinkPair.Options("desk", new MemorySharing());
        await using var pair = await LinkPair.OpenAsync(options, LinkPair.Options("laptop", new MemorySharing()));
        await using var offer = LinkOffer.Start(_home, pair.A, options);
        var socket = LinkOffer.SocketOf(_home, MachineName.Parse("laptop"));
        Until.True(() => File.Exists(socket), "it is offered");
        await using var lent = await Link.OpenAsync(
            (await LocalSocket.ConnectAsync(socket, default))!, options with { Sharing = NothingShared.Instance, Called = "laptop" }, default);
        await pair.B.FailAsync(new SeshException("stopped", "the lid was closed"));
        Assert.Equal("the lid was closed", await lent.Ended.WaitAsync(TimeSpan.FromSeconds(20)));
        var lost = await Assert.ThrowsAsync<SeshException>(() => lent.PingAsync(default));
        Assert.Equal("the link to laptop is lost: the lid was closed", lost.Message);
    }
}
