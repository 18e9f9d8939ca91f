using System.CommandLine;

namespace Sesh.Commands;

internal sealed class CompactVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<bool> _force = Ask.Flag("--force", "also where it is live twice, whose history may fork: in the first of the two");

    public override string Name => "compact";

    public override string Usage => "<uuid>";

    public override string Summary => "have a session's agent make its context shorter";

    public override string Description => "Types the agent's own /compact into its tmux pane once it is idle, and returns when the transcript tells of it. One that is not live in a pane is refused.";

    public override IReadOnlyList<Example> Examples => [new("sesh compact 3f2a", "its context is a summary then")];

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
        context.Compacting.Run(record, context.Get(_force), context.Out.Note, context.Cancel);
        context.Out.Remark($"{record.Uuid}: compacted");
        return 0;
    }
}
