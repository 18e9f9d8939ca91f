using System.CommandLine;
using Sesh.Processes;
using Sesh.Sessions;

namespace Sesh.Commands;

internal sealed class PaneVerb : Verb
{
    private const int NobodysPane = 3;

    private readonly PaneOptions _pane = new("the pane (default: the one this runs in)");
    private readonly Option<string> _columns = Ask.Text("--columns", "a,b", "these columns of the session instead of its uuid, tab-separated: see \"sesh help formatting\"");

    public override string Name => "pane";

    public override string Usage => "[--pane %ID] [--socket-path <path>]";

    public override string Summary => "show which recorded session a tmux pane belongs to";

    public override string Description =>
        """
        For status lines: it reads what is written down and looks at nothing else, so it is quick. Where the pane belongs to no session it prints nothing and exits 3.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh pane", "the session of this pane"),
        new("sesh pane --columns name,status", "its name and turn status"),
        new("set -g status-right '#(sesh pane --columns name --pane #{pane_id} --socket-path #{socket_path})'", "in tmux.conf"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var columns = context.Get(_columns) is { } text ? ChosenColumns.Of(text) : ["uuid"];
        if (_pane.Choose(context) is not { } chosen)
            return NobodysPane;
        var owner = new PaneOwner(context.Live, context.Tmux, ProcessTable.Open).Of(chosen.Pane, chosen.Socket, context.Snapshot.Find);
        if (owner is null)
            return NobodysPane;
        var view = context.View(owner);
        if (context.Out.Json)
            context.Out.WriteJson(json => SessionJson.Write(json, view));
        else
            context.Out.Tsv([.. columns.Select(c => SessionField.Text(view, c))]);
        return 0;
    }

    protected override void Define(Command command)
    {
        _pane.AddTo(command);
        command.Add(_columns);
    }
}
