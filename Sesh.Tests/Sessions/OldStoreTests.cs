using System.Text;
using CsCheck;
using Microsoft.Data.Sqlite;
using Sesh.Sessions.Import;
using Sesh.Sync;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class OldStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sesh-old-").FullName;

    private const string Uuid = "8b7b4450-0000-4000-8000-000000000001";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""[{"uuid":"8b7b4450-0000-4000-8000-000000000001","name":"n"}]""")]
    [InlineData("""{"sessions":[{"uuid":"8b7b4450-0000-4000-8000-000000000001","name":"n"}],"version":3}""")]
    [InlineData("""{"sessions":{"8b7b4450-0000-4000-8000-000000000001":{"name":"n"}}}""")]
    [InlineData("""{"8b7b4450-0000-4000-8000-000000000001":{"name":"n"}}""")]
    [InlineData("\uFEFF[{\"uuid\":\"8b7b4450-0000-4000-8000-000000000001\",\"name\":\"n\",},]")]
    public void Every_shape_of_sessions_json_is_read(string json)
    {
        var record = Assert.Single(Read(json));

        Assert.Equal((Uuid, "n", ""), (record.Uuid, record.Name, record.Fault));
    }

    [Fact]
    public void All_fields_are_read_and_wrong_types_read_as_empty()
    {
        var full = Read("""
            [{"uuid":"u","name":"n","agent":"pi","machine":"alpha","cwd":"/w","archived":true,"autoRename":false,"summary":"s","lastAutoNameTurnCount":4,
              "createdAt":"2025-03-01T12:00:00+01:00","tags":["a","b"],"meta":{"k":"v","n":7,"gone":null},"parent":"p","agentSessionId":"x","deleted":false},
             {"uuid":"u2","name":7,"agent":null,"machine":[],"archived":"yes","createdAt":"never","tags":"a, b","meta":[],"deleted":null}]
            """);

        Assert.Equal(("pi", "alpha", "/w", true, false, "s", 4L, "p", "x"),
            (full[0].Agent, full[0].Machine, full[0].Cwd, full[0].Archived, full[0].AutoRename, full[0].Summary, full[0].LastAutoNameTurnCount, full[0].Parent, full[0].AgentSessionId));
        Assert.Equal(new DateTimeOffset(2025, 3, 1, 11, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), full[0].CreatedAt);
        Assert.Equal(["a", "b"], full[0].Tags);
        Assert.Equal([KeyValuePair.Create("k", "v"), KeyValuePair.Create("n", "7")], full[0].Meta);
        Assert.Equal(("", "", "", false, 0L, false), (full[1].Name, full[1].Agent, full[1].Machine, full[1].Archived, full[1].CreatedAt, full[1].Deleted));
        Assert.Equal(["a", "b"], full[1].Tags);
    }

    [Theory]
    [InlineData(1_740_830_400d)]
    [InlineData(1_740_830_400_000d)]
    [InlineData(1_740_830_400_000_000d)]
    [InlineData(1_740_830_400_000_000_000d)]
    public void A_time_is_read_in_whatever_unit_it_was_written(double value) => Assert.Equal(1_740_830_400_000, OldTime.FromNumber(value));

    [Theory]
    [InlineData("")]
    [InlineData("[{\"uuid\":\"u\"}")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[1,2")]
    public void What_is_no_list_of_sessions_is_refused_as_a_whole(string json) =>
        Assert.Equal("bad-import", Assert.Throws<SeshException>(() => Read(json)).Code);

    [Fact]
    public void A_syntax_error_is_named_with_line_and_column()
    {
        var error = Assert.Throws<SeshException>(() => Read("[\n  {\"uuid\" \"u\"}\n]"));

        Assert.Contains("sessions.json:2:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_none_is_named_and_the_rest_is_read()
    {
        var records = Read("""[7, {"uuid":"u"}, null]""");

        Assert.Equal([("record 1", "not an object"), ("record 2", ""), ("record 3", "not an object")], records.Select(r => (r.Place, r.Fault)));
    }

    [Fact]
    public void Mutated_files_are_read_or_refused_and_never_crash()
    {
        var seed = Encoding.UTF8.GetBytes("""
            {"sessions":[{"uuid":"8b7b4450-0000-4000-8000-000000000001","name":"\ud83d\ude00 n","agent":"claude","machine":"alpha","cwd":"/w","archived":false,
            "createdAt":"2025-03-01T12:00:00Z","tags":["a"],"meta":{"k":"v"},"tmux":{"socket":"s","pane":"%1"}}]}
            """);
        Gen.Select(Gen.Int[0, seed.Length - 1], Gen.Byte, Gen.Int[0, 4]).Array[1, 6].Sample(mutations =>
        {
            var bytes = seed.ToList();
            foreach (var (at, value, kind) in mutations)
            {
                var place = Math.Min(at, bytes.Count - 1);
                switch (kind)
                {
                    case 0: bytes[place] = value; break;
                    case 1: bytes.Insert(place, value); break;
                    case 2 when bytes.Count > 1: bytes.RemoveAt(place); break;
                    case 3 when place > 0: bytes.RemoveRange(place, bytes.Count - place); break;
                    default: bytes.InsertRange(place, bytes.Take(place).ToArray()); break;
                }
            }

            try
            {
                foreach (var record in OldJson.Read(bytes.ToArray(), "sessions.json"))
                    Assert.NotNull(record.Uuid);
            }
            catch (SeshException e)
            {
                Assert.Equal("bad-import", e.Code);
            }
        }, iter: Scale.Of(20_000, 2_000_000));
    }

    [Fact]
    public void The_old_database_is_read_and_left_untouched()
    {
        var path = Path.Combine(_folder, "sesh.db");
        Database(path, $"""
            CREATE TABLE sessions(uuid TEXT PRIMARY KEY, name TEXT, agent TEXT, machine TEXT, cwd TEXT, archived INTEGER, parent TEXT, created_at INTEGER);
            CREATE TABLE tags(session_uuid TEXT, tag TEXT);
            INSERT INTO sessions VALUES('{Uuid}','n','claude','alpha','/w',1,'',1740830400123456789), (NULL,7,NULL,NULL,NULL,'x',NULL,'never');
            INSERT INTO tags VALUES('{Uuid}','b'),('{Uuid}','a');
            """);
        var before = File.ReadAllBytes(path);

        var records = Importing.Read(path);

        Assert.Equal((Uuid, "n", "claude", "alpha", "/w", true, 1_740_830_400_123L),
            (records[0].Uuid, records[0].Name, records[0].Agent, records[0].Machine, records[0].Cwd, records[0].Archived, records[0].CreatedAt));
        Assert.Equal(["a", "b"], records[0].Tags);
        Assert.Equal(("", false, 0L), (records[1].Uuid, records[1].Archived, records[1].CreatedAt));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Rows_that_still_lie_in_the_write_ahead_log_are_read()
    {
        var path = Path.Combine(_folder, "sesh.db");
        using var writer = new SqliteConnection($"Data Source={path};Pooling=False");
        writer.Open();
        Run(writer, $"PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE sessions(uuid TEXT, name TEXT); INSERT INTO sessions VALUES('{Uuid}','late')");

        Assert.Equal("late", Assert.Single(Importing.Read(path)).Name);
    }

    [Theory]
    [InlineData("CREATE TABLE other(x)")]
    [InlineData("CREATE VIEW sessions AS WITH RECURSIVE r(uuid) AS (SELECT 1 UNION ALL SELECT uuid + 1 FROM r) SELECT uuid FROM r")]
    public void A_database_of_something_else_is_refused(string sql)
    {
        var path = Path.Combine(_folder, "sesh.db");
        Database(path, sql);

        Assert.Equal("bad-import", Assert.Throws<SeshException>(() => Importing.Read(path)).Code);
    }

    [Fact]
    public void A_damaged_database_is_refused()
    {
        var path = Path.Combine(_folder, "sesh.db");
        File.WriteAllBytes(path, [.. OldDatabase.Magic, .. new byte[5000]]);

        Assert.Equal("bad-import", Assert.Throws<SeshException>(() => Importing.Read(path)).Code);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Equal("no-such-file", Assert.Throws<SeshException>(() => Importing.Read(Path.Combine(_folder, "nope"))).Code);
        Assert.Contains("is a folder", Assert.Throws<SeshException>(() => Importing.Read(_folder)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<OldRecord> Read(string json) => OldJson.Read(Encoding.UTF8.GetBytes(json), "sessions.json");

    private static void Database(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run(connection, sql);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
