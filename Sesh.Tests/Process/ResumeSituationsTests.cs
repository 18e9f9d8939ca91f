using System.Diagnostics;
using System.Globalization;
using Sesh.Tests.Tmux;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>
/// Where <c>resume</c> may be typed and what may have happened to a session meanwhile, each as a person meets it: the built program in a pane of a real tmux, compiled fake agents in another one.
/// <code>
/// outside tmux, live             attached by -u, as tmux itself: nothing of sesh stays, SIGPIPE as it was
/// inside tmux, same server       the client is switched, also by the picker
/// inside tmux of another socket  a note, TMUX unset, attached
/// two clients, none              refused with the next step (GoingTests)
/// detached, no tmux server       one is started, the agent has its history and its folder
/// folder gone, pi                pi goes on in its own folder only: --cwd needs --fork while that is there
/// detached, inside tmux          a new window of the session one is in
/// its pane gone in between       resumed
/// tmux not installed             one line
/// folder gone                    one line that offers --cwd; with it, the history is there and the folder is the new one, from then on
/// transcript gone                one line; a kept copy, then the backup, is named
/// id drifted                     the new id's history
/// live without a pane            refused, --force too (ResumeTests); --fork goes
/// live twice                     told, one is gone to
/// live where it does not belong  guarded (CopiedHomeTests)
/// --fork, each agent             a session of its own with the history
/// its agent dies at once         its last words; nothing is left, no window, no lock
/// </code>
/// </summary>
public sealed class ResumeSituationsTests : IDisposable
{
    private readonly BuiltSesh _sesh = new();
    private readonly AgentMachine _agents;
    private readonly PrivateTmux _screen = new();

    public ResumeSituationsTests() => _agents = new AgentMachine(_sesh);

    public void Dispose()
    {
        foreach (var pid in _sesh.Strays().Where(p => Text($"/proc/{p}/cmdline").Contains("claude", StringComparison.Ordinal)))
            Signal.Send(pid, Signal.Kill);
        _agents.Dispose();
        _screen.Dispose();
        Until.True("nothing is left", () => _sesh.Strays().Count == 0);
        _sesh.Dispose();
    }

    [Fact]
    public void Outside_tmux_the_shell_has_a_tmux_client_and_nothing_of_sesh()
    {
        var uuid = _agents.Live();
        var pane = Arrived(uuid);
        var client = int.Parse(_agents.Tmux("list-clients", "-F", "#{client_pid}"), CultureInfo.InvariantCulture);
        var shell = int.Parse(_screen.Server.Do(["display-message", "-p", "-t", pane.Id, "#{pane_pid}"]), CultureInfo.InvariantCulture);
        Assert.Equal(shell, int.Parse(Status(client, "PPid"), CultureInfo.InvariantCulture));
        Assert.Contains("\0-u\0", Text($"/proc/{client}/cmdline"), StringComparison.Ordinal);
        Assert.DoesNotContain(_sesh.Strays(), p => Text($"/proc/{p}/cmdline").Contains("sesh\0resume", StringComparison.Ordinal));
        Leave(pane);
    }

    [Fact]
    public void Who_sesh_becomes_ignores_no_broken_pipe()
    {
        var uuid = _agents.Live();
        // tmux ignores SIGPIPE itself: what it was started with is seen by who stands before it.
        var (bin, path) = Before("before");
        Script(Path.Combine(bin, "tmux"), $"#!/bin/sh\ncase \"$*\" in *attach-session*) grep SigIgn /proc/$$/status > {bin}/ignored; echo $$ > {bin}/pid;; esac\nexec {PrivateTmux.Program} \"$@\"\n");
        var pane = With(path, () => Arrived(uuid));
        // Bit 13, counted from 1.
        Assert.Equal(0UL, ulong.Parse(File.ReadAllText(Path.Combine(bin, "ignored")).Split(':')[1], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) & 0x1000);
        Assert.Equal(_agents.Tmux("list-clients", "-F", "#{client_pid}"), File.ReadAllText(Path.Combine(bin, "pid")).Trim());
        Leave(pane);
    }

    [Fact]
    public void Pi_goes_on_in_its_own_folder_and_a_fork_of_it_where_it_is_wanted()
    {
        var uuid = _agents.Detached("pi");
        var other = Directory.CreateDirectory(Path.Combine(_sesh.Root, "other")).FullName;
        Assert.Contains($"pi goes on in the folder in which a session began: {_agents.Work}; leave --cwd out, or give --fork as well", Resumed($"{uuid} --cwd other"), StringComparison.Ordinal);
        var pane = Arrived($"{uuid} --cwd other --fork");
        Assert.Equal(other, Folder(_sesh.Run("list", "--live", "--columns", "uuid").Succeeds()));
        Leave(pane);
    }

    [Fact]
    public void Inside_the_same_server_the_client_is_switched_also_by_the_picker()
    {
        var uuid = _agents.Live();
        var pane = InsideTheirs();
        pane.Run($"sesh resume {uuid}; echo rc=$?");
        IsSwitchedTo(uuid);
        _agents.Tmux("switch-client", "-c", Client(), "-t", "=mine");
        pane.Waits("rc=0");
        pane.Run("clear; sesh resume; echo rc=$?");
        pane.Waits("1/1");
        pane.Press("Enter");
        IsSwitchedTo(uuid);
        _agents.Tmux("switch-client", "-c", Client(), "-t", "=mine");
        pane.Run($"clear; sesh pick --select {uuid} --enter; echo rc=$?");
        IsSwitchedTo(uuid);
        Assert.Equal("goto", _sesh.Run("pick", "--select", uuid, "--jq", ".action").Succeeds().Trim('"'));
        Assert.Equal(_agents.Field(uuid, "tmux.pane"), _sesh.Shell($"eval \"$(sesh pick --select {uuid} --format kv)\"; echo $tmux_pane").Succeeds());
    }

    [Fact]
    public void Inside_tmux_of_another_socket_it_is_nested_and_said_so()
    {
        var uuid = _agents.Live();
        var pane = new TypedPane(_screen, _sesh, insideTmux: true);
        pane.Run($"clear; sesh resume {uuid} 2>said; echo rc=$?");
        pane.Waits("echo: remember");
        Assert.Contains("tmux inside tmux", File.ReadAllText(Path.Combine(_sesh.Root, "said")), StringComparison.Ordinal);
        var client = int.Parse(_agents.Tmux("list-clients", "-F", "#{client_pid}"), CultureInfo.InvariantCulture);
        Assert.DoesNotContain(Text($"/proc/{client}/environ").Split('\0'), v => v.StartsWith("TMUX=", StringComparison.Ordinal) || v.StartsWith("TMUX_PANE=", StringComparison.Ordinal));
        Leave(pane);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void Detached_with_no_tmux_server_one_is_started_and_the_agent_has_its_history_and_folder(string agent)
    {
        var uuid = _agents.Detached(agent);
        Assert.Equal("", _agents.Tmux("list-sessions"));
        var pane = Arrived(uuid);
        Assert.Equal(_agents.Work, Folder(uuid));
        Assert.Equal("sesh", _agents.Field(uuid, "tmux.session"));
        Leave(pane);
    }

    [Fact]
    public void Detached_inside_tmux_it_gets_a_window_of_the_session_one_is_in()
    {
        var uuid = _agents.Detached();
        var pane = InsideTheirs();
        pane.Run($"sesh resume {uuid}; echo rc=$?");
        Until.True("it is switched", () => _agents.Field(uuid, "live") == "true" && Shown() == _agents.Field(uuid, "tmux.pane"), 40);
        Assert.Equal("mine", _agents.Field(uuid, "tmux.session"));
    }

    [Fact]
    public void A_pane_that_goes_away_between_the_look_and_the_way_there_does_not_matter()
    {
        var uuid = _agents.Live();
        // A tmux that loses the pane as soon as it has told of it.
        var (bin, path) = Before("losing");
        Script(Path.Combine(bin, "tmux"), $"""
            #!/bin/sh
            {PrivateTmux.Program} "$@"
            status=$?
            case "$*" in *list-panes*-a*) [ -e {bin}/lost ] || {PrivateTmux.Program} -S {_agents.Socket} kill-pane -t {_agents.Field(uuid, "tmux.pane")}; touch {bin}/lost;; esac
            exit $status
            """);
        var pane = With(path, () => Arrived(uuid));
        Assert.True(File.Exists(Path.Combine(bin, "lost")));
        Assert.Equal("true", _agents.Field(uuid, "live"));
        Leave(pane);
    }

    [Fact]
    public void Without_tmux_it_says_what_to_install()
    {
        var uuid = _agents.Detached();
        var bin = Directory.CreateDirectory(Path.Combine(_sesh.Root, "bare")).FullName;
        foreach (var program in (string[])["sh", "stty", "cmp", "claude"])
            File.CreateSymbolicLink(Path.Combine(bin, program), Sesh.Processes.Programs.Find(program, _sesh.Environment["PATH"])!);
        Assert.Contains("tmux is not on PATH; install tmux", With(bin, () => Resumed(uuid)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void A_folder_that_is_gone_is_named_and_another_one_can_be_given_for_good(string agent)
    {
        var uuid = _agents.Detached(agent);
        Directory.Move(_agents.Work, _agents.Work + ".moved");
        Assert.Contains($"the session's folder is gone: {_agents.Work}; give another with --cwd DIR", Resumed(uuid), StringComparison.Ordinal);
        var pane = Arrived($"{uuid} --cwd work.moved");
        Assert.Equal(_agents.Work + ".moved", Folder(uuid));
        Assert.Equal(_agents.Work + ".moved", _agents.Field(uuid, "cwd"));
        Leave(pane);
        // From now on it is there that it goes on, also without a terminal.
        Assert.Equal("echo: and this", _sesh.Run("send", uuid, "and this").Succeeds());
        Kill(uuid);
        Assert.Equal("echo: the last", _sesh.Run("send", uuid, "the last").Succeeds());
        Assert.Equal("remember,and this,the last", _sesh.Run("transcript", uuid, "--format", "json", "--jq", "[.[]|select(.role==\"user\").text]|join(\",\")").Succeeds().Trim('"'));
        _sesh.Run("adopt").Succeeds();
        Assert.Equal(uuid, _sesh.Run("list", "--archived", "--columns", "uuid").Succeeds());
    }

    [Fact]
    public void A_transcript_that_is_gone_is_told_with_the_copy_that_there_is()
    {
        var uuid = _agents.Detached();
        File.Delete(_agents.Field(uuid, "filePath"));
        Assert.Contains($"is gone: claude cannot resume it; see \"sesh explain {uuid}\"", Resumed(uuid), StringComparison.Ordinal);
        var backup = Path.Combine(_sesh.Home, "backup.db");
        File.WriteAllText(backup, "");
        Assert.Contains($"it may be in the backup {backup}", Resumed(uuid), StringComparison.Ordinal);
        var kept = Path.Combine(Directory.CreateDirectory(Path.Combine(_sesh.Home, "kept", "claude")).FullName, $"{uuid}.jsonl");
        File.WriteAllText(kept, "");
        Assert.Contains($"a copy was kept: {kept}", Resumed(uuid), StringComparison.Ordinal);
        Assert.Equal("", _agents.Tmux("list-sessions"));
    }

    [Fact]
    public void An_id_that_drifted_is_resumed_by_the_new_one()
    {
        var uuid = _agents.Live();
        var place = _agents.Field(uuid, "tmux.pane");
        var before = _agents.Field(uuid, "agentSessionId");
        Type(place, "/clear");
        Until.True("the new id is known", () => _agents.Field(uuid, "agentSessionId") != before);
        Type(place, "after that");
        Until.True("it is answered and written down", () => _agents.Tmux("capture-pane", "-p", "-t", place).Contains("echo: after that", StringComparison.Ordinal) && _agents.Field(uuid, "turnStatus") == "idle");
        Kill(uuid);
        var pane = Resume(uuid[..8]);
        pane.Waits("echo: after that");
        Assert.DoesNotContain("echo: remember", pane.Screen, StringComparison.Ordinal);
        Leave(pane);
    }

    [Fact]
    public void Live_without_a_pane_it_is_refused_and_a_fork_goes()
    {
        var uuid = _agents.Detached();
        using var plain = Plain(uuid);
        Assert.Contains($"is live without a tmux pane: claude runs as pid {plain.Id}", Resumed($"{uuid} --force"), StringComparison.Ordinal);
        var pane = Arrived($"{uuid} --fork");
        Assert.Equal(2, _sesh.Run("list", "--live", "--columns", "uuid").Succeeds().Split('\n').Length);
        Leave(pane);
        plain.Kill();
    }

    [Fact]
    public void Live_twice_it_is_told_and_one_is_gone_to()
    {
        var uuid = _agents.Live();
        _agents.Tmux("new-window", "-d", "-c", _agents.Work, "-e", $"HOME={_sesh.UserHome}", Sesh.Processes.Programs.Find("claude", _sesh.Environment["PATH"])!, "--resume", uuid);
        Until.True("both are there", () => _sesh.Run("list").Error.Contains("runs twice", StringComparison.Ordinal));
        var pane = new TypedPane(_screen, _sesh);
        pane.Run($"clear; sesh resume {uuid} 2>said; echo rc=$?");
        pane.Waits("echo: remember");
        Assert.Contains("its history may fork; end one of the two", File.ReadAllText(Path.Combine(_sesh.Root, "said")), StringComparison.Ordinal);
        Leave(pane);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    [InlineData("pi")]
    public void A_fork_of_each_agent_has_the_history_and_an_id_of_its_own(string agent)
    {
        var uuid = _agents.Detached(agent);
        var pane = Arrived($"{uuid} --fork");
        var fork = _sesh.Run("list", "--live", "--columns", "uuid").Succeeds();
        Assert.Equal(uuid, _agents.Field(fork, "parent"));
        Until.True("its id is known", () => _agents.Field(fork, "agentSessionId") is { Length: > 4 } id && id != "null" && id != _agents.Field(uuid, "agentSessionId"));
        Assert.Equal("false", _agents.Field(uuid, "live"));
        Leave(pane);
    }

    [Fact]
    public void An_agent_that_dies_at_once_leaves_its_last_words_and_nothing_else()
    {
        var uuid = _agents.Detached();
        var (bin, path) = Before("dying");
        Script(Path.Combine(bin, "claude"), "#!/bin/sh\necho please log in first\nexit 1\n");
        Assert.Contains("claude ended at once: please log in first", With(path, () => Resumed(uuid)), StringComparison.Ordinal);
        Assert.Equal("", _agents.Tmux("list-sessions"));
        Leave(Arrived(uuid));
    }

    /// <summary>A shell outside tmux that goes there.</summary>
    private TypedPane Resume(string words)
    {
        var pane = new TypedPane(_screen, _sesh);
        pane.Run($"clear; sesh resume {words}; echo rc=$?");
        return pane;
    }

    /// <summary>The same, and the agent is seen with its history.</summary>
    private TypedPane Arrived(string words)
    {
        var pane = Resume(words);
        pane.Waits("echo: remember");
        return pane;
    }

    private static void Leave(TypedPane pane)
    {
        pane.Press("C-b", "d");
        pane.Waits("rc=0");
    }

    /// <summary>Programs that stand before the others for a while: a folder of them, and the PATH that begins with it.</summary>
    private (string Bin, string Path) Before(string name)
    {
        var bin = Directory.CreateDirectory(Path.Combine(_sesh.Root, name)).FullName;
        return (bin, $"{bin}:{_sesh.Environment["PATH"]}");
    }

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>With another PATH for as long as it takes.</summary>
    private T With<T>(string path, Func<T> act)
    {
        var before = _sesh.Environment["PATH"];
        _sesh.Environment["PATH"] = path;
        try
        {
            return act();
        }
        finally
        {
            _sesh.Environment["PATH"] = before;
        }
    }

    private void Kill(string uuid)
    {
        _agents.Tmux("kill-pane", "-t", _agents.Field(uuid, "tmux.pane"));
        Until.True("nothing holds it", () => _agents.Field(uuid, "live") == "false");
    }

    /// <summary>What it says where it fails.</summary>
    private string Resumed(string words)
    {
        var pane = Resume(words);
        pane.Waits("rc=1");
        return pane.Screen.ReplaceLineEndings("");
    }

    /// <summary>A shell in the agents' own server, which a client in ours shows.</summary>
    private TypedPane InsideTheirs()
    {
        var outer = new TypedPane(_screen, _sesh);
        outer.Run($"tmux -f /dev/null -S {_agents.Socket} new-session -s mine -n mine env PS1='% ' PATH=\"{Path.GetDirectoryName(BuiltSesh.Binary)}:$PATH\" sh");
        outer.Waits("%");
        return outer;
    }

    /// <summary>The pane that the one client shows.</summary>
    private string Shown() => _agents.Tmux("display-message", "-p", "-c", Client(), "#{pane_id}");

    private string Client() => _agents.Tmux("list-clients", "-F", "#{client_name}");

    private void IsSwitchedTo(string uuid) => Until.True("it is switched", () => Shown() == _agents.Field(uuid, "tmux.pane"));

    private string Folder(string uuid) => _agents.Tmux("display-message", "-p", "-t", _agents.Field(uuid, "tmux.pane"), "#{pane_current_path}");

    private void Type(string pane, string text)
    {
        _agents.Tmux("send-keys", "-t", pane, "-l", "--", text);
        _agents.Tmux("send-keys", "-t", pane, "Enter");
    }

    private Process Plain(string uuid)
    {
        var start = new ProcessStartInfo(Sesh.Processes.Programs.Find("claude", _sesh.Environment["PATH"])!, ["-p", "--resume", uuid, "[[sleep:120]] busy"]) { WorkingDirectory = _agents.Work, RedirectStandardOutput = true };
        start.Environment.Clear();
        foreach (var (name, value) in _sesh.Environment)
            start.Environment[name] = value;
        var plain = Process.Start(start)!;
        Until.True("it is seen live", () => _agents.Field(uuid, "live") == "true");
        return plain;
    }

    private static string Status(int pid, string key) =>
        Text($"/proc/{pid}/status").Split('\n').Single(l => l.StartsWith(key + ":", StringComparison.Ordinal))[(key.Length + 1)..].Trim();

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
