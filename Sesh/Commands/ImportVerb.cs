using System.CommandLine;
using Sesh.Sessions.Import;

namespace Sesh.Commands;

internal sealed class ImportVerb : Verb
{
    private readonly Argument<string> _file = new("file") { Arity = ArgumentArity.ZeroOrOne, Description = "the old store (default: sessions.json, else sesh.db, in the home)" };

    private readonly Option<bool> _dryRun = Ask.Flag("--dry-run", "show what would be imported; write nothing");

    private readonly Option<bool> _force = Ask.Flag("--force", "accepted for the older guide's sake; import is safe beside anything");

    public override string Name => "import";

    public override string Usage => "[<file>]";

    public override string Summary => "bring the records of an older sesh in";

    public override string Description =>
        """
        Reads sessions.json (an array of records, an object with a "sessions" array, or a map by uuid) or sesh.db (SQLite). The source is only read. What is recorded here already stays as it is, so a second run writes nothing; all of one run is one operation, which "sesh undo" takes back. An older store holds copies of other machines' records as well: those are left, for their owners to import; whatever could not be taken is listed with the reason.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh import --dry-run", "what there is to import"),
        new("sesh import ~/old/.sesh/sesh.db", "a database"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["source", "dryRun", "operations", "records"];

    protected override void Define(Command command)
    {
        command.Add(_file);
        command.Add(_dryRun);
        command.Add(_force);
    }

    public override int Run(Context context)
    {
        var machine = context.MachineOrFail;
        var file = context.Get(_file);
        if (file is { Length: 0 })
            throw new UsageException("the file's name is empty", "leave it out for the default");
        var dryRun = context.Get(_dryRun);
        var report = new Importing(context.Store, machine, context.IsPrivate).Run(file is null ? null : context.FullPath(file), dryRun);
        if (report.Operations.Count > 0)
            context.LookAtRecorded();
        ImportView.Print(context.Out, report, dryRun, machine.Text);
        return 0;
    }
}
