using System.CommandLine;
using Sesh.Sessions.Driving;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

internal sealed class DeleteVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();
    private readonly Option<bool> _force = Ask.Flag("--force", "even while its agent runs, and even where nothing may carry the deletion to its owner", "-f");

    public override string Name => "delete";

    public override string Usage => "<uuid> [--force]";

    public override string Summary => "delete a session's record, everywhere";

    public override string Description =>
        """
        Leaves a tombstone that spreads to every machine; the transcript is the agent's and stays. "sesh undo" takes it back; later, "sesh register" does.
        Needs --force for a live session, whose agent would go on without a record, and for one whose owner is in nobody's list of peers.
        Never means the session that it runs in: the uuid must be given.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh delete 3f2a", "a session"), new("sesh delete --force 3f2a", "although its agent runs")];

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var selector = context.Selector(context.Get(_uuid)!);
        // Looked at before the lock is taken: a look asks tmux, and every other writer would wait for that.
        var meant = context.FreshView(context.Session(selector));
        if (!context.Get(_force))
            Guard(context, meant);
        var records = context.Labels(this).Write(
            snapshot => [snapshot.Find(meant.Record.Uuid) is { Deleted: false } record ? record : throw new SeshException("deleted", $"session {meant.Record.Uuid} was deleted meanwhile")],
            record => [new Change(new Register(record.Uuid, Field.Deleted), Value.True)]);
        TurnFile.Remove(context.Home, meant.Record.Uuid);
        context.ShowChanged(records, "deleted");
        return 0;
    }

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_force);
    }

    /// <summary>It exchanges with this machine, or with one that does: what is deleted here reaches it as its news reached us.</summary>
    private static bool IsHeardOf(Context context, string machine) =>
        context.Live.All().Values.Any(held => held.Machine == machine) || (MachineName.TryParse(machine, out var name) && context.Contacts.Of(name).LastContact > 0);

    private static void Guard(Context context, Sessions.SessionView view)
    {
        var record = view.Record;
        if (view.Live)
        {
            var where = view.Tmux is { } tmux ? $" in pane {tmux.Pane} of {tmux.Session}" : "";
            throw new SeshException("live", $"session {record.Uuid} is live{where} on {record.Machine}: its agent would be orphaned", "end the agent first, or give --force");
        }

        if (!context.IsOwn(record) && PeersFile.Load(context.Home).Find(record.Machine) is null && !IsHeardOf(context, record.Machine))
        {
            throw new SeshException(
                "orphan", $"session {record.Uuid} is owned by {record.Machine}, which is no peer and was never heard of: nothing would tell it", "give --force to delete it all the same");
        }
    }
}
