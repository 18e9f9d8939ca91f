using System.Text.Json;
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

    [Theory]
    [InlineData("drive", "login", "it may drive here over its own link, which is open, as its login may anyway")]
    [InlineData("read", "authorized_keys", "it may read here over its own link, which is open, by its line of authorized_keys", "--peer", "beta", "--allow", "read")]
    public async Task Who_only_dials_in_is_tested_over_its_own_link(string mayHere, string by, string said, params string[] words)
    {
        _alpha.Run("peer", "add", "beta").Succeeds();
        var away = _alpha.Run("peer", "test", "beta").Fails(1);
        Assert.Contains("no link of its is open", away, StringComparison.Ordinal);
        Assert.Contains("have it dial: \"sesh daemon start\" on beta", away, StringComparison.Ordinal);
        await using var link = await ServeProcess.Start(_alpha, words).OpenAsync(requests: new Recorded(0, "[]\n"), allow: Grant.Read);
        Until.True("the link is offered", () => File.Exists(Socket));

        var lines = _alpha.Run("peer", "test", "beta").Succeeds().Split('\n');
        Assert.Equal(["borrow", "hello", "round"], lines[..^1].Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.Matches(@"^ok  hello +beta, sesh 0\.0\.1, protocol 1, as it said when the link was opened$", lines[1]);
        Assert.Matches(@"^ok  round trip +\d+\.\d ms$", lines[2]);
        Assert.Equal($"ok: beta lets this machine read; {said}", lines[^1]);
        var json = JsonDocument.Parse(_alpha.Run("peer", "test", "beta", "--json").Succeeds()).RootElement;
        Assert.Equal(("0.0.1", 1, "read"), (json.GetProperty("version").GetString(), json.GetProperty("protocol").GetInt32(), json.GetProperty("granted").GetString()));
        Assert.InRange(json.GetProperty("roundTripMs").GetInt64(), 1, 10_000);
        Assert.Equal((mayHere, by), (json.GetProperty("mayHere").GetString(), json.GetProperty("mayHereBy").GetString()));

        Assert.Equal(mayHere, _alpha.Run("peer").Succeeds().Split('\t')[3]);
        var row = JsonDocument.Parse(_alpha.Run("peer", "--json").Succeeds()).RootElement[0];
        Assert.Equal(("sync", mayHere, by), (row.GetProperty("allow").GetString(), row.GetProperty("mayHere").GetString(), row.GetProperty("mayHereBy").GetString()));
        var doctor = _alpha.Run("doctor").Output;
        Assert.Matches($@"(?m)^ok\s+beta\s+dials in, and its link is open, \d+ ms away; lets this machine read, may {mayHere} here, ", doctor);
        Assert.Matches(@"(?m)^warn\s+beta\s+runs sesh 0\.0\.1, this machine", doctor);
    }

    [Fact]
    public async Task Where_both_dial_each_other_the_grant_in_force_is_shown_and_doctor_warns_where_the_two_differ()
    {
        var key = SshKey.Make(Path.Join(_beta.Root, "key"));
        _alpha.Run("peer", "add", "beta", "beta.invalid", "--no-connect", "--transport", "sshnet").Succeeds();
        _alpha.Run("peer", "authorize", key.Path + ".pub", "--allow", "sync", "--name", "beta").Succeeds();
        Assert.DoesNotContain("of two links one stays", _alpha.Run("doctor").Output, StringComparison.Ordinal);
        _alpha.Run("peer", "authorize", key.Path + ".pub", "--allow", "drive", "--name", "beta").Succeeds();
        var doctor = _alpha.Run("doctor").Output;
        Assert.Matches(@"(?m)^warn\s+beta\s+may sync here over links that this machine dials \(peers.json\), and drive over those that it dials \(.*authorized_keys:1\)", doctor);
        Assert.Contains("sesh peer add beta --allow drive", doctor, StringComparison.Ordinal);

        Assert.Equal("sync", _alpha.Run("peer").Succeeds().Split('\t')[3]);
        var link = await ServeProcess.Start(_alpha, "--peer", "beta", "--allow", "drive").OpenAsync();
        Until.True("it is listed with the grant of its own link", () => _alpha.Run("peer").Succeeds().Split('\t')[3] == "drive");
        await link.DisposeAsync();
        Until.True("and again with that of the entry", () => _alpha.Run("peer").Succeeds().Split('\t')[3] == "sync");
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
