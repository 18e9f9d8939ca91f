using Xunit;

namespace Sesh.Tests.Driving;

/// <summary>Messages to agents that live in panes.</summary>
public sealed class SendInPaneTests : IDisposable
{
    private readonly DrivenWorld _world = new();

    public static TheoryData<string> Agents() => [.. DrivenWorld.Agents];

    [Theory]
    [MemberData(nameof(Agents))]
    public void The_answer_is_the_whole_turns_and_the_transcripts(string agent)
    {
        var uuid = _world.New(agent);
        Assert.Equal("echo: hello", _world.Do("send", uuid, "hello"));
        Assert.Equal("looking\necho: two\ntool: from a tool", _world.Do("send", uuid, "two [[say:looking]][[allow]][[tool:bash:echo from a tool]]"));
        Assert.Equal(
            ["user: hello", "assistant: echo: hello", "user: two [[say:looking]][[allow]][[tool:bash:echo from a tool]]", "assistant: looking", "assistant: echo: two\ntool: from a tool"],
            _world.Said(uuid));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_message_arrives_as_it_is(string agent)
    {
        var uuid = _world.New(agent);
        string[] messages = ["-v means verbose", "two\n  lines\n\nand a\ttab", "a 'quote', a \"quote\", $(id) `id` #{pane_id} ; \\; %1", "日本 ✳ é 🎉", "see @readme", "ends with ;"];
        foreach (var message in messages)
            Assert.Equal("echo: " + message, _world.Do("send", uuid, "--", message));
    }

    [Theory]
    [InlineData("claude", 2_000_000)]
    [InlineData("codex", 1_000_000)]
    [InlineData("pi", 2_000_000)]
    public void A_message_of_megabytes_arrives_whole(string agent, int length)
    {
        var uuid = _world.New(agent);
        var text = string.Concat(Enumerable.Range(0, length / 10).Select(i => $"{i:D8} \n"))[..(length - 20)] + "[[reply:all of it]]";
        var file = Path.Combine(_world.Work, "long.txt");
        File.WriteAllText(file, text);
        Assert.Equal("all of it", _world.Do("send", uuid, "--file", file));
        var said = _world.Said(uuid)[0];
        Assert.True(File.ReadAllText(Transcript(uuid)).Contains("00000000 \\n00000001 \\n", StringComparison.Ordinal), said[..Math.Min(200, said.Length)]);
    }

    [Fact]
    public void A_message_longer_than_codex_takes_is_refused()
    {
        var uuid = _world.New("codex");
        var run = _world.RunWith(new string('x', (1 << 20) + 1), "send", uuid, "-");
        Assert.Equal((2, "codex takes no message of 1048577 characters; 1048576 at most: put it into a file and name that"), (run.Status, run.Complaint));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_message_for_a_shell_is_none(string agent)
    {
        var uuid = _world.New(agent);
        var run = _world.Run("send", uuid, "!touch /tmp/x");
        if (agent == "pi")
            Assert.Equal((1, "pi runs a message that begins with ! in a shell; put a word in front of it"), (run.Status, run.Complaint));
        else
            Assert.Equal("echo: !touch /tmp/x", run.Out.Trim());
        Assert.DoesNotContain("ran by a shell", _world.Screen(uuid), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void Without_waiting_it_returns_when_the_turn_is_taken_up(string agent)
    {
        var uuid = _world.New(agent);
        Assert.Equal("", _world.Do("send", uuid, "--no-wait", "slow [[sleep:3]]"));
        Assert.Equal("busy", _world.Do("state", uuid));
        Assert.Equal("echo: next", _world.Do("send", uuid, "next"));
        Assert.Equal(["user: slow [[sleep:3]]", "assistant: echo: slow", "user: next", "assistant: echo: next"], _world.Said(uuid));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_message_waits_for_the_users_own_turn_to_end(string agent)
    {
        var uuid = _world.New(agent);
        _world.Draft(uuid, "the user's [[sleep:2]]");
        _world.Keys(uuid, "Enter");
        Until.True(() => _world.Do("state", uuid) == "busy", "the user's turn runs");
        var run = _world.Run("send", uuid, "mine");
        Assert.Equal((0, "echo: mine\n"), (run.Status, run.Out));
        Assert.Contains("is at work: waiting for the turn to end", run.Error, StringComparison.Ordinal);
        Assert.Equal(["user: the user's [[sleep:2]]", "assistant: echo: the user's", "user: mine", "assistant: echo: mine"], _world.Said(uuid));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_draft_is_never_sent_along(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "hello");
        _world.Draft(uuid, "half a sentence");
        Until.True(() => _world.Screen(uuid).Contains("half a sentence", StringComparison.Ordinal), "the draft is in the box");
        var run = _world.Run("send", uuid, "mine");
        Assert.Equal(
            (1, "somebody has typed into the input box and not sent it: half a sentence; send or delete it there, or give --force, which deletes it"), (run.Status, run.Complaint));
        Assert.Contains("half a sentence", _world.Screen(uuid), StringComparison.Ordinal);
        Assert.Equal("echo: mine", _world.Do("send", uuid, "--force", "mine"));
        Assert.Equal(["user: hello", "assistant: echo: hello", "user: mine", "assistant: echo: mine"], _world.Said(uuid));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void An_Enter_that_came_too_early_is_pressed_again(string agent)
    {
        var uuid = _world.New(agent, ("FAKE_DEAF", "6"));
        Assert.Equal("echo: hello", _world.Do("send", uuid, "hello"));
        Assert.Equal(["user: hello", "assistant: echo: hello"], _world.Said(uuid));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void Right_after_its_start_an_agent_is_waited_for(string agent)
    {
        var uuid = _world.New(agent, ("FAKE_SLOW", "4"));
        Assert.Equal("echo: hello", _world.Do("send", uuid, "hello"));
    }

    [Theory]
    [InlineData("claude", "asks whether to trust the folder")]
    [InlineData("codex", "asks whether to trust the folder")]
    [InlineData("pi", "asks whether to trust the folder")]
    public void A_dialog_is_named_and_nothing_typed_into_it(string agent, string asks)
    {
        var uuid = _world.New(agent, ("FAKE_TRUST", "1"));
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(6, run.Status);
        Assert.StartsWith($"{agent} {asks}; nothing was typed; answer it there", run.Complaint, StringComparison.Ordinal);
        _world.Keys(uuid, "1", "Enter");
        Assert.Equal("echo: hello", _world.Do("send", uuid, "hello"));
    }

    [Fact]
    public void A_pi_that_was_started_by_hand_and_asks_for_its_folder_is_named_too()
    {
        var uuid = _world.Detached("pi");
        var (id, file) = (_world.Do("info", uuid, "--json", "--jq", ".agentSessionId"), _world.Do("info", uuid, "--json", "--jq", ".filePath"));
        Directory.Move(_world.Work, _world.Work + ".moved");
        _world.Tmux.Server.Do(["new-session", "-d", "-s", "hand", "-c", _world.Work + ".moved", "-e", $"HOME={_world.UserHome}", "-e", $"SESH_AGENT_ID=pi:{id}", Path.Combine(_world.Tmux.Folder, "agents-bin", "pi"), "--session", file]);
        Until.True(() => _world.Do("info", uuid, "--json", "--jq", ".turnStatus").Contains("blocked", StringComparison.Ordinal), "it asks");
        var run = _world.Run("send", uuid, "hello");
        Assert.Equal(6, run.Status);
        Assert.StartsWith("pi asks whether to go on in another folder, as its session's own is gone (Enter: yes); nothing was typed; answer it there", run.Complaint, StringComparison.Ordinal);
        _world.Keys(uuid, "Enter");
        Assert.Equal("echo: hello", _world.Do("send", uuid, "hello"));
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    public void A_question_during_the_turn_is_the_answer(string agent)
    {
        var uuid = _world.New(agent);
        var run = _world.Run("send", uuid, "ask [[tool:bash:touch asked]]");
        Assert.Equal(6, run.Status);
        Assert.Contains("touch asked", run.Out, StringComparison.Ordinal);
        Assert.Contains("the agent waits for an answer", run.Error, StringComparison.Ordinal);

        var next = _world.Run("send", uuid, "next");
        Assert.Equal(6, next.Status);
        Assert.Contains("nothing was typed", next.Complaint, StringComparison.Ordinal);
        Assert.Contains("touch asked", next.Complaint, StringComparison.Ordinal);

        _world.Keys(uuid, "Enter");
        Assert.Equal("echo: next", _world.Do("send", uuid, "next"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_model_that_fails_is_told(string agent)
    {
        var uuid = _world.New(agent);
        var run = _world.Run("send", uuid, "bad [[error:400]]");
        Assert.Equal((1, "the turn failed: API Error: 400"), (run.Status, run.Complaint));
        Assert.Equal("echo: good", _world.Do("send", uuid, "good"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void Esc_during_the_turn_is_told_and_leaves_the_next_message_alone(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "hello");
        using var sending = _world.Start("send", uuid, "slow [[sleep:60]]");
        Until.True(() => _world.Do("state", uuid) == "busy", "the turn runs");
        _world.Keys(uuid, "Escape");
        Assert.True(sending.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(1, sending.ExitCode);
        Assert.StartsWith("sesh: the turn was interrupted", sending.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal("", sending.StandardOutput.ReadToEnd());
        Assert.Equal("echo: next", _world.Do("send", uuid, "next"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void An_agent_that_takes_its_time_to_end_with_its_pane_is_waited_for(string agent)
    {
        var uuid = _world.New(agent, ("FAKE_LINGER", "4"));
        _world.Do("send", uuid, "first");
        _world.Tmux.Server.KillPane(_world.Pane(uuid));
        Assert.Equal("echo: second", _world.Do("send", uuid, "second"));
        Assert.Equal(["user: first", "assistant: echo: first", "user: second", "assistant: echo: second"], _world.Said(uuid));
    }

    [Fact]
    public void Of_an_agent_that_is_ending_with_its_pane_no_turn_is_ended()
    {
        var uuid = _world.New("claude", ("FAKE_LINGER", "2"));
        _world.Tmux.Server.KillPane(_world.Pane(uuid));
        var run = _world.Run("abort", uuid);
        Assert.Equal(0, run.Status);
        Assert.EndsWith($"{uuid} is at no turn\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_pane_that_is_killed_in_the_turn_ends_the_wait(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "hello");
        using var sending = _world.Start("send", uuid, "slow [[sleep:60]]");
        Until.True(() => _world.Do("state", uuid) == "busy", "the turn runs");
        _world.Tmux.Server.KillPane(_world.Pane(uuid));
        Assert.True(sending.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(1, sending.ExitCode);
        Assert.StartsWith($"sesh: {agent} ended during the turn", sending.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public void A_pane_that_stays_dead_is_not_typed_into(string agent)
    {
        var uuid = _world.New(agent);
        var pane = _world.Pane(uuid);
        _world.Tmux.Server.Do(["set-option", "-p", "-t", pane, "remain-on-exit", "on"]);
        _world.Keys(uuid, "C-c");
        Until.True(() => _world.Tmux.Pane(pane).Dead, "the pane is dead");
        var sent = _world.Tmux.Server.Paste(pane, "into the grave");
        Assert.False(sent);
        Assert.True(_world.Tmux.Pane(pane).Dead);
        Assert.Equal("", _world.Tmux.Server.Do(["list-buffers"]));
    }

    [Fact]
    public void A_timeout_ends_the_wait_and_not_the_turn()
    {
        var uuid = _world.New("claude");
        var run = _world.Run("send", uuid, "--timeout", "2", "slow [[sleep:4]]");
        Assert.Equal(124, run.Status);
        Assert.StartsWith("no answer yet; the turn goes on", run.Complaint, StringComparison.Ordinal);
        var waiting = _world.Run("send", uuid, "--timeout", "0.3s", "next");
        Assert.Equal(124, waiting.Status);
        Assert.Contains("nothing was sent", waiting.Error, StringComparison.Ordinal);
        Until.True(() => _world.Said(uuid).Contains("assistant: echo: slow"), "the turn went on");
    }

    [Fact]
    public void A_pane_scrolled_back_by_its_user_takes_the_message_all_the_same()
    {
        var uuid = _world.New("claude");
        _world.Tmux.Server.Do(["copy-mode", "-t", _world.Pane(uuid)]);
        Assert.Equal("echo: two\nlines", _world.Do("send", uuid, "two\nlines"));
    }

    [Theory]
    [InlineData("", "message is empty; an unset shell variable?")]
    [InlineData(" \n\t ", "message is empty; an unset shell variable?")]
    [InlineData("a\u001b[201~b", "the message has a control character, U+001B, at position 2; take it out: to the agent's terminal it would be a key")]
    [InlineData("a\u009bb", "the message has a control character, U+009B, at position 2; take it out: to the agent's terminal it would be a key")]
    [InlineData("a\rb", "the message has a control character, U+000D, at position 2; take it out: to the agent's terminal it would be a key")]
    public void What_is_no_message_is_refused(string message, string complaint)
    {
        var uuid = _world.New("claude");
        var run = _world.Run("send", uuid, message);
        Assert.Equal((2, complaint), (run.Status, run.Complaint));
        run = _world.RunWith(message, "send", uuid, "-");
        Assert.Equal((2, complaint), (run.Status, run.Complaint));
    }

    private string Transcript(string uuid) => _world.Do("info", uuid, "--json", "--jq", ".filePath");

    public void Dispose() => _world.Dispose();
}
