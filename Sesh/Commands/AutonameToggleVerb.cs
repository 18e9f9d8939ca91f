using System.CommandLine;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

internal sealed class AutonameToggleVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<bool> _on = Ask.Flag("--on", "autoname may name it");

    private readonly Option<bool> _off = Ask.Flag("--off", "autoname leaves it alone");

    public override string Name => "autoname-toggle";

    public override string Usage => "<uuid> [--on|--off]";

    public override string Summary => "let autoname name a session, or not";

    public override string Description => "Works for any machine's session, online or not. With neither option the setting is turned round. Naming a session by rename turns it off.";

    public override IReadOnlyList<Example> Examples => [new("sesh autoname-toggle 3f2a --off", "keep the name it has"), new("sesh autoname-toggle 3f2a --on; sesh autoname 3f2a", "name it anew")];

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_on);
        command.Add(_off);
    }

    public override int Run(Context context)
    {
        if (context.Get(_on) && context.Get(_off))
            throw new UsageException("--on or --off, not both");
        var selector = context.Selector(context.Get(_uuid)!);
        var wanted = true;
        var records = context.Labels(this).Write(
            snapshot => [context.Select(snapshot).One(selector)],
            record =>
            {
                wanted = context.Get(_on) || (!context.Get(_off) && !record.AutoRename);
                return wanted == record.AutoRename ? [] : [new Change(new Register(record.Uuid, Field.AutoRename), Value.Of(wanted))];
            });
        context.ShowChanged(records, wanted ? "may be named by autoname" : "is left alone by autoname");
        return 0;
    }
}
