using System.Text.Json;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Every verb once under AOT, where a missing piece of metadata shows only at run time.</summary>
public sealed class SmokeTests : IDisposable
{
    private readonly BuiltSesh _sesh = new();

    public void Dispose() => _sesh.Dispose();

    [Fact]
    public void A_newcomer_adopts_what_the_agents_left_and_sees_it_listed()
    {
        string[] uuids = [Transcripts.Claude(_sesh, "one"), Transcripts.Codex(_sesh, "two"), Transcripts.Pi(_sesh, "three")];
        _sesh.Run("adopt").Succeeds();
        _sesh.Run("adopt").Succeeds();
        using var list = JsonDocument.Parse(_sesh.Run("list", "--json").Succeeds());
        // Agents of other tests that run meanwhile are this user's too, and so adopted.
        var ours = list.RootElement.EnumerateArray().Where(s => s.GetProperty("cwd").GetString() == _sesh.Root).ToList();
        Assert.Equal(uuids.Order(), ours.Select(s => s.GetProperty("agentSessionId").GetString()!).Order());
        Assert.Equal(["claude", "codex", "pi"], ours.Select(s => s.GetProperty("agent").GetString()).Order());
        Assert.All(ours, s => Assert.Equal("alpha", s.GetProperty("machine").GetString()));
    }

    [Fact]
    public void Labels_are_set_shown_and_undone()
    {
        var uuid = _sesh.Register("first");
        _sesh.Run("rename", uuid, "second").Succeeds();
        _sesh.Run("tag", uuid, "red", "blue").Succeeds();
        _sesh.Run("retag", uuid, "red=green").Succeeds();
        _sesh.Run("untag", uuid, "blue").Succeeds();
        _sesh.Run("meta", uuid, "ticket=7").Succeeds();
        _sesh.Run("archive", uuid).Succeeds();
        using (var info = JsonDocument.Parse(_sesh.Run("info", uuid[..8], "--json").Succeeds()))
        {
            var record = info.RootElement;
            Assert.Equal("second", record.GetProperty("name").GetString());
            Assert.False(record.GetProperty("autoRename").GetBoolean());
            Assert.True(record.GetProperty("archived").GetBoolean());
            Assert.Equal("green", Assert.Single(record.GetProperty("tags").EnumerateArray()).GetString());
            Assert.Equal("7", record.GetProperty("meta").GetProperty("ticket").GetString());
        }

        Assert.Empty(_sesh.Run("list", "--columns", "uuid").Succeeds());
        _sesh.Run("undo").Succeeds();
        Assert.Equal(uuid, _sesh.Run("list", "--columns", "uuid").Succeeds());
        Assert.Contains("rename", _sesh.Run("op", "log").Succeeds(), StringComparison.Ordinal);
        Assert.Contains("second", _sesh.Run("history", uuid).Succeeds(), StringComparison.Ordinal);
        Assert.Contains("second", _sesh.Run("explain", uuid).Succeeds(), StringComparison.Ordinal);
        Assert.Contains("green", _sesh.Run("tags").Succeeds(), StringComparison.Ordinal);
        _sesh.Run("delete", uuid).Succeeds();
        _sesh.Run("info", uuid[..8]).Fails(1);
        _sesh.Run("undo").Succeeds();
        _sesh.Run("info", uuid[..8]).Succeeds();
    }

    [Theory]
    [InlineData("find", "{uuid}")]
    [InlineData("state", "{uuid}")]
    [InlineData("tail", "{uuid}", "-n", "5")]
    [InlineData("tail", "{uuid}", "--raw")]
    [InlineData("transcript", "{uuid}")]
    [InlineData("transcript", "{uuid}", "--format", "json")]
    [InlineData("transcript", "{uuid}", "--format", "md")]
    [InlineData("history", "{uuid}", "--json")]
    [InlineData("explain", "{uuid}", "--json")]
    [InlineData("op", "log", "--json")]
    [InlineData("gc")]
    [InlineData("private", "{uuid}", "--off")]
    [InlineData("unarchive", "{uuid}")]
    [InlineData("new", "--agent", "claude", "--dry-run", "--no-launch")]
    [InlineData("new", "--agent", "pi", "--no-launch", "--name", "later")]
    [InlineData("completion", "bash")]
    [InlineData("completion", "zsh")]
    [InlineData("completion", "fish")]
    [InlineData("help")]
    [InlineData("help", "environment")]
    [InlineData("help", "exit-codes")]
    [InlineData("--version")]
    public void The_verb_works_on_an_adopted_session(params string[] command)
    {
        var uuid = Transcripts.Claude(_sesh, "hello");
        _sesh.Run("adopt").Succeeds();
        _sesh.Run(command.Select(a => a.Replace("{uuid}", uuid, StringComparison.Ordinal))).Succeeds();
    }

    [Fact]
    public void Init_writes_the_machine_name_once()
    {
        _sesh.Environment.Remove("SESH_MACHINE");
        _sesh.Run("init", "--machine", "gamma").Succeeds();
        _sesh.Register("named");
        Assert.Contains("gamma", _sesh.Run("list", "--columns", "machine").Succeeds(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_installation_is_imported_from_json_and_sqlite()
    {
        var (json, db) = (Path.Combine(_sesh.Root, "sessions.json"), Path.Combine(_sesh.Root, "sesh.db"));
        var (first, second) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        File.WriteAllText(json, $$"""[{"uuid":"{{first}}","name":"from json","agent":"claude","machine":"alpha","cwd":"/","tags":["old"]}]""");
        _sesh.Shell($"""
            sqlite3 {db} "create table sessions(uuid text, name text, agent text, machine text, cwd text, archived int, parent text, created_at int);
            create table tags(session_uuid text, tag text); insert into sessions values('{second}','from db','codex','alpha','/',0,null,1750000000000000000)"
            """).Succeeds();
        _sesh.Run("import", json).Succeeds();
        _sesh.Run("import", db).Succeeds();
        Assert.Equal(new[] { "from json", "from db" }.Order(), _sesh.Run("list", "--columns", "name").Succeeds().Split('\n').Order());
    }

    [Fact]
    public void Doctor_finds_a_fresh_home_well()
    {
        _sesh.Register("one");
        using var report = JsonDocument.Parse(_sesh.Run("doctor", "--json").Output);
        Assert.DoesNotContain("integrity\",\"fail", report.RootElement.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_verb_or_option_is_a_usage_error_that_names_the_nearest()
    {
        Assert.Contains("rename", _sesh.Run("renmae", "x", "y").Fails(2), StringComparison.Ordinal);
        Assert.Contains("--json", _sesh.Run("list", "--jsno").Fails(2), StringComparison.Ordinal);
        _sesh.Run("info", "").Fails(2);
        // Where a word is taken, it must not become that word.
        var uuid = _sesh.Register("one");
        Assert.Contains("has no option --keepauto; did you mean --keep-auto?", _sesh.Run("rename", uuid, "--keepauto").Fails(2), StringComparison.Ordinal);
        Assert.Contains("tag has no option --foo", _sesh.Run("tag", uuid, "--foo").Fails(2), StringComparison.Ordinal);
        Assert.Contains("did you mean --wait?", _sesh.Run("sync", "--wiat").Fails(2), StringComparison.Ordinal);
        Assert.Contains("did you mean --transport?", _sesh.Run("peer", "add", "beta", "--tranport", "sshnet").Fails(2), StringComparison.Ordinal);
        Assert.Contains("did you mean --force?", _sesh.Run("delete", "--forc", uuid).Fails(2), StringComparison.Ordinal);
        Assert.Contains("did you mean --no-wait?", _sesh.Run("send", uuid, "--no-wiat").Fails(2), StringComparison.Ordinal);
        _sesh.Run("rename", uuid, "--", "--keepauto").Succeeds();
        Assert.Contains("--keepauto", _sesh.Run("info", uuid).Succeeds(), StringComparison.Ordinal);
    }
}
