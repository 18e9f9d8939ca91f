using System.Globalization;
using System.Text;
using Sesh.Bench.Data;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>The same sessions as rows of an SQLite database: the anchor of most figures.</summary>
internal sealed class SqliteTwin
{
    private readonly Tools _tools;

    public SqliteTwin(Tools tools, Workload workload, string path)
    {
        _tools = tools;
        Path = path;
        var sql = new StringBuilder("""
            pragma journal_mode = wal;
            create table sessions (uuid text primary key, name text, agent text, machine text, cwd text, turnStatus text, archived int, autoRename int,
              summary text, lastAutoNameTurnCount int, contextPct int, filePath text, tmux text, createdAt text, updatedAt text, originSeq int, tags text, deleted int) without rowid;
            begin;

            """);
        foreach (var s in workload.Sessions)
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(s.CreatedAt).ToString("O", CultureInfo.InvariantCulture);
            sql.AppendLine(CultureInfo.InvariantCulture, $"""
                insert into sessions values ('{s.Uuid}', '{s.Name}', '{s.Agent}', '{Workload.Machines[s.Machine]}', '{s.Cwd}', 'idle', 0, {(s.AutoRename ? 1 : 0)},
                  '{s.Summary}', {s.LastAutoNameTurnCount}, 12, '/home/u/.{s.Agent}/projects/{s.Cwd.Replace('/', '-')}/{s.Uuid}.jsonl', null, '{time}', '{time}', 1, '{string.Join(',', s.Tags)}', 0);
                """);
        }

        sql.AppendLine("commit; pragma wal_checkpoint(truncate);");
        tools.Output(tools.Sqlite, sql.ToString(), path);
    }

    public string Path { get; }

    /// <summary>All columns of the rows whose uuid begins so, by the index.</summary>
    public Command Select(string prefix) =>
        _tools.Call(_tools.Sqlite, "-readonly", "-json", Path, $"select * from sessions where uuid >= '{prefix}' and uuid < '{prefix}g'");

    public Command SelectAll() => _tools.Call(_tools.Sqlite, "-readonly", "-json", Path, "select * from sessions");

    /// <summary>Durable: WAL alone would not sync at each commit.</summary>
    public Command Rename(string uuid, string name) =>
        _tools.Call(_tools.Sqlite, "-cmd", ".timeout 60000", Path, $"pragma synchronous = full; update sessions set name = '{name}' where uuid = '{uuid}'");

    public int CountNamed(string like) =>
        int.Parse(_tools.Output(_tools.Sqlite, "", Path, $"select count(*) from sessions where name like '{like}'"), CultureInfo.InvariantCulture);
}
