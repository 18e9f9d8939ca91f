using System.Text.Json.Nodes;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Messages and turns of sessions on another machine, over real ssh.</summary>
public sealed class DrivingElsewhereTests : IDisposable
{
    private readonly DrivingMachine _alpha = new("alpha");
    private readonly DrivingMachine _beta = new("beta");

    public DrivingElsewhereTests() => _alpha.Mesh.Dials(_beta.Mesh);

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void A_message_of_any_kind_is_answered_detached_and_in_a_pane(string agent)
    {
        foreach (var uuid in (string[])[_beta.Headless(agent), _beta.Live(agent)])
        {
            _alpha.Mesh.Takes(_beta.Mesh);
            Assert.Equal("echo: it's $(touch made) \"this\"", _alpha.Sesh.Run("send", uuid, "it's $(touch made) \"this\"").Succeeds());
            Assert.Equal("echo: -x", _alpha.Sesh.RunWith("-x", "send", uuid, "-").Succeeds());
            var file = Path.Combine(_alpha.Work, "message");
            File.WriteAllText(file, string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} of a long message\n")) + "[[reply:all of it]]");
            Assert.Equal("all of it", _alpha.Sesh.Run("send", uuid, "--file", file).Succeeds());
            Assert.Contains("line 19999 of a long message", string.Join('\n', _beta.Said(uuid)), StringComparison.Ordinal);
            var failed = _alpha.Sesh.Run("send", uuid, "bad [[error:529]]");
            Assert.Contains("the turn failed: API Error: 529", failed.Fails(1), StringComparison.Ordinal);
            Assert.Equal("answered", _alpha.Sesh.Run("send", uuid, "on", "--json", "--jq", ".result").Succeeds());
        }
    }

    [Fact]
    public void Exit_statuses_of_the_owner_are_the_callers()
    {
        var uuid = _beta.Live("claude");
        _alpha.Mesh.Takes(_beta.Mesh);
        Assert.Equal(124, _alpha.Sesh.Run("send", uuid, "slow [[sleep:4]]", "--timeout", "1").Exit);
        Assert.Equal(124, _alpha.Sesh.Run("await", uuid, "--timeout", "0.5").Exit);
        Assert.Equal("idle", _alpha.Sesh.Run("await", uuid).Succeeds());
        var asked = _alpha.Sesh.Run("send", uuid, "ask [[tool:bash:touch asked]]");
        Assert.Equal(6, asked.Exit);
        Assert.Contains("touch asked", asked.Output, StringComparison.Ordinal);
        Assert.Equal(6, _alpha.Sesh.Run("await", uuid).Exit);
        _alpha.Sesh.Run("abort", uuid).Succeeds();
        using var sending = _alpha.Sesh.Start("send", uuid, "slow again [[sleep:3]]");
        Until.True("it works", () => _beta.State(uuid) == "busy");
        Signal.Send(sending.Id, Signal.Interrupt);
        Assert.True(sending.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(130, sending.ExitCode);
        Assert.Equal("idle", _alpha.Sesh.Run("await", uuid).Succeeds());
        Assert.Equal("assistant: echo: slow again", _beta.Said(uuid)[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_caller_that_is_killed_takes_nothing_with_it(bool live)
    {
        var uuid = live ? _beta.Live("pi") : _beta.Headless("codex");
        _alpha.Mesh.Takes(_beta.Mesh);
        using var sending = _alpha.Sesh.Start("send", uuid, "slow [[sleep:4]]");
        Until.True("it works", () => _beta.State(uuid) == "busy");
        sending.Kill();
        sending.WaitForExit();
        Assert.Equal("idle", _alpha.Sesh.Run("await", uuid).Succeeds());
        Assert.Equal("assistant: echo: slow", _beta.Said(uuid)[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_machine_that_is_lost_in_the_turn_goes_on_with_it_and_the_caller_learns_of_it(bool live)
    {
        var uuid = live ? _beta.Live("claude") : _beta.Headless("pi");
        _alpha.Mesh.Takes(_beta.Mesh);
        using var sending = _alpha.Sesh.Start("send", uuid, "slow [[sleep:4]]");
        Until.True("it works", () => _beta.State(uuid) == "busy");
        using var awaiting = _alpha.Sesh.Start("await", uuid);
        Until.True("both ask", () => _beta.Served("send") == 1 && _beta.Served("await") == 1);
        _beta.Mesh.Sshd.KillSessions();
        Assert.True(sending.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, sending.ExitCode);
        Assert.Contains($"what the agent has been told it answers all the same; see \"sesh tail {uuid}\"", sending.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(("idle\n", ""), (awaiting.StandardOutput.ReadToEnd(), awaiting.StandardError.ReadToEnd()));
        Assert.True(awaiting.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, awaiting.ExitCode);
        Assert.Equal("assistant: echo: slow", _beta.Said(uuid)[^1]);
    }

    [Fact]
    public void Sessions_of_several_machines_are_awaited_at_once()
    {
        using var gamma = new DrivingMachine("gamma");
        _alpha.Mesh.Dials(gamma.Mesh);
        string[] uuids = [_alpha.Headless("claude"), _beta.Headless("codex"), gamma.Headless("pi")];
        _alpha.Mesh.Takes(_beta.Mesh);
        _alpha.Mesh.Takes(gamma.Mesh);
        foreach (var uuid in uuids)
            _alpha.Sesh.Run("send", "--no-wait", uuid, "slow [[sleep:3]]").Succeeds();
        Assert.Equal(string.Concat(uuids.Select(u => $"{u}\tidle\n")).TrimEnd(), _alpha.Sesh.Run(["await", .. uuids]).Succeeds());
        Assert.All([(_alpha, uuids[0]), (_beta, uuids[1]), (gamma, uuids[2])], m => Assert.Equal("assistant: echo: slow", m.Item1.Said(m.Item2)[^1]));

        // The first that is done ends it for all.
        _alpha.Sesh.Run("send", "--no-wait", uuids[0], "long [[sleep:300]]").Succeeds();
        _alpha.Sesh.Run("send", "--no-wait", uuids[1], "long [[sleep:300]]").Succeeds();
        Assert.Equal($"{uuids[2]}\tidle", _alpha.Sesh.Run(["await", "--any", .. uuids]).Succeeds());
        Assert.Equal([uuids[2]], JsonNode.Parse(_alpha.Sesh.Run(["await", "--any", "--json", .. uuids]).Succeeds())!.AsArray().Select(a => a!["uuid"]!.GetValue<string>()));
        var late = _alpha.Sesh.Run(["await", "--timeout", "12", .. uuids]);
        Assert.Equal(124, late.Exit);
        Assert.Equal($"{uuids[0]}\tbusy\n{uuids[1]}\tbusy\n{uuids[2]}\tidle\n", late.Output);
        using (var waiting = _alpha.Sesh.Start(["await", .. uuids]))
        {
            Until.True("it asks", () => _beta.Mesh.Sshd.Sessions.Count > 0);
            Signal.Send(waiting.Id, Signal.Interrupt);
            Assert.True(waiting.WaitForExit(TimeSpan.FromSeconds(20)));
            Assert.Equal(130, waiting.ExitCode);
        }

        gamma.Mesh.Sshd.Stop();
        Assert.Contains("gamma cannot be reached", _alpha.Sesh.Run(["await", .. uuids]).Fails(1), StringComparison.Ordinal);
        _alpha.Sesh.Run("abort", uuids[0]).Succeeds();
        var any = _alpha.Sesh.Run(["await", "--any", uuids[0], uuids[2]]);
        Assert.Equal($"{uuids[0]}\tidle", any.Succeeds());
        _alpha.Sesh.Run("abort", uuids[1]).Succeeds();
    }

    [Fact]
    public void A_delegate_on_another_machine_gets_this_ones_files_and_ends_with_its_caller()
    {
        var file = Path.Combine(_alpha.Work, "task");
        File.WriteAllText(file, "-a task\nof two lines");
        Assert.Equal("echo: -a task\nof two lines", _alpha.Sesh.Run("delegate", "--machine", "beta", "--agent", "codex", "--file", file).Succeeds());
        Assert.Equal("echo: from input", _alpha.Sesh.RunWith("from input", "delegate", "--machine", "beta", "--agent", "pi", "-").Succeeds());
        Assert.Equal("echo: from input", _alpha.Sesh.RunWith("from input", "delegate", "--machine", "beta", "--agent", "claude", "--file=-").Succeeds());
        Assert.Contains("there is no file /none/such", _alpha.Sesh.Run("delegate", "--machine", "beta", "--agent", "pi", "--file", "/none/such").Fails(1), StringComparison.Ordinal);
        Assert.Contains("given twice", _alpha.Sesh.Run("delegate", "--machine", "beta", "--agent", "pi", "--file", file, "words").Fails(2), StringComparison.Ordinal);
        Assert.Equal(124, _alpha.Sesh.Run("delegate", "--machine", "beta", "--agent", "pi", "--timeout", "1", "slow [[sleep:60]]").Exit);
        foreach (var signal in (int[])[Signal.Interrupt, Signal.Kill])
        {
            using var asking = _alpha.Sesh.Start("delegate", "--machine", "beta", "--agent", "claude", "slow [[sleep:300]]");
            Until.True("its agent runs", () => _beta.Agents.Count == 1);
            Signal.Send(asking.Id, signal);
            asking.WaitForExit();
            Until.True("nothing of it runs there", () => _beta.Sesh.Strays().Count == 0, seconds: 60);
        }

        Assert.Equal("", _beta.Sesh.Run("list", "--archived", "--columns", "uuid").Succeeds());
    }

    [Fact]
    public void All_machines_name_their_own_and_one_that_is_away_is_told()
    {
        using var gamma = new DrivingMachine("gamma");
        _alpha.Mesh.Dials(gamma.Mesh);
        string[] uuids = [_alpha.Headless("claude", "one [[reply:about alpha]]"), _beta.Headless("codex", "two [[reply:about beta]]"), gamma.Headless("pi", "three [[reply:about gamma]]")];
        _alpha.Mesh.Takes(_beta.Mesh);
        _alpha.Mesh.Takes(gamma.Mesh);
        Assert.Equal("about beta", _alpha.Sesh.Run("autoname", uuids[1]).Succeeds());
        gamma.Mesh.Sshd.Stop();
        var run = _alpha.Sesh.Run("autoname", "--all");
        Assert.Equal(5, run.Exit);
        Assert.Equal($"{uuids[0]}\tabout alpha\n{uuids[1]}\tabout beta\n", run.Output);
        Assert.Contains("gamma names none: gamma cannot be reached", run.Error, StringComparison.Ordinal);
        var json = JsonNode.Parse(_alpha.Sesh.Run("autoname", "--all", "--json").Output)!;
        Assert.Equal(["gamma"], json["unreachable"]!.AsArray().Select(u => u!["machine"]!.GetValue<string>()));
        Assert.Equal(["about alpha", "about beta"], json["results"]!.AsArray().Select(r => r!["name"]!.GetValue<string>()));
        gamma.Mesh.Sshd.Start();
        // Who has just failed is not tried again at once.
        Ran back = null!;
        Until.True("it is asked again", () => (back = _alpha.Sesh.Run("autoname", "--all", "--machine", "gamma")).Exit == 0, seconds: 60);
        Assert.Equal($"{uuids[2]}\tabout gamma\n", back.Output);
        Assert.Equal("about gamma", _alpha.Sesh.Run("list", "--columns", "uuid,name").Succeeds().Split('\n').Single(l => l.StartsWith(uuids[2], StringComparison.Ordinal)).Split('\t')[1]);
    }

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
    }
}
