using System.CommandLine;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

internal sealed class RetagVerb : Verb
{
    private readonly Argument<string[]> _words = Ask.Words("old=new", "which tag becomes which; before it the uuid, unless the session this runs in is meant");

    public override string Name => "retag";

    public override string Usage => "[<uuid>] <old=new>…";

    public override string Summary => "exchange a tag of a session for another";

    public override string Description => "Fails, and changes nothing, where the session has not the old tag.";

    public override IReadOnlyList<Example> Examples => [new("sesh retag 3f2a todo=done", "done instead of todo")];

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var words = context.Get(_words)!;
        var hasUuid = !words[0].Contains('=');
        var selector = context.Selector(hasUuid ? words[0] : null);
        var pairs = words.Skip(hasUuid ? 1 : 0).Select(Pair).ToList();
        if (pairs.Count == 0)
            throw new UsageException("retag needs <old=new>", "see \"sesh retag --help\"");
        var records = context.Labels(this).Write(
            snapshot =>
            {
                var record = context.Select(snapshot).One(selector);
                var missing = pairs.Find(p => !record.Tags.Contains(p.Old)).Old;
                return missing is null ? [record] : throw new SeshException("not-tagged", $"{record.Uuid} has no tag {missing}", $"see \"sesh info {record.Uuid}\"");
            },
            record => Changes(record.Uuid, pairs));
        context.ShowChanged(records, $"retagged {string.Join(", ", pairs.Select(p => $"{p.Old}={p.New}"))}");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Session : Completes.OwnTagToChange;

    protected override void Define(Command command) => command.Add(_words);

    private static IEnumerable<Change> Changes(SessionId session, List<(string Old, string New)> pairs)
    {
        // Off before on, so that an exchange of two tags leaves both.
        foreach (var (old, _) in pairs.Where(p => !pairs.Exists(q => q.New == p.Old)))
            yield return new Change(new Register(session, Field.Tag, old), Value.Absent);
        foreach (var tag in pairs.Select(p => p.New).Distinct())
            yield return new Change(new Register(session, Field.Tag, tag), Value.True);
    }

    private static (string Old, string New) Pair(string word)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (LabelText.Tag(word[..at]), LabelText.Tag(word[(at + 1)..])) : throw new UsageException($"not old=new: {word}", "see \"sesh retag --help\"");
    }
}
