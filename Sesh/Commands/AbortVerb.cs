using System.CommandLine;

namespace Sesh.Commands;

internal sealed class AbortVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<bool> _force = Ask.Flag("--force", "also where it is live twice, whose history may fork: in the first of the two");

    public override string Name => "abort";

    public override string Usage => "<uuid>";

    public override string Summary => "end the turn that a session's agent is at";

    public override string Description =>
        """
        In a tmux pane by Escape, as its user would; a question that the agent asks is declined by it. A turn that sesh runs without a terminal is ended with its agent. Live without a pane otherwise, it is refused. Without a turn there is nothing to do.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh abort 3f2a", "stop it")];

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_force);
    }

    public override int Run(Context context)
    {
        var record = context.Session(context.Selector(context.Get(_uuid)!));
        if (!context.IsOwn(record))
            return Owner.Of(context, record, wait: false).Ask(Name, [record.Uuid.ToString(), .. context.Get(_force) ? (string[])["--force"] : []]);
        if (context.Interrupting.Run(record, context.Get(_force), context.Out.Note, context.Cancel))
            context.Out.Remark($"{record.Uuid}: the turn is ended");
        else
            context.Out.Note($"{record.Uuid} is at no turn");
        return 0;
    }
}
