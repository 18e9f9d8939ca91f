using System.CommandLine;
using System.Globalization;
using Sesh.Output;
using Sesh.Sessions;

namespace Sesh.Commands;

internal sealed class StateVerb : Verb
{
    private readonly Argument<string?> _uuid = Ask.Session();

    private readonly Option<bool> _wait = Ask.Wait();

    public override string Name => "state";

    public override string Usage => "[<uuid>]";

    public override string Summary => "show whose turn it is, and what the agent tells of itself";

    public override string Description =>
        """
        The turn status is idle, busy, blocked (the agent waits for a permission or an answer) or unknown; unknown is not idle. Piped, that one word is all.
        "sesh explain" tells which evidence says so.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("sesh state 3f2a", "status, context, model, last activity"), new("[ \"$(sesh state 3f2a)\" = idle ] && echo your turn", "in a script")];

    public override IReadOnlyList<string> JsonFields =>
        ["uuid", "turnStatus", "live", "contextPct", "model", "lastActivity", "pendingQuestion", "observedAt", "stale"];

    public override int Run(Context context)
    {
        var record = context.Session(context.Get(_uuid));
        if (!context.IsOwn(record))
            return Owner.Of(context, record, context.Get(_wait)).Ask(Name, [record.Uuid.ToString()]);
        var view = context.FreshView(record);
        if (context.Out.Json)
            context.Out.WriteJson(json => Write(json, view));
        else if (context.Out.IsTerminal)
            Write(context, view);
        else
            context.Out.Line(SessionView.Word(view.TurnStatus));
        return 0;
    }

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_wait);
    }

    private static void Write(JsonWriter json, SessionView view)
    {
        json.StartObject();
        json.Property("uuid"u8, view.Record.Uuid);
        json.Property("turnStatus"u8, SessionView.Word(view.TurnStatus));
        json.Property("live"u8, view.Live);
        json.Name("contextPct"u8);
        if (view.ContextPct is { } percent)
            json.Value(percent);
        else
            json.Null();
        json.Property("model"u8, view.Model.Length > 0 ? view.Model : null);
        json.TimeProperty("lastActivity"u8, view.Row?.LastActivity ?? 0);
        json.Property("pendingQuestion"u8, view.Row is { PendingQuestion.Length: > 0 } row ? row.PendingQuestion : null);
        json.TimeProperty("observedAt"u8, view.Row?.ObservedAt ?? 0);
        json.Property("stale"u8, view.Stale);
        json.EndObject();
    }

    private static void Write(Context context, SessionView view)
    {
        var parts = new List<Cell> { SessionCells.Status(view) };
        if (view.ContextPct is { } percent)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $", {percent} % of its context used"));
        if (view.Model.Length > 0)
            parts.Add($", {view.Model}");
        if (view.Row is { LastActivity: > 0 and var at })
            parts.Add($", last active {Age.Ago(context.Now - at)}");
        context.Out.Line([.. parts]);
        if (view.Doubt is { Length: > 0 } doubt)
            context.Out.Line(doubt);
        if (view.Row is { PendingQuestion.Length: > 0 } row)
            context.Out.Line($"waits for: {row.PendingQuestion}");
    }
}
