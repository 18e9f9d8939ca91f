using System.CommandLine;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

/// <summary><c>tag</c> and <c>untag</c>.</summary>
internal sealed class TagVerb(bool add) : Verb
{
    private readonly Argument<string[]> _words = Ask.Words("tag", "tags; before them the uuid, unless the session this runs in is meant, which then takes one tag");

    public override string Name => add ? "tag" : "untag";

    public override string Usage => "<uuid> <tag>…\n<tag>";

    public override string Summary => add ? "put tags on a session" : "take tags off a session";

    public override string Description =>
        """
        Works for any machine's session, online or not. A tag is one line without commas. A tag put on here survives one that is taken off elsewhere at the same time.
        Inside a session a single word is a tag for this one; with several words the first is always the uuid.
        """;

    public override IReadOnlyList<Example> Examples => add
        ? [new("sesh tag 3f2a work urgent", "two tags on a session"), new("sesh tag work", "inside a session: on this one")]
        : [new("sesh untag 3f2a urgent", "take one off"), new("sesh untag work", "inside a session: off this one")];

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var words = context.Get(_words)!;
        var selector = context.Selector(words.Length > 1 ? words[0] : null, "one word alone is a tag");
        var tags = words.Skip(words.Length > 1 ? 1 : 0).Select(LabelText.Tag).Distinct().ToList();
        var records = context.Labels(this).Write(
            snapshot => [context.Select(snapshot).One(selector)],
            record => tags.Where(t => add || record.Tags.Contains(t))
                .Select(t => new Change(new Register(record.Uuid, Field.Tag, t), add ? Value.True : Value.Absent)));
        foreach (var tag in tags.Where(t => !add && !records[0].Tags.Contains(t)))
            context.Out.Note($"{records[0].Uuid} has no tag {tag}");
        context.ShowChanged(records, $"{(add ? "tagged" : "untagged")} {string.Join(", ", tags)}");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Session : add ? Completes.Tag : Completes.OwnTag;

    protected override void Define(Command command) => command.Add(_words);
}
