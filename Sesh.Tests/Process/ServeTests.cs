using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>What <c>sesh serve</c> lets the machine at the other end do, and what it does not.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly BuiltSesh _alpha = new();

    public void Dispose() => _alpha.Dispose();

    [Fact]
    public async Task A_request_is_run_by_the_owners_own_program_and_comes_back_as_it_was()
    {
        var uuid = Adopt();
        await using var link = await ServeProcess.Start(_alpha).OpenAsync();
        Assert.Equal(("alpha", Grant.Drive, true), (link.Peer.Machine.Text, link.Peer.Allow, link.Peer.Stays));
        Assert.Equal(new Answer(0, _alpha.Run("tail", uuid, "-n", "1").Succeeds() + "\n", ""), await Answer.Of(link, "tail", uuid, "-n", "1"));
        var wrong = await Answer.Of(link, "tail", uuid, "-n", "few");
        Assert.Equal((2, ""), (wrong.Status, wrong.Output));
        Assert.StartsWith("sesh: -n takes a whole number", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_grant_holds_what_it_says_and_what_is_refused_has_a_reason()
    {
        var uuid = Adopt();
        await using (var link = await ServeProcess.Start(_alpha, "--peer", "beta").OpenAsync())
        {
            Assert.Equal(0, (await Answer.Of(link, "state", uuid)).Status);
            var refused = await Assert.ThrowsAsync<SeshException>(() => Answer.Of(link, "tail", uuid));
            Assert.Equal(("not-allowed", "beta may sync on alpha, and tail needs read"), (refused.Code, refused.Message));
        }

        await using (var link = await ServeProcess.Start(_alpha, "--peer", "beta", "--allow", "read").OpenAsync())
        {
            Assert.Equal(0, (await Answer.Of(link, "tail", uuid)).Status);
            var refused = await Assert.ThrowsAsync<SeshException>(() => Answer.Of(link, "new", "--agent", "claude"));
            Assert.Equal(("not-allowed", "beta may read on alpha, and new needs drive"), (refused.Code, refused.Message));
        }

        await using (var link = await ServeProcess.Start(_alpha, "--peer", "beta", "--allow", "drive").OpenAsync())
        {
            Assert.Equal(0, (await Answer.Of(link, "new", "--agent", "claude", "--no-launch", "--name", "from beta")).Status);
            foreach (var verb in (string[])["rename", "delete", "private", "gc", "serve", "init", "undo"])
                Assert.Equal("not-allowed", (await Assert.ThrowsAsync<SeshException>(() => Answer.Of(link, verb, uuid))).Code);
            Assert.Equal("unknown-verb", (await Assert.ThrowsAsync<SeshException>(() => Answer.Of(link, "fly", uuid))).Code);
        }

        Assert.Contains("\"from beta\"", _alpha.Run("list", "--json").Succeeds(), StringComparison.Ordinal);
        var log = File.ReadAllText(Path.Combine(_alpha.Home, "serve.log"));
        Assert.Contains("beta → alpha: tail: beta may sync on alpha", log, StringComparison.Ordinal);
        Assert.DoesNotContain("from beta", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--home", "/tmp/elsewhere")]
    [InlineData("--home=/tmp/elsewhere")]
    [InlineData("--socket=/tmp/elsewhere")]
    [InlineData("--jq", "input")]
    [InlineData("--machine", "gamma")]
    [InlineData("--color=always")]
    [InlineData("--wait")]
    [InlineData("--help")]
    public async Task Options_that_reach_beyond_the_answer_are_refused(params string[] words)
    {
        var uuid = Adopt();
        await using var link = await ServeProcess.Start(_alpha).OpenAsync();
        foreach (IEnumerable<string> order in (IEnumerable<string>[])[[.. words, uuid], [uuid, .. words]])
            Assert.Equal("not-allowed", (await Assert.ThrowsAsync<SeshException>(() => Answer.Of(link, "tail", order))).Code);
        Assert.Equal("not-allowed", (await Assert.ThrowsAsync<SeshException>(() => Answer.Of(link, "doctor", "--repair", "--yes"))).Code);
    }

    [Theory]
    [InlineData("$(touch made)")]
    [InlineData("`touch made`")]
    [InlineData("x; touch made")]
    [InlineData("x\ntouch made")]
    [InlineData("../../etc/passwd")]
    [InlineData("-oProxyCommand=touch made")]
    [InlineData("@made")]
    public async Task Words_arrive_as_data(string word)
    {
        Adopt();
        await using var link = await ServeProcess.Start(_alpha).OpenAsync();
        var answer = await Answer.Of(link, "state", "--", word);
        Assert.Equal(1, answer.Status);
        Assert.Contains("no session matches", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\ntouch", answer.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_alpha.Root, "made*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_private_session_does_not_exist_for_others()
    {
        var uuid = _alpha.Run("new", "--agent", "claude", "--no-launch", "--private").Succeeds();
        await using var link = await ServeProcess.Start(_alpha).OpenAsync();
        var answer = await Answer.Of(link, "state", uuid);
        Assert.Equal(1, answer.Status);
        Assert.Contains("no session matches", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_long_as_a_link_stays_the_states_told_over_it_are_looked_at_anew()
    {
        Adopt();
        var live = new LiveStore(new StoreOptions(_alpha.Home, MachineName.Parse("alpha"), TimeProvider.System));
        await using var link = await ServeProcess.Start(_alpha).OpenAsync();
        var first = live.LastWalk;
        Assert.InRange(first, 1, long.MaxValue);
        Until.True("it looked again", () => live.LastWalk > first, 40);
    }

    [Fact]
    public async Task A_follower_that_is_cancelled_or_whose_link_is_lost_leaves_no_process()
    {
        var uuid = Adopt();
        var serve = ServeProcess.Start(_alpha);
        var link = await serve.OpenAsync();
        using var enough = new CancellationTokenSource();
        var first = Follow(link, uuid, enough.Token, out var heard);
        var second = Follow(link, uuid, CancellationToken.None, out var alsoHeard);
        await Task.WhenAll(heard, alsoHeard);
        Assert.Equal(3, _alpha.Strays().Count);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Until.True("one follower is left", () => _alpha.Strays().Count == 2);
        // Nothing of the serve process's own runs any more: the follower hears by itself that nobody reads it.
        serve.Kill();
        Assert.Equal("link-lost", (await Assert.ThrowsAsync<SeshException>(() => second)).Code);
        Until.True("none is left", () => _alpha.Strays().Count == 0);
        await link.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_up_nobody_and_takes_no_memory()
    {
        var uuid = Adopt();
        var path = Directory.EnumerateFiles(_alpha.UserHome, uuid + ".jsonl", SearchOption.AllDirectories).Single();
        var line = File.ReadLines(path).First();
        using (var file = new StreamWriter(path, append: true))
        {
            for (var i = 0; i < 100_000; i++)
                await file.WriteLineAsync(line);
        }

        var serve = ServeProcess.Start(_alpha);
        await using var link = await serve.OpenAsync();
        using var reader = new GatedStream();
        var reading = link.AskAsync(new Request { Verb = "transcript", Arguments = [uuid, "--raw"] }, new RequestStreams(Stream.Null, reader, Stream.Null), CancellationToken.None);
        await reader.Touched;
        Assert.Equal("idle\n", (await Answer.Of(link, "state", uuid)).Output);
        Assert.False(reading.IsCompleted);
        Assert.InRange(Resident(serve.Id), 1, 300 << 10);
        reader.Open();
        Assert.Equal(0, await reading);
        Assert.Equal(new FileInfo(path).Length, reader.Count);
    }

    [Fact]
    public async Task Only_the_machine_named_is_served()
    {
        Adopt();
        var serve = ServeProcess.Start(_alpha, "--peer", "gamma");
        // Both say hello at once: the refusal follows.
        await using var link = await serve.OpenAsync();
        Assert.Contains("beta, where gamma was expected", await link.Ended ?? "", StringComparison.Ordinal);
        Assert.Contains("beta, where gamma was expected", await serve.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_speaks_no_sesh_gets_one_line_and_a_home_without_a_name_too()
    {
        Adopt();
        var run = _alpha.RunWith("GET / HTTP/1.0\r\n\r\n", "serve");
        Assert.Single(run.Fails(1).Split('\n'));
        _alpha.Environment.Remove("SESH_MACHINE");
        _alpha.Environment["SESH_HOME"] = Path.Combine(_alpha.Root, "new");
        Assert.Contains("sesh init", _alpha.Run("serve").Fails(1), StringComparison.Ordinal);
        Assert.Contains("not with a terminal", _alpha.Shell("script -qec 'sesh serve' /dev/null").Output, StringComparison.Ordinal);
    }

    private static Task<int> Follow(Link link, string uuid, CancellationToken cancel, out Task heard)
    {
        var output = new GatedStream();
        output.Open();
        heard = output.Touched;
        return link.AskAsync(new Request { Verb = "tail", Arguments = [uuid, "-f"] }, new RequestStreams(Stream.Null, output, Stream.Null), cancel);
    }

    private static long Resident(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture);

    private string Adopt()
    {
        var uuid = Transcripts.Claude(_alpha, "hello there");
        _alpha.Run("adopt").Succeeds();
        return uuid;
    }
}
