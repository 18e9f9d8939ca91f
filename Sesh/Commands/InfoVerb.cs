using System.CommandLine;
using System.Globalization;
using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class InfoVerb : Verb
{
    private readonly Argument<string?> _uuid = Ask.Session();

    public override string Name => "info";

    public override string Usage => "[<uuid>]";

    public override string Summary => "show all that is known of a session";

    public override string Description =>
        """
        Reads this machine's files only. What another machine observed is shown with its age.
        A deleted session, by its full uuid with --json, prints its tombstone and exits 1.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh info 3f2a", "a session by the first letters of its uuid"),
        new("sesh info --json --fields cwd,tags 3f2a", "two fields of it"),
        new("cd \"$(sesh info 3f2a --jq .cwd)\"", "go to its folder"),
    ];

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var record = context.Session(context.Get(_uuid), deletedToo: context.Out.Json);
        var view = record.Deleted ? new SessionView(record, null) : context.FreshView(record);
        if (context.Out.Json)
            context.Out.WriteJson(json => SessionJson.Write(json, view));
        else
            Write(context, view);
        return record.Deleted ? 1 : 0;
    }

    protected override void Define(Command command) => command.Add(_uuid);

    private static void Write(Context context, SessionView view)
    {
        var record = view.Record;
        var printer = context.Out;
        Show("uuid", record.Uuid.ToString());
        Show("name", record.Name);
        Show("agent", record.Agent + (view.Model.Length > 0 ? $", {view.Model}" : ""));
        Show("agent id", record.AgentSessionId == record.Uuid.ToString() ? "" : record.AgentSessionId);
        Show("machine", record.Machine);
        Show("cwd", record.Cwd);
        printer.Line([new Cell("status       ", Style.Dim), SessionCells.Status(view)]);
        Show("", view.Doubt);
        Show("tmux", view.Tmux is { } tmux ? $"{tmux.Session}:{tmux.Window} {tmux.Pane} ({tmux.Socket})" : "");
        Show("waits for", view.Row?.PendingQuestion ?? "");
        Show("context", view.ContextPct is { } percent ? percent.ToString(CultureInfo.InvariantCulture) + " %" : "");
        Show("tags", string.Join(", ", record.Tags));
        Show("archived", record.Archived ? "yes" : "");
        Show("private", record.Private ? "yes: it never leaves this machine" : "");
        Show("summary", record.Summary);
        Show("parent", record.Parent?.ToString() ?? "");
        foreach (var (key, value) in record.Meta)
            Show("meta " + key, value);
        Show("transcript", view.FilePath.Length > 0 ? view.FilePath + (view.Transcript == TranscriptState.Purged ? " (gone)" : "") : "");
        Show("created", When(record.CreatedAt));
        Show("updated", When(record.UpdatedAt));
        Show("last active", view.Row is { LastActivity: > 0 and var at } ? When(at) : "");
        foreach (var conflicts in record.Conflicts.GroupBy(c => new Register(record.Uuid, c.Field, c.Key)))
        {
            foreach (var conflict in conflicts)
                Show("conflict", $"{FieldNames.Of(conflicts.Key)} is also {FieldNames.Text(conflict.Field, conflict.Value)}, says {conflict.Machine}, {When(conflict.Hlc.Milliseconds)}");
            Show("", "settle it: " + Settling.Command(conflicts.Key));
        }

        void Show(string label, string text)
        {
            if (text.Length > 0)
                printer.Line([new Cell(label.PadRight(13), Style.Dim), text]);
        }

        string When(long at) => at == 0 ? "" : $"{Timestamp.Local(at, context.Time.LocalTimeZone)} ({Age.Ago(context.Now - at)})";
    }
}
