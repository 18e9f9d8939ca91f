using System.CommandLine;
using Sesh.Sessions;

namespace Sesh.Commands;

internal sealed class PaneCaptureVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<int?> _lines = Ask.Count("-n", "lines", "how many of the last lines (default: 50)");

    public override string Name => "pane-capture";

    public override string Usage => "<uuid> [-n <lines>]";

    public override string Summary => "show what a session's tmux pane shows";

    public override IReadOnlyList<Example> Examples => [new("sesh pane-capture 8b7b -n 10", "the last ten lines")];

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_lines);
    }

    public override int Run(Context context)
    {
        var record = context.Session(context.Get(_uuid)!);
        context.Out.Text(new PaneDriving(context.Walk, context.Live, context.Tmux, context.Machine, context.Home).Capture(context.Snapshot, record, context.Get(_lines) ?? 50));
        return 0;
    }
}
