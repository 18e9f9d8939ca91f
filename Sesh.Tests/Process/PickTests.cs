using System.Text.Json;
using Sesh.Tests.Tmux;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Choosing a session: without a screen, and on a real terminal.</summary>
public sealed class PickTests : IDisposable
{
    private readonly BuiltSesh _sesh = new();
    private readonly PrivateTmux _tmux = new();

    public void Dispose()
    {
        _tmux.Dispose();
        _sesh.Dispose();
    }

    [Fact]
    public void What_is_selected_without_a_screen_has_the_same_values_in_each_format()
    {
        var uuid = _sesh.Register("plain");
        using var json = JsonDocument.Parse(_sesh.Run("pick", "--select", uuid[..8]).Succeeds());
        Assert.Equal(["action", "uuid", "machine", "agent", "cwd", "name", "tmux"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal((uuid, JsonValueKind.Null), (json.RootElement.GetProperty("uuid").GetString(), json.RootElement.GetProperty("tmux").ValueKind));
        Assert.Equal($"resume\0{uuid}\0alpha\0claude\0{_sesh.Root}\0plain\0\0\0\0\0", _sesh.Run("pick", "--select", uuid, "--format", "nul").Output);
        Assert.Equal(
            $"action='tail'\nuuid='{uuid}'\nmachine='alpha'\nagent='claude'\ncwd='{_sesh.Root}'\nname='plain'\ntmux_socket=''\ntmux_session=''\ntmux_window=''\ntmux_pane=''\n",
            _sesh.Run("pick", "--select", uuid, "--format", "kv", "--action", "tail").Output);
        Assert.Equal("alpha", _sesh.Run("pick", "--select", uuid, "--jq", ".machine").Succeeds());
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("''' '\"' \\")]
    [InlineData("$(touch made) `touch made` ${HOME} !!")]
    [InlineData("; touch made #")]
    [InlineData("日本語 🎉")]
    [InlineData("-n")]
    public void What_a_shell_evaluates_is_what_is_stored_and_nothing_is_run(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_sesh.Root, "a\n b'$(touch made)\n")).FullName;
        var uuid = Guid.NewGuid().ToString();
        _sesh.Run("register", uuid, "--agent", "claude", $"--name={name}", "--cwd", folder).Succeeds();
        foreach (var shell in (string[])["sh", "bash", "bash --posix"])
        {
            var ran = _sesh.Shell($"{shell} -c 'eval \"$(sesh pick --select {uuid} --format kv)\"; printf \"%s|%s|%s|\" \"$uuid\" \"$name\" \"$cwd\"'");
            Assert.Equal((0, $"{uuid}|{name}|{folder}|", ""), (ran.Exit, ran.Output, ran.Error));
        }

        Assert.False(File.Exists(Path.Combine(_sesh.Root, "made")));
    }

    [Fact]
    public void What_cannot_be_picked_is_told_with_the_status_that_says_so()
    {
        Assert.Contains("no session to choose from", _sesh.Run("pick").Fails(3), StringComparison.Ordinal);
        Assert.Contains("no session to choose from", _sesh.Run("resume").Fails(3), StringComparison.Ordinal);
        var uuid = _sesh.Register("plain");
        Assert.Contains("give --select", _sesh.Shell("setsid -w sesh pick </dev/null").Error.Replace("name the session with", "give", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(2, _sesh.Shell("setsid -w sesh pick </dev/null").Exit);
        Assert.Contains("sesh resume <uuid>", _sesh.Shell("setsid -w sesh resume </dev/null").Fails(2), StringComparison.Ordinal);
        Assert.Contains("the uuid is empty", _sesh.Run("pick", "--select", "").Fails(2), StringComparison.Ordinal);
        Assert.Contains("no session matches", _sesh.Run("pick", "--select", "ffffffff").Fails(1), StringComparison.Ordinal);
        Assert.Contains("json, nul, kv", _sesh.Run("pick", "--select", uuid, "--format", "xml").Fails(2), StringComparison.Ordinal);
        Assert.Contains("exclude each other", _sesh.Run("pick", "--select", uuid, "--format", "kv", "--json").Fails(2), StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_is_on_the_terminal_while_standard_output_is_captured()
    {
        var names = (string[])["one", "two 日本語 🎉", "three"];
        var uuids = names.ToDictionary(n => n, _sesh.Register);
        var pane = new TypedPane(_tmux, _sesh);
        pane.Run("sel=$(sesh pick --format nul | tr '\\0' ' '); echo \"rc=$? <$sel>\"");
        pane.Waits("3/3");
        Assert.All(names, n => Assert.Contains(n, pane.Screen, StringComparison.Ordinal));
        pane.Type("three");
        pane.Waits("1/3");
        pane.Press("C-u");
        pane.Waits("3/3");
        pane.Type("TWO 日本");
        pane.Waits("1/3");
        pane.Press("BSpace");
        pane.Press("BSpace");
        pane.Press("Enter");
        pane.Waits("rc=0");
        Assert.Contains($"<resume {uuids["two 日本語 🎉"]} alpha claude", pane.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cursor_moves_by_arrows_and_control_keys_and_wraps()
    {
        var uuids = (string[])[_sesh.Register("aa"), _sesh.Register("bb"), _sesh.Register("cc")];
        var pane = new TypedPane(_tmux, _sesh);
        foreach (var (keys, wanted) in ((string[], string)[])[(["Down"], uuids[1]), (["C-n", "C-n"], uuids[0]), (["Up"], uuids[0]), (["C-n", "C-p"], uuids[2]), (["End"], uuids[0]), (["End", "Home"], uuids[2])])
        {
            pane.Run("clear; sesh pick --format kv | grep -o 'uuid=.*'");
            pane.Waits("3/3");
            pane.Press(keys);
            pane.Press("Enter");
            pane.Waits($"uuid='{wanted}'");
        }
    }

    [Theory]
    [InlineData("Escape")]
    [InlineData("C-c")]
    public void Leaving_prints_nothing_and_gives_the_terminal_back(string key)
    {
        _sesh.Register("one");
        var pane = new TypedPane(_tmux, _sesh);
        pane.Run("stty -g > before; sel=$(sesh pick); echo \"rc=$?<$sel>\"; stty -g | cmp - before && echo as it 'was'");
        pane.Waits("1/1");
        pane.Press(key);
        pane.Waits("as it was");
        Assert.Contains("rc=130<>", pane.Screen, StringComparison.Ordinal);
        Assert.Contains("stty -g > before", pane.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("1/1", pane.Screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public void A_signal_gives_the_terminal_back(string signal)
    {
        _sesh.Register("one");
        var pane = new TypedPane(_tmux, _sesh);
        pane.Run("stty -g > before; sesh pick & echo $! > pid; fg >/dev/null; echo rc=$?; stty -g | cmp - before && echo as it 'was'");
        pane.Waits("1/1");
        Assert.True(Signal.Send(int.Parse(File.ReadAllText(Path.Combine(_sesh.Root, "pid")), System.Globalization.CultureInfo.InvariantCulture), signal switch { "TERM" => 15, "INT" => 2, _ => 1 }));
        pane.Waits("as it was");
        Assert.Contains("rc=130", pane.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_follows_the_size_of_the_terminal_and_never_is_wider_or_taller()
    {
        for (var i = 0; i < 30; i++)
            _sesh.Register($"日本語の長い名前 {i} a name that goes on and on and on 🎉🎉");
        var pane = new TypedPane(_tmux, _sesh);
        pane.Run("sesh pick > picked");
        pane.Waits("30/30");
        foreach (var (columns, rows) in ((int, int)[])[(30, 8), (12, 3), (90, 24)])
        {
            pane.Resize(columns, rows);
            // As many sessions as there is room for below the two lines of the head.
            pane.Waits($"it fits into {columns}x{rows}", s => s.Split('\n') is var lines && lines.Length == rows && lines[0].StartsWith('>') && lines[1].Contains("30/30", StringComparison.Ordinal) && lines[2].StartsWith('▌'));
        }

        pane.Press("PageDown");
        pane.Press("Enter");
        Until.True("it is printed", () => new FileInfo(Path.Combine(_sesh.Root, "picked")) is { Exists: true, Length: > 0 });
    }

    [Fact]
    public void Stored_control_characters_are_made_visible_and_without_colour_there_is_none()
    {
        var uuid = Guid.NewGuid().ToString();
        _sesh.Run("register", uuid, "--agent", "claude", "--name", "red \u001b[31m \u001b]0;title\u0007", "--cwd", _sesh.Root).Succeeds();
        _sesh.Environment["NO_COLOR"] = "1";
        var pane = new TypedPane(_tmux, _sesh);
        pane.Run("sesh pick");
        pane.Waits("␛[31m");
        Assert.DoesNotContain("\u001b[", pane.Styled, StringComparison.Ordinal);
        pane.Press("Escape");
    }

    [Fact]
    public void A_terminal_that_cannot_be_drawn_on_is_refused()
    {
        _sesh.Register("one");
        _sesh.Environment["TERM"] = "dumb";
        var pane = new TypedPane(_tmux, _sesh);
        pane.Run("sesh pick; echo rc=$?");
        pane.Waits("rc=2");
        Assert.Contains("--select", pane.Screen, StringComparison.Ordinal);
    }
}
