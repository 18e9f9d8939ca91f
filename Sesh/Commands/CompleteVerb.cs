using System.CommandLine;

namespace Sesh.Commands;

/// <summary>What the completion scripts call: the words up to the cursor, the last of them begun or empty.</summary>
internal sealed class CompleteVerb : Verb
{
    private readonly Argument<string[]> _words = Ask.Words("words", "the words up to the cursor", optional: true);

    public override string Name => "__complete";

    public override string Usage => "-- <words>";

    public override string Summary => "list completions of a command line, for shells";

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override bool Hidden => true;

    public override int Run(Context context)
    {
        foreach (var (value, what) in new Completion(context).Of(context.Get(_words) ?? []))
            context.Out.Tsv(value, what);
        return 0;
    }

    protected override void Define(Command command) => command.Add(_words);
}
