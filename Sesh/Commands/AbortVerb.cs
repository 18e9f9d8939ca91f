using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class AbortVerb : HolderVerb
{
    public override string Name => "abort";

    public override string Summary => "end the turn that a session's agent is at";

    public override string Description =>
        """
        In a tmux pane by Escape, as its user would; a question that the agent asks is declined by it. A turn that sesh runs without a terminal is ended with its agent. Live without a pane otherwise, it is refused. Without a turn there is nothing to do.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh abort 3f2a", "stop it")];

    protected override void Act(Context context, SessionRecord record, bool force)
    {
        if (context.Interrupting.Run(record, force, context.Out.Note, context.Cancel))
            context.Out.Remark($"{record.Uuid}: the turn is ended");
        else
            context.Out.Note($"{record.Uuid} is at no turn");
    }
}
