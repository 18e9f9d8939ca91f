using System.CommandLine;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

/// <summary><c>archive</c> and <c>unarchive</c>.</summary>
internal sealed class ArchiveVerb(bool archive) : Verb
{
    private readonly Argument<string[]> _uuids = Ask.Words("uuid", "sessions; left out: the one this runs in", optional: true);

    public override string Name => archive ? "archive" : "unarchive";

    public override string Usage => "[<uuid>…]";

    public override string Summary => archive ? "put sessions out of sight" : "bring archived sessions back";

    public override string Description => archive
        ? "An archived session is listed with --archived alone; nothing else changes, and an agent that runs in it goes on. All of them are one change, which \"sesh undo\" takes back."
        : "";

    public override IReadOnlyList<Example> Examples => archive
        ? [new("sesh archive 3f2a 77b0", "two sessions"), new("sesh list --columns uuid --tag done | xargs sesh archive", "all that are done")]
        : [new("sesh unarchive 3f2a", "a session")];

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var selectors = context.Selectors(context.Get(_uuids));
        var records = context.Labels(this).Write(
            snapshot => context.Select(snapshot).Several(selectors),
            record => [new Change(new Register(record.Uuid, Field.Archived), Value.Of(archive))]);
        context.ShowChanged(records, archive ? "archived" : "unarchived");
        return 0;
    }

    public override Completes Complete(int position) => archive ? Completes.Session : Completes.ArchivedSession;

    protected override void Define(Command command) => command.Add(_uuids);
}
