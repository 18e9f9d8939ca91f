using System.CommandLine;
using Sesh.Sessions;

namespace Sesh.Commands;

internal sealed class AdoptVerb : Verb
{
    private readonly Argument<string[]> _what = Ask.Words("path or id", "transcripts, ids, or beginnings of ids; without any: everything there is", optional: true);

    private readonly Option<string> _agent = Ask.Agent("sessions of this agent alone");

    private readonly Option<TimeSpan?> _since = Ask.Duration("--since", "only what changed within this time; 0 for all");

    private readonly Option<bool> _all = Ask.Flag("--all", "also transcripts of workers (sub-agents, title writers), and those in which nobody has said anything");

    private readonly Option<bool> _dryRun = Ask.Flag("--dry-run", "show what would be adopted; write nothing");

    public override string Name => "adopt";

    public override string Usage => "[<path or id>…]";

    public override string Summary => "record the sessions that exist on this machine";

    public override string Description =>
        """
        Looks through the agents' own folders and at the agents alive now, and records what is not recorded yet, newest first, as one operation that "sesh undo" takes back. A session's name is its title, else its first prompt. Run it as often as you like: what is known is left as it is, and what somebody deleted stays deleted ("sesh register ID" revives it). Sessions of folders that [privacy] paths names are recorded as private, by an operation of their own.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh adopt", "everything"),
        new("sesh adopt --dry-run --since 2w", "what there is of the last two weeks"),
        new("sesh adopt ~/.claude/projects/-src-app/8b7b4450-….jsonl", "one transcript"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["dryRun", "operations", "sessions"];

    protected override void Define(Command command)
    {
        command.Add(_what);
        command.Add(_agent);
        command.Add(_since);
        command.Add(_all);
        command.Add(_dryRun);
    }

    public override int Run(Context context)
    {
        var request = new AdoptRequest(
            [.. (context.Get(_what) ?? []).Select(w => IsPath(w) ? context.FullPath(w) : w)],
            context.Get(_agent),
            context.Get(_since) is { Ticks: > 0 } since ? context.Now - (long)since.TotalMilliseconds : null,
            context.Get(_all),
            context.Get(_dryRun));
        var machine = context.MachineOrFail;
        var seen = context.LookAround(write: !request.DryRun);
        // One without a pane counts by its transcript: without that it may be of another user, or of a home that is not this one.
        var live = seen.Unregistered.Concat(seen.Unresolvable).Where(o => o.Sighting.Pane is not null).Select(o => o.Sighting.Agent).ToList();
        var adopting = new Adopting(context.Store, machine, context.Agents, context.ReadFacts, context.IsPrivate);
        AdoptReport report;
        try
        {
            report = adopting.Run(request, live, context.Cancel);
        }
        finally
        {
            // What was read of ten thousand transcripts is worth keeping, however this ended.
            context.TranscriptCache.Save();
        }

        if (report.Operations.Count > 0)
            context.LookAtRecorded();
        var alive = seen.Rows.Where(r => r.Live).Select(r => r.Uuid).ToHashSet();
        AdoptView.Print(context.Out, report.Seeing(alive), request.DryRun, context.Time);
        return 0;
    }

    private static bool IsPath(string what) => what.Contains('/', StringComparison.Ordinal) || what.EndsWith(".jsonl", StringComparison.Ordinal);
}
