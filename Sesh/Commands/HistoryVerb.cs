using System.CommandLine;

namespace Sesh.Commands;

internal sealed class HistoryVerb : Verb
{
    private readonly Argument<string?> _uuid = Ask.Session();

    public override string Name => "history";

    public override string Usage => "[<uuid>]";

    public override string Summary => "show who changed what of a session, when, from which machine";

    public override string Description =>
        """
        Every entry known about the session, oldest first, with the value before it. "shows" marks what the record shows now; "lost: concurrent" a value that was written without knowledge of the one that shows: it stands in the record's conflicts until somebody writes the field again.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh history 8b7b", "one session's changes"), new("sesh history 8b7b --json --jq '.[] | select(.lost)'", "values that lost")];

    public override IReadOnlyList<string> JsonFields => ["at", "machine", "replica", "seq", "operation", "verb", "field", "key", "value", "before", "shows", "lost"];

    protected override void Define(Command command) => command.Add(_uuid);

    public override int Run(Context context)
    {
        var record = context.Session(context.Get(_uuid), deletedToo: true);
        OperationsView.History(context.Out, context.Store.History(record.Uuid), context.Time);
        return 0;
    }
}
