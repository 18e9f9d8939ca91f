using System.Collections.Concurrent;
using Sesh.Config;
using Sesh.Sessions.Hooks;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Sessions.Hooks;

public sealed class HookRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sesh-hooks").FullName;
    private readonly ConcurrentQueue<string> _log = [];

    private static HookSession Session(string name) => new(SessionId.New(), name, "claude", "alpha", "/a b", ["x", "y"], false, TurnStatus.Idle, true, "", 0);

    private static Edge Edge(string name = "a", string what = "busy_changed") => new(what, "busy", "idle", Session(name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_happened_is_given_as_data()
    {
        var evil = "$(touch x); `id` \"'\n--";
        var edge = Edge(evil);
        var result = HookCommand.Run(new HookSetting("h", "busy_changed", "printf '%s|' \"$SESH_EVENT\" \"$SESH_EVENT_FROM\" \"$SESH_EVENT_TO\" \"$SESH_SESSION_ID\" \"$SESH_SESSION_NAME\" \"$SESH_CWD\" \"$SESH_TAGS\""), edge, "/bin/sh", CancellationToken.None);
        Assert.Equal($"busy_changed|busy|idle|{edge.Session.Uuid}|{evil}|/a b|x,y|", result.Text);
    }

    [Theory]
    [InlineData("from", "idle", false)]
    [InlineData("from", "busy", true)]
    [InlineData("to", "busy", false)]
    [InlineData("agent", "pi", false)]
    [InlineData("machine", "alpha", true)]
    [InlineData("tag", "y", true)]
    [InlineData("tag", "z", false)]
    public void Filters_leave_out_what_they_do_not_name(string filter, string value, bool wanted)
    {
        var hook = ConfigFile.Parse($"[[hooks]]\nevent = \"busy_changed\"\ncommand = \"x\"\n{filter} = \"{value}\"\n", "c").Hooks.Single();
        Assert.Equal(wanted, HookCommand.Wants(hook, Edge()));
        Assert.False(HookCommand.Wants(hook, Edge(what: "renamed")));
    }

    [Fact]
    public async Task What_fails_is_logged_with_what_it_said()
    {
        await using (var runner = new HookRunner("/bin/sh", _log.Enqueue, TimeProvider.System))
        {
            runner.Start(new HookSetting("h", "busy_changed", "echo no such luck >&2; exit 3"), Edge());
            Until.True(() => !_log.IsEmpty, "it is logged");
        }

        Assert.Contains("exit 3: no such luck", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storm_is_cut_off_and_what_is_dropped_counted()
    {
        var file = Path.Combine(_folder, "ran");
        await using (var runner = new HookRunner("/bin/sh", _log.Enqueue, TimeProvider.System))
        {
            for (var i = 0; i < 1000; i++)
                runner.Start(new HookSetting("h", "busy_changed", $"echo x >> '{file}'"), Edge());
            Until.True(() => File.Exists(file) && File.ReadAllLines(file).Length >= 64, "those that waited ran");
        }

        Assert.InRange(File.ReadAllLines(file).Length, 64, 120);
        Assert.Contains(_log, l => l.StartsWith("hooks: ", StringComparison.Ordinal) && l.EndsWith(" dropped", StringComparison.Ordinal));
        Assert.True(_log.Count < 5, string.Join('\n', _log));
    }

    [Fact]
    public async Task Stopping_ends_those_that_run_with_all_they_started()
    {
        var file = Path.Combine(_folder, "pid");
        await using (var runner = new HookRunner("/bin/sh", _log.Enqueue, TimeProvider.System))
        {
            runner.Start(new HookSetting("h", "busy_changed", $"sleep 1000 & echo $! > '{file}'; wait"), Edge());
            Until.True(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "it runs");
        }

        var pid = int.Parse(File.ReadAllText(file), null);
        Until.True(() => Sesh.Processes.ProcessTable.Open().Find(pid) is null, "what it started has ended");
        Assert.Empty(_log);
    }

    [Theory]
    [InlineData("event = \"bussy_changed\"\ncommand = \"x\"", "unknown event bussy_changed", "did you mean busy_changed?")]
    [InlineData("event = \"busy_changed\"\nto = \"idel\"\ncommand = \"x\"", "unknown to idel", "did you mean idle?")]
    [InlineData("event = \"renamed\"\nto = \"anything\"\ncommand = \"x\"\nagent = \"clod\"", "unknown agent clod", "there are: claude, codex, pi")]
    [InlineData("command = \"x\"", "a hook needs an event", "there are: busy_changed, ")]
    [InlineData("event = \"renamed\"", "a hook needs a command", "")]
    [InlineData("name = \"n\"\nevent = \"renamed\"\ncommand = \"x\"\n[[hooks]]\nname = \"n\"\nevent = \"renamed\"\ncommand = \"x\"", "two hooks are called n", "")]
    public void What_could_never_run_is_refused_where_it_stands(string hook, string message, string hint)
    {
        var fault = Assert.Throws<ConfigException>(() => ConfigFile.Parse("[[hooks]]\n" + hook, "c"));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(hint, fault.Hint ?? "", StringComparison.Ordinal);
    }
}
