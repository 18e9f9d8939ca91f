using System.CommandLine;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

internal sealed class RenameVerb : Verb
{
    private readonly Argument<string[]> _words = new("name") { Description = "the new name, one line; before it the uuid, unless the session this runs in is meant", Arity = new ArgumentArity(1, 2) };
    private readonly Option<bool> _keepAuto = Ask.Flag("--keep-auto", "let autoname rename it again");

    public override string Name => "rename";

    public override string Usage => "[<uuid>] <name>";

    public override string Summary => "name a session";

    public override string Description => "Works for any machine's session, online or not. A session that a person has named is not renamed by autoname, unless --keep-auto is given.";

    public override IReadOnlyList<Example> Examples =>
        [new("sesh rename 3f2a 'fix the login'", "name a session"), new("sesh rename 'fix the login'", "inside a session: name this one")];

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var words = context.Get(_words)!;
        var selector = context.Selector(words.Length == 2 ? words[0] : null, "one word alone is a name");
        var name = LabelText.Name(words[^1]);
        var keepAuto = context.Get(_keepAuto);
        var records = context.Labels(this).Write(
            snapshot => [context.Select(snapshot).One(selector)],
            record => Changes(record.Uuid, name, keepAuto));
        context.ShowChanged(records, $"renamed to {name}");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Session : Completes.Nothing;

    protected override void Define(Command command)
    {
        command.Add(_words);
        command.Add(_keepAuto);
    }

    private static IEnumerable<Change> Changes(SessionId session, string name, bool keepAuto)
    {
        yield return new Change(new Register(session, Field.Name), Value.Of(name));
        if (!keepAuto)
            yield return new Change(new Register(session, Field.AutoRename), Value.False);
    }
}
