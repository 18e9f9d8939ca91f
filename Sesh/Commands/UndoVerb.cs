using System.CommandLine;
using Sesh.Sync;

namespace Sesh.Commands;

internal sealed class UndoVerb : Verb
{
    private readonly Argument<string> _operation = new("op") { Arity = ArgumentArity.ZeroOrOne, Description = "an operation's id or its beginning (default: this machine's last that is not undone)" };

    private readonly Option<bool> _force = Ask.Flag("--force", "set back also what somebody has written since");

    public override string Name => "undo";

    public override string Usage => "[<op>]";

    public override string Summary => "reverse this machine's last command";

    public override string Description =>
        """
        Undo is an operation of its own: the undo of an undo is a redo. What others have set meanwhile stays, and is named. It reverses entries, not values: where two machines had set a field at once, the other's value may show afterwards; and a session that somebody else has deleted as well stays deleted.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh undo", "the last command"), new("sesh undo 3f9c", "one of \"sesh op log\"")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["undone", "operation", "reversed", "left"];

    public override Completes Complete(int position) => position == 0 ? Completes.Operation : Completes.Nothing;

    protected override void Define(Command command)
    {
        command.Add(_operation);
        command.Add(_force);
    }

    public override int Run(Context context)
    {
        var operation = context.Get(_operation);
        if (operation is not null && string.IsNullOrWhiteSpace(operation))
            throw new UsageException("the operation's id is empty", "an unset shell variable? leave it out for the last operation");
        var result = context.Store.Undo(operation, context.Get(_force));
        if (result.Written is null)
        {
            throw new SeshException("nothing-to-undo", $"nothing of {result.Undone.Operation.Verb} ({result.Undone.Id}) stands any more: all of it has been written since",
                "--force sets it back all the same");
        }

        OperationsView.Undone(context.Out, result, context.NameOf);
        return 0;
    }
}
