using System.CommandLine;
using Sesh.Sessions.Driving;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>The runner of a detached session's turn. Started by <c>send</c> and <c>new</c>, with the turn's lock as an open file; of no use by hand.</summary>
internal sealed class TurnVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<string> _binary = Ask.Text("--binary", "path", "the agent's program");

    private readonly Option<string> _model = Ask.Text("--model", "model", "which model");

    private readonly Option<bool> _readOnly = Ask.Flag("--read-only", "nothing may be changed");

    private readonly Option<string> _birth = Ask.Text("--birth", "operation", "what to undo where the turn fails");

    private readonly Argument<string[]> _arguments = Ask.Words("args", "handed to the agent", optional: true);

    public override string Name => TurnOrder.Verb;

    public override string Summary => "run a turn of a detached session";

    public override bool Hidden => true;

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        foreach (var option in (Option[])[_binary, _model, _readOnly, _birth])
            command.Add(option);
        command.Add(_arguments);
    }

    public override int Run(Context context)
    {
        var order = new TurnOrder(
            SessionId.Parse(context.Get(_uuid)!), context.Get(_binary)!, context.Get(_model), context.Get(_readOnly), context.Get(_birth) ?? "",
            context.Get(_arguments) ?? []);
        context.TurnRunner.Run(order, input: 0, context.Cancel);
        return 0;
    }
}
