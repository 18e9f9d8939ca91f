using System.CommandLine;
using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class FindVerb : Verb
{
    private const int Few = 16;

    private readonly Argument<string> _prefix = new("prefix") { Description = "the first letters of a uuid or of an agent's id" };

    public override string Name => "find";

    public override string Usage => "<prefix>";

    public override string Summary => "list every session whose uuid begins so, archived ones too";

    public override string Description => "Reads this machine's files only and looks at nothing anew. Exits 1 where nothing matches.";

    public override IReadOnlyList<Example> Examples => [new("sesh find 3f", "all sessions whose uuid begins with 3f"), new("sesh find 3f --jq '.[].uuid'", "their uuids")];

    public override MachineMeaning Machine => MachineMeaning.Filters;

    public override IReadOnlyList<string> JsonFields => SessionJson.Fields;

    public override int Run(Context context)
    {
        var prefix = context.Get(_prefix)!;
        var records = context.Select(context.Snapshot).Matching(prefix);
        var views = records.Select(context.View).ToList();
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartArray();
                foreach (var view in views)
                    SessionJson.Write(json, view);
                json.EndArray();
            });
            return views.Count > 0 ? 0 : 1;
        }

        if (views.Count == 0)
            throw new SeshException("not-found", $"no session matches {prefix}", "see \"sesh list --archived\"");
        SessionTable.Write(context, views, Alike(context, records));
        return 0;
    }

    /// <summary>Every session that the short ids of these could mean; all of them where there are many to ask for.</summary>
    private static IEnumerable<SessionRecord> Alike(Context context, IReadOnlyList<SessionRecord> records) => records.Count > Few
        ? context.Snapshot.Records()
        : records.SelectMany(r => context.Snapshot.Match(ShortIds.Beginning(r.Uuid))).DistinctBy(r => r.Uuid).OrderBy(r => r.Uuid);

    protected override void Define(Command command) => command.Add(_prefix);
}
