using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Verbs that run on a session's owner, over real ssh.</summary>
public sealed class AskingTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Theory]
    [InlineData("sshnet")]
    [InlineData("openssh")]
    public void A_transcript_is_read_where_it_lies(string transport)
    {
        _alpha.Dials(_beta, transport: transport);
        var uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        Assert.Equal(_beta.Sesh.Run("transcript", uuid).Succeeds(), _alpha.Sesh.Run("transcript", uuid).Succeeds());
        Assert.Equal(_beta.Sesh.Run("tail", uuid, "-n", "1", "--raw").Succeeds(), _alpha.Sesh.Run("tail", uuid[..8], "-n", "1", "--raw").Succeeds());
        Assert.Equal("idle", _alpha.Sesh.Run("state", uuid, "--jq", ".turnStatus").Succeeds());
    }

    [Fact]
    public void A_machine_that_is_off_is_named_with_what_was_tried_and_fails_at_once_the_second_time()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        _beta.Sshd.Stop();
        Assert.StartsWith("sesh: beta cannot be reached; never heard of; tried ssh beta (", _alpha.Sesh.Run("tail", uuid).Fails(1), StringComparison.Ordinal);
        Assert.Contains(" s ago", _alpha.Sesh.Run("tail", uuid).Fails(1), StringComparison.Ordinal);
        var json = _alpha.Sesh.Run("state", uuid, "--json");
        Assert.Contains("\"code\": \"unreachable\"", json.Output, StringComparison.Ordinal);
        // Listing it fails for nobody.
        Assert.Contains(uuid, _alpha.Sesh.Run("list", "--columns", "uuid,stale").Succeeds(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_waits_for_a_machine_gets_its_answer_when_it_is_there()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        _beta.Sshd.Stop();
        using var waiting = _alpha.Sesh.Start("state", uuid, "--wait");
        Assert.Contains("waiting for it", waiting.StandardError.ReadLine() ?? "", StringComparison.Ordinal);
        _beta.Sshd.Start();
        Assert.Equal("idle", waiting.StandardOutput.ReadToEnd().TrimEnd());
        Assert.True(waiting.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, waiting.ExitCode);
    }

    [Fact]
    public void What_a_person_must_mend_is_told_as_it_is_each_time()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        File.WriteAllText(_alpha.Ssh.KnownHosts, _alpha.Sshd.KnownHost().Replace($":{_alpha.Sshd.Port}", $":{_beta.Sshd.Port}", StringComparison.Ordinal) + "\n");
        for (var i = 0; i < 2; i++)
            Assert.Contains("\"code\": \"host-key-changed\"", _alpha.Sesh.Run("state", uuid, "--json").Output, StringComparison.Ordinal);
        File.WriteAllText(_alpha.Ssh.KnownHosts, _beta.Sshd.KnownHost() + "\n");
        File.WriteAllText(_beta.Sshd.Authorized, "");
        for (var i = 0; i < 2; i++)
            Assert.Contains("\"code\": \"login-refused\"", _alpha.Sesh.Run("state", uuid, "--json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_ends_by_ctrl_c()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        _beta.Sshd.Stop();
        using var waiting = _alpha.Sesh.Start("state", uuid, "--wait");
        Assert.Contains("waiting for it", waiting.StandardError.ReadLine() ?? "", StringComparison.Ordinal);
        Signal.Send(waiting.Id, Signal.Interrupt);
        Assert.True(waiting.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal(130, waiting.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_follower_goes_on_after_lost_connections_and_repeats_and_loses_nothing(bool raw)
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("begin");
        _alpha.Takes(_beta);
        var path = Directory.EnumerateFiles(_beta.Sesh.UserHome, uuid + ".jsonl", SearchOption.AllDirectories).Single();
        using var follower = _alpha.Sesh.Start(["tail", uuid, "-f", "-n", raw ? "2" : "20", .. raw ? (string[])["--raw"] : []]);
        var heard = new List<string?> { follower.StandardOutput.ReadLine(), follower.StandardOutput.ReadLine() };
        for (var i = 0; i < 3; i++)
        {
            Add(path, $"before {i}");
            heard.Add(follower.StandardOutput.ReadLine());
            _beta.Sshd.KillSessions();
            // While nobody is there to tell of it.
            Add(path, $"lost {i}");
            Assert.Contains("connecting again", follower.StandardError.ReadLine() ?? "", StringComparison.Ordinal);
            Add(path, $"found {i}");
            heard.Add(follower.StandardOutput.ReadLine());
            heard.Add(follower.StandardOutput.ReadLine());
        }

        Signal.Send(follower.Id, Signal.Interrupt);
        Assert.Equal("", follower.StandardOutput.ReadToEnd());
        follower.WaitForExit();
        Assert.Equal(130, follower.ExitCode);
        var all = raw ? File.ReadAllText(path) : _beta.Sesh.Run("transcript", uuid).Succeeds() + "\n";
        Assert.Equal(all, string.Join('\n', heard) + "\n");
        Until.True("nothing of it runs on the owner", () => _beta.Sesh.Strays().Count == 0);
    }

    [Fact]
    public void A_transcript_that_was_replaced_while_nobody_followed_is_told_and_begins_anew()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("begin");
        _alpha.Takes(_beta);
        var path = Directory.EnumerateFiles(_beta.Sesh.UserHome, uuid + ".jsonl", SearchOption.AllDirectories).Single();
        using var follower = _alpha.Sesh.Start("tail", uuid, "-f", "--raw", "-n", "1");
        Assert.NotNull(follower.StandardOutput.ReadLine());
        _beta.Sshd.KillSessions();
        File.WriteAllText(path, "{}\n");
        Assert.Contains("connecting again", follower.StandardError.ReadLine() ?? "", StringComparison.Ordinal);
        Assert.Contains("is another than before", follower.StandardError.ReadLine() ?? "", StringComparison.Ordinal);
        Assert.Equal("{}", follower.StandardOutput.ReadLine());
        follower.Kill();
        follower.WaitForExit();
        Until.True("nothing of it runs on the owner", () => _beta.Sesh.Strays().Count == 0);
    }

    [Fact]
    public void A_grant_on_the_key_holds_whatever_is_asked()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        File.WriteAllText(_beta.Sshd.Authorized, "");
        _beta.Sshd.Authorize(_alpha.Ssh.Key, $"restrict,command=\"{BuiltSesh.Binary} serve --peer alpha --allow sync\"");
        Assert.Equal("idle", _alpha.Sesh.Run("state", uuid).Succeeds());
        Assert.Equal("sesh: alpha may sync on beta, and tail needs read; on beta: sesh peer add alpha --allow read; or \"sesh peer authorize\" with that grant, for the key by which alpha dials it", _alpha.Sesh.Run("tail", uuid).Fails(1));
    }

    [Fact]
    public void What_is_started_on_another_machine_is_known_here_when_the_command_ends()
    {
        _alpha.Dials(_beta);
        _alpha.Sesh.Register("near");
        _beta.Sesh.Register("far");
        var name = "a name; $(touch made) --home=/x 'q'";
        var uuid = _alpha.Sesh.Run("new", "--agent", "claude", "--no-launch", "--machine", "beta", "--name", name, "--tag", "x=y", "--tag=-z").Succeeds();
        Assert.Equal([uuid, name, "beta", "-z,x=y"], _alpha.Sesh.Run("list", "--columns", "uuid,name,machine,tags").Succeeds().Split('\n').Single(l => l.StartsWith(uuid, StringComparison.Ordinal)).Split('\t'));
        Assert.Contains("takes no --private from another machine", _alpha.Sesh.Run("new", "--agent", "claude", "--no-launch", "--machine", "beta", "--private").Fails(1), StringComparison.Ordinal);
    }

    [Fact]
    public void The_doctor_looks_at_another_machine_there()
    {
        _alpha.Dials(_beta);
        _beta.Sesh.Register("far");
        Assert.Contains("\"message\": \"beta\"", _alpha.Sesh.Run("doctor", "--machine", "beta", "--json").Output, StringComparison.Ordinal);
        Assert.Contains("takes no --repair", _alpha.Sesh.Run("doctor", "--machine", "beta", "--repair").Fails(1), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_owner_prints_fits_the_askers_terminal_and_cannot_drive_it()
    {
        _alpha.Dials(_beta);
        var uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        var path = Directory.EnumerateFiles(_beta.Sesh.UserHome, uuid + ".jsonl", SearchOption.AllDirectories).Single();
        File.AppendAllText(path, "\u001b]0;title\u0007\u001b[31mred\u001b[0m\n");
        Assert.Equal("\u001b]0;title\u0007\u001b[31mred\u001b[0m", _alpha.Sesh.Run("tail", uuid, "--raw", "-n", "1").Succeeds());
        var shown = _alpha.Sesh.Shell($"script -qec 'sesh tail --raw -n 1 {uuid}' /dev/null").Succeeds();
        Assert.Contains("␛]0;title␇\u001b[31mred\u001b[0m", shown, StringComparison.Ordinal);
        Assert.Contains("\u001b[", _alpha.Sesh.Shell($"script -qec 'sesh state {uuid}' /dev/null").Succeeds(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[", _alpha.Sesh.Shell($"script -qec 'sesh state {uuid} | cat' /dev/null").Succeeds(), StringComparison.Ordinal);
    }

    /// <summary>A prompt of the user's, as Claude writes it.</summary>
    private static void Add(string path, string text) => File.AppendAllText(
        path,
        $$$"""{"type":"user","uuid":"{{{Guid.NewGuid()}}}","sessionId":"x","timestamp":"2026-11-20T10:00:05.000Z","message":{"role":"user","content":"{{{text}}}"}}""" + "\n");
}
