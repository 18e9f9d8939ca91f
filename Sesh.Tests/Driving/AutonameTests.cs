using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Driving;

public sealed class AutonameTests : IDisposable
{
    private readonly DrivenWorld _world = new();

    public static TheoryData<string> Agents => [.. DrivenWorld.Agents];

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_session_is_named_by_what_was_said_in_it_and_of_the_asking_nothing_remains(string agent)
    {
        var uuid = Spoken(agent, "**Mend the parser.**");
        var before = Transcripts();
        Assert.Equal("Mend the parser", _world.Do("autoname", uuid[..13]));
        Assert.Equal("Mend the parser true 1", Facts(uuid));
        Assert.Equal(before, Transcripts());
        Assert.Equal(uuid, _world.Do("list", "--archived", "--columns", "uuid"));
        _world.Do("send", uuid, "go on");
        _world.Do("autoname", uuid, "--json");
        Assert.Equal("Mend the parser true 2", Facts(uuid));
        _world.Do("undo");
        Assert.Equal("Mend the parser true 1", Facts(uuid));
    }

    [Fact]
    public void What_a_person_named_is_left_alone_until_he_lets_it_be_named()
    {
        var uuid = Spoken("claude", "by a model");
        _world.Do("rename", uuid, "by hand");
        var run = _world.Run("autoname", uuid);
        Assert.Equal(1, run.Status);
        Assert.Contains($"was named by a person, and keeps that name; \"sesh autoname-toggle {uuid} --on\"", run.Complaint, StringComparison.Ordinal);
        _world.Do("autoname-toggle", uuid, "--on");
        Assert.Equal("by a model", _world.Do("autoname", uuid));
        Assert.Contains("\"autoRename\": false", _world.Do("autoname-toggle", uuid, "--json"), StringComparison.Ordinal);
        Assert.Equal(1, _world.Run("autoname", uuid).Status);
        Assert.Contains("\"autoRename\": true", _world.Do("autoname-toggle", uuid, "--json"), StringComparison.Ordinal);
        Assert.Equal(2, _world.Run("autoname-toggle", uuid, "--on", "--off").Status);
        Assert.Equal(2, _world.Run("autoname").Status);
        Assert.Equal(2, _world.Run("autoname", "").Status);
        Assert.Equal(2, _world.Run("autoname", uuid, "--all").Status);
    }

    [Fact]
    public void All_are_named_but_those_that_cannot_be_and_one_that_fails_stops_none()
    {
        var named = DrivenWorld.Agents.Select(a => Spoken(a, $"about {a}")).ToList();
        var byHand = Spoken("claude", "never asked for");
        _world.Do("rename", byHand, "mine");
        var silent = _world.Do("new", "--agent", "pi", "--no-launch");
        var archived = Spoken("pi", "out of sight");
        _world.Do("archive", archived);
        var failing = Spoken("codex", "never");
        _world.Run("send", failing, "then [[error:529]]");
        var run = _world.Run("autoname", "--all");
        Assert.Equal(1, run.Status);
        Assert.Equal(named.Select((u, i) => $"{u}\tabout {DrivenWorld.Agents[i]}").Order(StringComparer.Ordinal), run.Out.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
        Assert.Contains("1 left alone: a person named it", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 left out: nothing to name it by", run.Error, StringComparison.Ordinal);
        Assert.Contains($"warning: {failing} is not named: pi did not name it: the turn failed: API Error: 529", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(archived, run.Error + run.Out, StringComparison.Ordinal);
        Assert.Equal("about pi true 1", Facts(named[2]));
        Assert.Equal("mine false 0", Facts(byHand));
    }

    [Fact]
    public void The_users_own_command_gets_the_prompt_as_data_and_nothing_of_an_agent_around()
    {
        Configure("cat > \"$HOME/prompt\"; env > \"$HOME/env\"; pwd >> \"$HOME/env\"; echo \"Name: 'told'\"");
        var uuid = Spoken("claude", "$(touch made) `touch made`; \"quoted\" 'x' \\");
        _world.Variables["CLAUDECODE"] = "1";
        _world.Variables["SESH_SESSION_ID"] = uuid;
        Assert.Equal("told", _world.Do("autoname", uuid));
        Assert.Contains("assistant: $(touch made) `touch made`; \"quoted\" 'x' \\\n", File.ReadAllText(Path.Combine(_world.UserHome, "prompt")), StringComparison.Ordinal);
        var environment = File.ReadAllText(Path.Combine(_world.UserHome, "env"));
        Assert.DoesNotContain("CLAUDECODE", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("SESH_SESSION_ID", environment, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_world.Tmux.Folder, "made", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("cat >/dev/null; echo no key >&2; exit 3", "the command of [autoname] ended with status 3: no key")]
    [InlineData("cat >/dev/null; printf '\\n  \\n'", "the answer for session {uuid} holds no name")]
    public void A_command_that_names_nothing_changes_nothing(string command, string complaint)
    {
        Configure(command);
        var uuid = Spoken("pi", "whatever");
        var name = Facts(uuid);
        var run = _world.Run("autoname", uuid);
        Assert.Equal(1, run.Status);
        Assert.StartsWith(complaint.Replace("{uuid}", uuid, StringComparison.Ordinal), run.Complaint, StringComparison.Ordinal);
        Assert.Equal(name, Facts(uuid));
    }

    [Fact]
    public void Without_pi_it_is_told_once_and_what_to_do()
    {
        _ = Spoken("claude", "a");
        _ = Spoken("claude", "b");
        foreach (var way in Directory.EnumerateFiles(Path.Combine(_world.Tmux.Folder, "agents-bin"), "pi"))
            File.Delete(way);
        _world.Variables["PATH"] = _world.Variables["PATH"].Split(':')[0] + ":/usr/bin:/bin";
        var run = _world.Run("autoname", "--all");
        Assert.Equal(1, run.Status);
        Assert.StartsWith("names are asked of pi, and pi is not on PATH", run.Complaint, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Cancelled_it_names_nothing_and_ends_what_it_started()
    {
        Configure("cat > \"$HOME/prompt\"; sleep 600 & sleep 600");
        var uuids = Enumerable.Range(0, 6).Select(_ => Spoken("pi", "whatever")).ToList();
        var agents = _world.Strays();
        using var naming = _world.Start("autoname", "--all");
        Until.True(() => File.Exists(Path.Combine(_world.UserHome, "prompt")), "it asks");
        _ = Libc.Kill(naming.Id, Libc.SigInterrupt);
        naming.WaitForExit();
        Assert.Equal(130, naming.ExitCode);
        Assert.Equal("", naming.StandardOutput.ReadToEnd());
        Until.True(() => _world.Strays().Except(agents).Count() == 0, "nothing of it runs");
        // Their turns are free.
        Assert.Equal("echo: hello", _world.Do("send", uuids[0], "hello"));
    }

    [Fact]
    public void A_turn_that_is_on_its_way_is_waited_for()
    {
        var uuid = Spoken("claude", "then named");
        using var sending = _world.Start("send", uuid, "slow [[sleep:3]]");
        Until.True(() => _world.Do("state", uuid) == "busy", "it works");
        var run = _world.Run("autoname", uuid);
        Assert.Equal((0, "then named\n"), (run.Status, run.Out));
        Assert.Contains("waiting for its end", run.Error, StringComparison.Ordinal);
        Assert.Equal("then named true 2", Facts(uuid));
        sending.WaitForExit();
    }

    [Fact]
    public void Within_a_turn_of_its_own_it_does_not_wait_for_itself()
    {
        var uuid = Spoken("claude", "never");
        var program = AppContext.BaseDirectory.Replace("/Sesh.Tests/bin/", "/Sesh/bin/", StringComparison.Ordinal) + "sesh";
        var script = Path.Combine(_world.Work, "own.sh");
        File.WriteAllText(script, $"export SESH_HOME='{_world.Home}' SESH_MACHINE=alpha SESH_TMUX_SOCKETS='{_world.Tmux.Socket}' PATH='{_world.Variables["PATH"]}'\n'{program}' autoname {uuid} 2>&1\n");
        Assert.Contains($"this runs in a turn of {uuid}", _world.Do("send", uuid, $"ask [[allow]][[tool:bash:sh {script}]]"), StringComparison.Ordinal);
    }

    private string Facts(string uuid) => _world.Do("info", uuid, "--json", "--jq", "\"\\(.name) \\(.autoRename) \\(.lastAutoNameTurnCount)\"");

    private void Configure(string command)
    {
        Directory.CreateDirectory(_world.Home);
        File.WriteAllText(Path.Combine(_world.Home, "config.toml"), $"[autoname]\ncommand = '''{command}'''\n");
    }

    /// <summary>A session whose transcript has the fake model answer that, when it is asked for a name.</summary>
    private string Spoken(string agent, string reply)
    {
        var uuid = _world.Do("new", "--agent", agent);
        _world.Do("send", uuid, $"what is it? [[reply:{reply}]]");
        return uuid;
    }

    private IReadOnlyList<string> Transcripts() => [.. Directory.EnumerateFiles(_world.UserHome, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public void Dispose() => _world.Dispose();
}
