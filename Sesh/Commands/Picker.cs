using Sesh.Output;
using Sesh.Picking;
using Sesh.Sessions;
using Sesh.Sync;

namespace Sesh.Commands;

/// <summary>Has the user choose a session from a list, on the terminal, whatever standard output is.</summary>
internal static class Picker
{
    private const int NothingToSelect = 3;
    private const int Usage = 2;

    /// <param name="otherwise">The next step where there is no terminal to show a list on.</param>
    /// <exception cref="SeshException"><c>nothing-to-select</c>, <c>no-terminal</c>.</exception>
    /// <exception cref="OperationCanceledException">The user left.</exception>
    public static SessionView Pick(Context context, string otherwise)
    {
        if (context.RequestFrom is not null)
            throw new UsageException("no session is named");
        var views = Views(context);
        if (views.Count == 0)
        {
            throw new SeshException(
                "nothing-to-select", "there is no session to choose from", "\"sesh adopt\" records what is here, \"sesh new --agent claude\" starts one", NothingToSelect);
        }

        var palette = new Palette(context.Out.Settings.Color switch
        {
            ColorChoice.Always => true,
            ColorChoice.Never => false,
            _ => !context.Out.Settings.PlainEnvironment,
        });
        using var terminal = context.Variable("TERM") is null or "dumb" ? null : context.Surroundings.Terminal();
        if (terminal is null)
            throw new SeshException("no-terminal", "choosing a session needs a terminal to show the list on", otherwise, Usage);
        return new PickerScreen(terminal, palette).Run(Rows(context, views), context.Cancel) is { } chosen ? views[chosen] : throw new OperationCanceledException();
    }

    private static IReadOnlyList<SessionView> Views(Context context)
    {
        context.ExpectFreshRows();
        var records = context.Snapshot.Records().Where(r => !r.Deleted && !KnownSessions.IsVoid(r)).ToList();
        var rows = context.FreshRows(records);
        var filter = new SessionFilter(context.MachineOption, null, [], null, LiveOnly: false, ArchivedToo: false);
        return SessionOrder.Sorted([.. records.Select(r => new SessionView(r, rows.GetValueOrDefault(r.Uuid))).Where(filter.Takes)], "active");
    }

    private static List<PickerRow> Rows(Context context, IReadOnlyList<SessionView> views)
    {
        var ids = ShortIds.Of([.. context.Snapshot.Records().Where(r => !r.Deleted)]);
        var home = context.Variable("HOME");
        var now = context.Now;
        return views.Select(view =>
        {
            var record = view.Record;
            string[] cells =
            [
                ids.GetValueOrDefault(record.Uuid) ?? record.Uuid.ToString(), SessionCells.Status(view).Text, Age.Of(now - view.LastActivity), record.Name, record.Agent, record.Machine,
                SessionCells.Folder(record.Cwd, home), string.Join(',', record.Tags),
            ];
            var visible = Array.ConvertAll(cells, Visible.Line);
            return new PickerRow(visible, $"{record.Uuid} {record.AgentSessionId} {string.Join(' ', visible)}");
        }).ToList();
    }
}
