using Microsoft.Data.Sqlite;
using Sesh.Sync;

namespace Sesh.Sessions.Import;

/// <summary>
/// Reads <c>sesh.db</c>: <c>sessions(uuid, name, agent, machine, cwd, archived, parent, created_at in ns)</c> and <c>tags(session_uuid, tag)</c>.
/// A column that is not there reads as empty, but <c>uuid</c> must be. Works on a copy: SQLite leaves <c>-shm</c> and <c>-wal</c> files beside a database
/// even where it only reads, and the source is not ours to touch.
/// </summary>
internal static class OldDatabase
{
    public static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    public static IReadOnlyList<OldRecord> Read(string path)
    {
        var folder = Directory.CreateTempSubdirectory("sesh-import-").FullName;
        try
        {
            var copy = Path.Combine(folder, "copy.db");
            Copy(path, copy);
            if (File.Exists(path + "-wal"))
                Copy(path + "-wal", copy + "-wal");
            var source = new SqliteConnectionStringBuilder { DataSource = copy, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
            using var connection = new SqliteConnection(source.ToString());
            connection.Open();
            return Records(connection, path);
        }
        catch (SqliteException e)
        {
            throw new SeshException("bad-import", $"{path}: {e.Message}", "nothing was imported", inner: e);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>By content only: the modes of a read-only source would make a read-only copy.</summary>
    private static void Copy(string from, string to)
    {
        using var source = File.OpenRead(from);
        using var target = File.Create(to);
        source.CopyTo(target);
    }

    private static List<OldRecord> Records(SqliteConnection connection, string path)
    {
        var columns = Columns(connection, "sessions");
        if (!columns.Contains("uuid"))
            throw new SeshException("bad-import", $"{path}: no table sessions with a column uuid", "nothing was imported; is this the database of an older sesh?");
        var tags = Tags(connection);
        string[] wanted = ["uuid", "name", "agent", "machine", "cwd", "archived", "parent", "created_at"];
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", wanted.Select(c => columns.Contains(c) ? $"\"{c}\"" : "NULL"))} FROM sessions";
        using var reader = command.ExecuteReader();
        var records = new List<OldRecord>();
        while (reader.Read())
        {
            var uuid = Text(reader, 0);
            records.Add(new OldRecord($"row {records.Count + 1}")
            {
                Uuid = uuid,
                Name = Text(reader, 1),
                Agent = Text(reader, 2),
                Machine = Text(reader, 3),
                Cwd = Text(reader, 4),
                Archived = reader.GetValue(5) is long and not 0,
                Parent = Text(reader, 6),
                CreatedAt = reader.GetValue(7) is long created ? OldTime.FromNanoseconds(created) : 0,
                Tags = tags.GetValueOrDefault(uuid, []),
            });
        }

        return records;
    }

    private static HashSet<string> Columns(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        // A view could compute for ever; only a table is a table.
        command.CommandText = "SELECT name FROM pragma_table_info($table) WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $table)";
        command.Parameters.AddWithValue("$table", table);
        using var reader = command.ExecuteReader();
        var columns = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read())
            columns.Add(Text(reader, 0));
        return columns;
    }

    private static Dictionary<string, List<string>> Tags(SqliteConnection connection)
    {
        var tags = new Dictionary<string, List<string>>();
        var columns = Columns(connection, "tags");
        if (!columns.Contains("session_uuid") || !columns.Contains("tag"))
            return tags;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT session_uuid, tag FROM tags ORDER BY session_uuid, tag";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var uuid = Text(reader, 0);
            if (!tags.TryGetValue(uuid, out var list))
                tags[uuid] = list = [];
            list.Add(Text(reader, 1));
        }

        return tags;
    }

    /// <summary>Columns of SQLite have no fixed type: what is no text reads as empty.</summary>
    private static string Text(SqliteDataReader reader, int column) => reader.GetValue(column) as string ?? "";
}
