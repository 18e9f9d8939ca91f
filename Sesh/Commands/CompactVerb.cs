using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class CompactVerb : HolderVerb
{
    public override string Name => "compact";

    public override string Summary => "have a session's agent make its context shorter";

    public override string Description => "Types the agent's own /compact into its tmux pane once it is idle, and returns when the transcript tells of it. One that is not live in a pane is refused.";

    public override IReadOnlyList<Example> Examples => [new("sesh compact 3f2a", "its context is a summary then")];

    protected override void Act(Context context, SessionRecord record, bool force)
    {
        context.Compacting.Run(record, force, context.Out.Note, context.Cancel);
        context.Out.Remark($"{record.Uuid}: compacted");
    }
}
