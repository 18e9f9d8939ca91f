using System.CommandLine;
using Sesh.Sessions;
using Sesh.Sync;

namespace Sesh.Commands;

internal sealed class PaneResolveVerb : Verb
{
    private readonly PaneOptions _pane = new("the pane (default: the one this runs in)");

    public override string Name => "pane-resolve";

    public override string Usage => "[--pane %ID] [--socket-path <path>]";

    public override string Summary => "show the agent live in a tmux pane, recorded or not";

    public override string Description =>
        """
        Prints the uuid of the session that the pane's agent holds. Exits 3 where there is no agent in the pane, 4 where there is one and nothing tells its session.
        """;

    public override IReadOnlyList<Example> Examples => [new("uuid=$(sesh pane-resolve --pane %3) && sesh register \"$uuid\" --agent claude", "record what runs in a pane")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["uuid", "agent", "cwd", "machine", "tmux"];

    protected override void Define(Command command) => _pane.AddTo(command);

    public override int Run(Context context)
    {
        var (pane, socket) = _pane.Choose(context) ?? throw new UsageException("no pane: this does not run inside tmux", "give --pane %ID, and --socket-path where it is not the default server's");
        var found = new PaneResolving(context.Walk, context.Tmux, context.Machine).Resolve(context.Snapshot, pane, socket, context.HeldRows());
        if (found.Finding == PaneFinding.NoAgent)
            throw new SeshException("no-agent", $"no agent runs in pane {pane} of {socket}", exitCode: 3);
        if (found.Finding == PaneFinding.Unresolvable)
            throw new SeshException("unresolvable", $"{found.Agent} runs in pane {pane}, and nothing tells its session", "give it a turn and try again", exitCode: 4);
        if (!context.Out.Json)
        {
            context.Out.Line(found.Uuid!.Value.ToString());
            return 0;
        }

        context.Out.WriteJson(json =>
        {
            json.StartObject();
            json.Property("uuid"u8, found.Uuid!.Value);
            json.Property("agent"u8, found.Agent);
            json.Property("cwd"u8, found.Cwd);
            json.Property("machine"u8, context.Machine?.Text);
            json.Name("tmux"u8);
            TmuxJson.Write(json, found.Place);
            json.EndObject();
        });
        return 0;
    }
}
