using System.CommandLine;

namespace Sesh.Commands;

internal sealed class OpLogVerb : Verb
{
    private readonly Option<int?> _count = Ask.Count("--limit", "n", "how many, newest first (default: 20); 0 for all", "-n");

    public override string Name => "op log";

    public override string Summary => "list operations: what each command changed";

    public override string Description =>
        """
        One command's changes are one operation. Its id, or the beginning of it, is what "sesh undo" takes; undo reverses operations of this machine alone.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh op log", "the last 20"), new("sesh op log -n 100 --machine beta", "of one machine")];

    public override MachineMeaning Machine => MachineMeaning.Filters;

    public override IReadOnlyList<string> JsonFields => ["id", "verb", "options", "at", "machine", "replica", "ours", "undoes", "changes"];

    protected override void Define(Command command) => command.Add(_count);

    public override int Run(Context context)
    {
        var count = context.Get(_count) switch { null => 20, 0 => int.MaxValue, { } given => given };
        var machine = context.MachineOption;
        // Narrowed after reading, so as many as there are must be read.
        var operations = context.Store.Log(machine is null ? count : int.MaxValue)
            .Where(o => machine is null || o.Machine == machine)
            .Take(count)
            .ToList();
        OperationsView.Log(context.Out, operations, context.NameOf, context.Time);
        return 0;
    }
}
