using System.CommandLine;

namespace Sesh.Commands;

/// <summary>For help, and for a command line with global options in front; any other goes by <see cref="ReportCall"/> alone.</summary>
internal sealed class ReportVerb : Verb
{
    private readonly Option<string> _agent = Ask.Agent("whose hook runs it");

    private readonly Argument<string[]> _words = Ask.Words("json", "the agent's JSON; before it, a program to run with it", optional: true);

    public override string Name => "report";

    public override string Usage => "--agent <agent> [json]\n--agent <agent> -- <program>... <json>";

    public override string Summary => "note what an agent's own hook tells (agents run it)";

    public override string Description =>
        """
        "sesh reporters install" enters it in the agents' own settings. It takes the agent's JSON as its last word, else from standard input, notes in the home whose turn it is and which session the agent holds, prints nothing and exits 0 whatever happens. Behind "--", a program of the user's own is run with the JSON afterwards.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh report --agent claude <hook.json", "as Claude Code runs it at the start and the end of each turn")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override bool IsTyped => false;

    public override int Run(Context context)
    {
        List<string> words = ["report", "--home", context.Home, "--agent", context.Get(_agent) ?? ""];
        if (context.HasDoubleDash)
            words.Add("--");
        return ReportCall.Run([.. words, .. context.Get(_words) ?? []], context.Surroundings);
    }

    protected override void Define(Command command)
    {
        command.Add(_agent);
        command.Add(_words);
    }
}
