using System.CommandLine;
using Sesh.Sessions;

namespace Sesh.Commands;

internal sealed class ListVerb : Verb
{
    private static IReadOnlyList<string> SortKeys => ["active", "created", "updated", "name", "agent", "machine", "status", "cwd", "uuid"];

    private readonly Option<bool> _archived = Ask.Flag("--archived", "archived sessions too", "--include-archived");
    private readonly Option<string> _agent = Ask.Agent("sessions of this agent alone");
    private readonly Option<string[]> _tags = Ask.Texts("--tag", "tag", "sessions with this tag; given several times, with all of them");
    private readonly Option<string> _status = Ask.OneOf("--status", ["idle", "busy", "blocked", "unknown"], "sessions with this turn status: idle, busy, blocked or unknown", "status");
    private readonly Option<bool> _live = Ask.Flag("--live", "sessions that an agent holds now");
    private readonly Option<string> _sort = Ask.OneOf("--sort", SortKeys, $"order by {string.Join(", ", SortKeys)}; active, the default, is the last thing said", "key");
    private readonly Option<bool> _reverse = Ask.Flag("--reverse", "the other way round");
    private readonly Option<int?> _limit = Ask.Count("--limit", "n", "the first n alone; 0 for all", "-n");
    private readonly Option<string> _columns = Ask.Text("--columns", "a,b", "these columns, tab-separated, without header: see \"sesh help formatting\"");

    public override string Name => "list";

    public override string Usage => "[options]";

    public override string Summary => "list sessions of all machines";

    public override string Description =>
        $"""
        Looks at this machine's agents first, unless somebody did within the last second; reads files for all others, and never fails because a machine sleeps.

        Columns: {string.Join(", ", SessionField.Columns)}.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh list --status blocked", "who waits for me?"),
        new("sesh list --tag work --tag urgent", "sessions with both tags"),
        new("sesh list --columns uuid,name | fzf", "for scripts"),
        new("sesh list --json --fields uuid,turnStatus", "the same as JSON"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Filters;

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var columns = Columns(context);
        context.ExpectFreshRows();
        var records = context.Snapshot.Records().Where(r => !r.Deleted && !KnownSessions.IsVoid(r)).ToList();
        var rows = context.FreshRows(records);
        var filter = new SessionFilter(
            context.MachineOption, context.Get(_agent), context.Get(_tags) ?? [], context.Get(_status), context.Get(_live), context.Get(_archived));
        var views = new List<SessionView>();
        foreach (var record in records)
        {
            var view = new SessionView(record, rows.GetValueOrDefault(record.Uuid));
            if (filter.Takes(view))
                views.Add(view);
        }

        var sorted = SessionOrder.Sorted(views, context.Get(_sort) ?? "active");
        if (context.Get(_reverse))
            Array.Reverse(sorted);
        if (context.Get(_limit) is > 0 and var limit && limit < sorted.Length)
            sorted = sorted[..limit];
        Write(context, columns, sorted, records);
        return 0;
    }

    protected override void Define(Command command)
    {
        command.Add(_archived);
        command.Add(_agent);
        command.Add(_tags);
        command.Add(_status);
        command.Add(_live);
        command.Add(_sort);
        command.Add(_reverse);
        command.Add(_limit);
        command.Add(_columns);
    }

    private IReadOnlyList<string>? Columns(Context context)
    {
        if (context.Get(_columns) is not { } text)
            return null;
        if (context.Out.Json)
            throw new UsageException("--columns and --json exclude each other", "choose JSON's properties with --fields");
        return ChosenColumns.Of(text);
    }

    private static void Write(Context context, IReadOnlyList<string>? columns, IReadOnlyList<SessionView> views, IReadOnlyList<Sync.Documents.SessionRecord> records)
    {
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartArray();
                foreach (var view in views)
                    SessionJson.Write(json, view);
                json.EndArray();
            });
        }
        else if (columns is not null)
        {
            var values = new string[columns.Count];
            foreach (var view in views)
            {
                for (var i = 0; i < values.Length; i++)
                    values[i] = SessionField.Text(view, columns[i]);
                context.Out.Tsv(values);
            }
        }
        else if (views.Count > 0)
        {
            SessionTable.Write(context, views, records);
        }
        else
        {
            context.Out.Remark(records.Count > 0 ? "no session is like that" : "no sessions yet: \"sesh adopt\" records what is here, \"sesh new --agent claude\" starts one");
        }
    }
}
