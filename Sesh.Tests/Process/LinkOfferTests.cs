using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>A machine that only dials in is asked over its own link.</summary>
public sealed class LinkOfferTests : IDisposable
{
    private readonly BuiltSesh _alpha = new();
    private readonly BuiltSesh _beta = new("beta");
    private readonly string _uuid;

    public LinkOfferTests()
    {
        _uuid = Transcripts.Claude(_beta, "hello there");
        _beta.Run("adopt").Succeeds();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_beta.Home, "docs")))
            File.Copy(file, Path.Combine(Directory.CreateDirectory(Path.Combine(_alpha.Home, "docs")).FullName, Path.GetFileName(file)));
        _alpha.Register("own");
    }

    private string Socket => Path.Combine(_alpha.Home, "links", "beta.sock");

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Fact]
    public async Task Commands_of_the_dialled_machine_ask_back_over_the_link()
    {
        Assert.Contains("it is no peer of this machine", _alpha.Run("tail", _uuid).Fails(1), StringComparison.Ordinal);
        var beta = new Recorded(0, "said by beta\n");
        var link = await ServeProcess.Start(_alpha).OpenAsync(requests: beta);
        Until.True("the link is offered", () => File.Exists(Socket));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));
        Assert.Equal("said by beta", _alpha.Run("tail", _uuid[..8], "-n", "3").Succeeds());
        var (request, origin) = Assert.Single(beta.Requests);
        Assert.Equal(("tail", "beta", "alpha"), (request.Verb, request.Target, origin.Machine));
        Assert.Equal([_uuid, "-n", "3"], request.Arguments);
        await link.DisposeAsync();
        Until.True("it is offered no more", () => !File.Exists(Socket));
        Assert.Empty(_alpha.Strays());
    }

    [Fact]
    public async Task What_a_killed_process_left_behind_is_replaced()
    {
        var killed = ServeProcess.Start(_alpha);
        await using var lost = await killed.OpenAsync(requests: new Recorded(0, "first\n"));
        Until.True("the link is offered", () => File.Exists(Socket));
        killed.Kill();
        await lost.Ended;
        Assert.True(File.Exists(Socket));
        Assert.Contains("cannot be reached", _alpha.Run("tail", _uuid).Fails(1), StringComparison.Ordinal);
        await using var link = await ServeProcess.Start(_alpha).OpenAsync(requests: new Recorded(0, "second\n"));
        Until.True("the second answers", () => _alpha.Run("tail", _uuid).Output == "second\n");
    }

    [Fact]
    public async Task Of_two_links_the_second_is_offered_when_the_first_ends()
    {
        var first = await ServeProcess.Start(_alpha).OpenAsync(requests: new Recorded(0, "first\n"));
        Until.True("the link is offered", () => File.Exists(Socket));
        await using var second = await ServeProcess.Start(_alpha).OpenAsync(requests: new Recorded(0, "second\n"));
        Assert.Equal("first\n", _alpha.Run("tail", _uuid).Output);
        await first.DisposeAsync();
        Until.True("the second answers", () => _alpha.Run("tail", _uuid).Output == "second\n");
    }

    [Fact]
    public async Task The_link_of_a_command_that_soon_goes_is_not_offered()
    {
        var offered = Path.Combine(_alpha.Home, "links");
        await using (var link = await ServeProcess.Start(_alpha).OpenAsync(stays: false))
            Assert.Equal(0, (await Answer.Of(link, "doctor", "--json")).Status is 0 or 1 ? 0 : 1);
        Assert.False(Directory.Exists(offered));
    }

    [Fact]
    public async Task A_home_too_deep_for_a_socket_serves_all_the_same()
    {
        var deep = Path.Combine(_alpha.Root, new string('d', 100));
        Directory.Move(_alpha.Home, deep);
        _alpha.Environment["SESH_HOME"] = deep;
        await using var link = await ServeProcess.Start(_alpha).OpenAsync();
        Assert.Equal(0, (await Answer.Of(link, "walk", "--json")).Status);
        Until.True("it is said in the log", () => File.ReadAllText(Path.Combine(deep, "serve.log")).Contains("the path of a socket", StringComparison.Ordinal));
    }

    /// <summary>A machine that answers everything the same way.</summary>
    private sealed class Recorded(int status, string output) : IRequestHandler
    {
        public List<(Request Request, RequestOrigin Origin)> Requests { get; } = [];

        public async Task<int> HandleAsync(Request request, RequestOrigin origin, RequestStreams streams, CancellationToken cancel)
        {
            Requests.Add((request, origin));
            await streams.Output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(output), cancel);
            return status;
        }
    }
}
