using System.CommandLine;
using Sesh.Sessions;

namespace Sesh.Commands;

internal sealed class PaneKeysVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Argument<string[]> _keys = new("key") { Arity = ArgumentArity.OneOrMore, Description = "tmux's key names: Enter, Escape, Up, C-c, y" };

    public override string Name => "pane-keys";

    public override string Usage => "<uuid> <key>…";

    public override string Summary => "press keys in a session's tmux pane";

    public override string Description => "For prompts at an agent's start that nothing else gets past. Look first what the pane shows: sesh pane-capture.";

    public override IReadOnlyList<Example> Examples => [new("sesh pane-keys 8b7b Down Enter", "the second choice of a dialog")];

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_keys);
    }

    public override int Run(Context context)
    {
        var record = context.Session(context.Get(_uuid)!);
        new PaneDriving(context.Walk, context.Live, context.Tmux, context.Machine, context.Home).Press(context.Snapshot, record, context.Get(_keys)!);
        return 0;
    }
}
