using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>Sessions as a table for people.</summary>
internal static class SessionTable
{
    /// <param name="all">Ascending, what the short ids must tell apart.</param>
    public static void Write(Context context, IReadOnlyList<SessionView> views, IEnumerable<SessionRecord> all)
    {
        var ids = ShortIds.Of([.. all.Where(r => !r.Deleted)]);
        var home = context.Variable("HOME");
        var now = context.Now;
        var table = new Table(
            new("ID"), new("NAME", 12), new("AGENT"), new("STATUS"), new("MACHINE", 6), new("CWD", 12), new("TAGS", 6), new("ACTIVE", AlignRight: true));
        foreach (var view in views)
        {
            var record = view.Record;
            var tags = string.Join(' ', ((string[])[record.Archived ? "archived" : "", string.Join(',', record.Tags)]).Where(t => t.Length > 0));
            table.Add(
                new(ids.GetValueOrDefault(record.Uuid) ?? record.Uuid.ToString(), Style.Dim),
                new(record.Name, record.Archived ? Style.Dim : Style.Blue),
                record.Agent,
                SessionCells.Status(view),
                record.Machine,
                new(SessionCells.Folder(record.Cwd, home), Style.Green),
                new(tags, Style.Cyan),
                Age.Of(now - view.LastActivity));
        }

        context.Out.Table(table);
    }
}
