using System.CommandLine;
using Sesh.Sessions.Explain;

namespace Sesh.Commands;

internal sealed class ExplainVerb : Verb
{
    private readonly Argument<string?> _uuid = Ask.Session();

    public override string Name => "explain";

    public override string Usage => "[<uuid>]";

    public override string Summary => "show for each state and field who says so, and from what";

    public override string Description =>
        """
        For every state (live, turn status, pane, context, …) and every field of the record: the value, the machine that says so, the evidence (a reporter, the agent's status file, a lock, the transcript, the pane's title or screen, the process), when, by which clock, and what overrides it. Dim lines are held too, and something else shows.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh explain 8b7b", "why it shows what it shows")];

    public override IReadOnlyList<string> JsonFields => ["field", "value", "shows", "by", "evidence", "at", "clock", "overriddenBy"];

    protected override void Define(Command command) => command.Add(_uuid);

    public override int Run(Context context)
    {
        var record = context.Session(context.Get(_uuid), deletedToo: true);
        var observed = context.FreshView(record).Held;
        var snapshot = context.Snapshot;
        ExplainView.Print(context.Out, Explaining.Of(snapshot.Find(record.Uuid) ?? record, snapshot.State(record.Uuid), observed, snapshot.MachineOf), context.Time);
        return 0;
    }
}
