using System.CommandLine;
using Sesh.Output;
using Sesh.Sessions.Naming;
using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class AutonameVerb : Verb
{
    private const int Partial = 5;

    private readonly Argument<string?> _uuid = new("uuid") { Description = "uuid, or the first letters of it or of the agent's id", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<bool> _all = Ask.Flag("--all", "every session that is not archived, of this machine and of those that can be reached");

    public override string Name => "autoname";

    public override string Usage =>
        """
        <uuid>
        --all
        """;

    public override string Summary => "have a model name sessions by what was said in them";

    public override string Description =>
        """
        Asks a model once, with the transcript's beginning and end on its standard input: pi without tools and without a trace, or [autoname] command of config.toml, a line for your shell that reads a prompt and prints a name. Made one short line, the answer becomes the session's name; autoname may replace it again.

        A session that a person has named is left alone: autoname-toggle --on changes that. With --all such sessions, and those without a transcript, are skipped with a note; one that fails keeps none of the others. Each machine names its own; where one cannot be reached the exit status is 5.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh autoname 3f2a", "one session"), new("sesh autoname --all", "all that nobody has named"), new("sesh autoname --all --machine desk", "those of one machine")];

    public override IReadOnlyList<string> JsonFields => ["uuid", "name"];

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_all);
    }

    public override int Run(Context context)
    {
        var word = context.Get(_uuid);
        if (context.Get(_all))
            return word is null ? All(context) : throw new UsageException("a uuid or --all, not both");
        var record = context.Session(context.Selector(word ?? throw new UsageException("which session?", "give its uuid, or --all")));
        if (!context.IsOwn(record))
            return Owner.Of(context, record, wait: false).Ask(Name, [record.Uuid.ToString()]);
        var named = context.Autonaming.Run(record.Uuid, context.Out.Note, context.Cancel);
        if (context.Out.Json)
            context.Out.WriteJson(json => Write(json, named));
        else
            context.Out.Line(named.Name);
        return 0;
    }

    private static int All(Context context)
    {
        var records = context.Snapshot.Records().Where(r => r is { Deleted: false, Archived: false } && !Sessions.KnownSessions.IsVoid(r)
            && (context.MachineOption is not { } only || r.Machine == only) && (context.RequestFrom is null || !r.Private)).ToList();
        var others = context.RequestFrom is not null ? []
            : records.Where(r => !context.IsOwn(r)).Select(r => r.Machine).Distinct().Order(StringComparer.Ordinal).Where(m => MachineName.TryParse(m, out _)).Select(MachineName.Parse).ToList();
        // One of which nothing is known has sessions that we have not heard of, or there is no such machine: asking it tells.
        if (context.RequestFrom is null && context.MachineOption is { } asked && asked != context.Machine?.Text && !others.Exists(m => m.Text == asked))
            others.Add(MachineName.Parse(asked));
        var asking = Elsewhere.Begin(context, others, "autoname", ["--all"], context.Cancel);
        List<Named> named = [];
        var failed = Own(context, [.. records.Where(context.IsOwn)], named);
        List<Unreachable> unreachable = [];
        foreach (var answer in asking.GetAwaiter().GetResult())
        {
            failed |= answer.Status == 1;
            if (Read(context.Out, answer, named) is { } why)
            {
                context.Out.Warning($"{answer.Machine} names none: {why.Message}", why.Hint);
                unreachable.Add(new Unreachable(answer.Machine.Text, why.Code, why.Message, why.Hint));
            }
        }

        if (context.Out.Json)
        {
            context.Out.WriteJson(json => PartialJson.Write(json, unreachable, () =>
            {
                json.StartArray();
                foreach (var one in named)
                    Write(json, one);
                json.EndArray();
            }));
        }

        return unreachable.Count > 0 ? Partial : failed ? 1 : 0;
    }

    /// <summary>This machine's. True where one failed.</summary>
    private static bool Own(Context context, IReadOnlyList<SessionRecord> records, List<Named> named)
    {
        var failed = false;
        int byHand = 0, unsaid = 0;
        List<SessionId> nameable = [];
        foreach (var record in records)
        {
            if (record.AutoRename)
                nameable.Add(record.Uuid);
            else
            {
                byHand++;
                context.Out.Detail($"{record.Uuid} is left alone: a person named it");
            }
        }

        if (byHand > 0)
            context.Out.Note($"{byHand} left alone: a person named {(byHand == 1 ? "it" : "them")}");
        if (nameable.Count == 0)
            return false;
        context.Autonaming.Run(
            nameable,
            done =>
            {
                named.Add(done);
                Print(context.Out, done);
            },
            (session, failure) =>
            {
                if (failure.Code is "no-transcript" or "nothing-said" or "named-by-hand")
                {
                    unsaid++;
                    context.Out.Detail($"{session} is left out: {failure.Message}");
                    return;
                }

                failed = true;
                context.Out.Warning($"{session} is not named: {failure.Message}", failure.Hint);
            },
            context.Out.Note,
            context.Cancel);
        if (unsaid > 0)
            context.Out.Note($"{unsaid} left out: nothing to name {(unsaid == 1 ? "it" : "them")} by");
        return failed;
    }

    /// <summary>What another machine has named; why it has not, where that is so.</summary>
    private static SeshException? Read(Printer output, Answer answer, List<Named> named) => answer.Read(root =>
    {
        foreach (var element in root.EnumerateArray())
        {
            var one = new Named(SessionId.Parse(element.GetProperty("uuid").GetString()!), element.GetProperty("name").GetString() ?? "");
            named.Add(one);
            Print(output, one);
        }
    });

    private static void Print(Printer output, Named named)
    {
        if (output.Json)
            return;
        output.Tsv(named.Session.ToString(), named.Name);
        output.Flush();
    }

    private static void Write(JsonWriter json, Named named)
    {
        json.StartObject();
        json.Property("uuid"u8, named.Session);
        json.Property("name"u8, named.Name);
        json.EndObject();
    }
}
