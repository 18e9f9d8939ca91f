using Sesh.Sessions.Import;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class ImportingTests : IDisposable
{
    private const string One = "8b7b4450-0000-4000-8000-000000000001";
    private const string Two = "8b7b4450-0000-4000-8000-000000000002";

    private readonly StoreRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public void A_record_comes_over_with_all_that_is_known_of_it()
    {
        var report = Import($$"""
            [{"uuid":"{{One}}","name":"old name","agent":"claude","machine":"alpha","cwd":"/w","archived":true,"autoRename":false,"summary":"s","lastAutoNameTurnCount":3,
              "createdAt":"2025-03-01T11:00:00Z","tags":["b","a"],"meta":{"k":"v"},"parent":"{{Two}}"}]
            """);

        Assert.Equal(1, report.Count(Imported.Taken));
        var record = _room.Store.Read().Find(SessionId.Parse(One))!;
        Assert.Equal(("old name", "claude", "alpha", "/w", true, false, "s", 3L, "a,b", "v", One),
            (record.Name, record.Agent, record.Machine, record.Cwd, record.Archived, record.AutoRename, record.Summary, record.LastAutoNameTurnCount,
                string.Join(",", record.Tags), record.Meta["k"], record.AgentSessionId));
        Assert.Equal(SessionId.Parse(Two), record.Parent);
        Assert.Equal(1_740_826_800_000, record.CreatedAt);
    }

    [Fact]
    public void A_second_import_writes_nothing_and_what_was_changed_since_stays()
    {
        var json = $$"""[{"uuid":"{{One}}","name":"old","agent":"claude"}]""";
        Import(json);
        _room.Store.Write(_ => new Draft("rename", [], [new Change(new Register(SessionId.Parse(One), Field.Name), Value.Of("new"))]));

        var again = Import(json);

        Assert.Equal((1, 0), (again.Count(Imported.Known), again.Operations.Count));
        Assert.Equal("new", _room.Store.Read().Find(SessionId.Parse(One))!.Name);
    }

    [Fact]
    public void A_dry_run_writes_nothing()
    {
        Assert.Equal(1, Import($$"""[{"uuid":"{{One}}","agent":"claude"}]""", dryRun: true).Count(Imported.Taken));
        Assert.Equal(0, _room.Store.Read().Count);
    }

    [Fact]
    public void What_cannot_be_taken_is_listed_with_its_reason()
    {
        Import($$"""[{"uuid":"{{Two}}","agent":"claude"}]""");
        _room.Store.Write(_ => new Draft("delete", [], [new Change(new Register(SessionId.Parse(Two), Field.Deleted), Value.True)]));

        var report = Import($$"""
            [7, {"name":"x","agent":"claude"}, {"uuid":"not-one","agent":"claude"}, {"uuid":"{{One}}"}, {"uuid":"{{One}}","agent":"emacs"},
             {"uuid":"{{One}}","agent":"claude","machine":"beta"}, {"uuid":"{{One}}","agent":"claude","deleted":true}, {"uuid":"{{Two}}","agent":"claude"},
             {"uuid":"{{One}}","agent":"claude"}, {"uuid":"{{One}}","agent":"claude"}, {"uuid":"work","agent":"pi"}]
            """);

        Assert.Equal(
            [
                "not an object", "has no uuid", "\"not-one\" is not a uuid", "has no agent", "of an unknown agent \"emacs\"", "owned by beta: import it there",
                "deleted there", "deleted here", "", "repeats an earlier one's uuid", "",
            ],
            report.Rows.Select(r => r.Reason));
        Assert.Equal((2, 9), (report.Count(Imported.Taken), report.Count(Imported.Left)));
    }

    [Fact]
    public void Text_that_is_refused_today_is_made_fit_or_left_and_remarked_on()
    {
        var report = Import($$$"""[{"uuid":"{{{One}}}","agent":"claude","name":"a\nb\u0000\u001b[31m","cwd":"relative","tags":["","a,b","ok"," ok "],"meta":{"":"x","k":"v"}}]""");

        var record = _room.Store.Read().Find(SessionId.Parse(One))!;
        Assert.Equal(("a b [31m", "", "ok", "k"), (record.Name, record.Cwd, string.Join(",", record.Tags), string.Join(",", record.Meta.Keys)));
        Assert.Contains("its name was made one short line", Assert.Single(report.Rows).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_is_the_json_in_the_home_then_the_database()
    {
        Assert.Equal("no-such-file", Assert.Throws<SeshException>(() => new Importing(_room.Store, _room.Machine, _ => false).Run(null, false)).Code);
        Directory.CreateDirectory(_room.Store.Options.Home);
        File.WriteAllText(Path.Combine(_room.Store.Options.Home, "sessions.json"), $$"""[{"uuid":"{{One}}","agent":"claude"}]""");

        Assert.Equal(1, new Importing(_room.Store, _room.Machine, _ => false).Run(null, false).Count(Imported.Taken));
    }

    private ImportReport Import(string json, bool dryRun = false)
    {
        var path = _room.In("sessions.json");
        File.WriteAllText(path, json);
        return new Importing(_room.Store, _room.Machine, _ => false).Run(path, dryRun);
    }
}
