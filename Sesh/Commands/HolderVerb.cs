using System.CommandLine;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>A verb for whoever holds a session, which is named always, on the machine that owns it.</summary>
internal abstract class HolderVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<bool> _force = Ask.Flag("--force", "also where it is live twice, whose history may fork: in the first of the two");

    public sealed override string Usage => "<uuid>";

    protected sealed override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_force);
    }

    public sealed override int Run(Context context)
    {
        var record = context.Session(context.Selector(context.Get(_uuid)!));
        var force = context.Get(_force);
        if (!context.IsOwn(record))
            return Owner.Of(context, record, wait: false).Ask(Name, [record.Uuid.ToString(), .. force ? (string[])["--force"] : []]);
        Act(context, record, force);
        return 0;
    }

    /// <summary>On this machine, which owns it; tells what came of it.</summary>
    protected abstract void Act(Context context, SessionRecord record, bool force);
}
