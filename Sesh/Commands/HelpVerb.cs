using System.CommandLine;
using Sesh.Config;

namespace Sesh.Commands;

internal sealed class HelpVerb : Verb
{
    private readonly Argument<string[]> _words = Ask.Words("verb or topic", $"a verb, or one of {string.Join(", ", Topics.Names)}", optional: true);

    public override string Name => "help";

    public override string Usage => "[<verb>|<topic>]";

    public override string Summary => "explain sesh, a verb or a topic";

    public override IReadOnlyList<Example> Examples => [new("sesh help list", "all about list"), new("sesh help exit-codes", "what the exit status means")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override int Run(Context context)
    {
        var name = string.Join(' ', context.Get(_words) ?? []);
        if (name.Length == 0)
        {
            VerbHelp.Write(context.Out, null);
        }
        else if (Verbs.Find(name) is { } verb)
        {
            VerbHelp.Write(context.Out, verb);
        }
        else if (Topics.Text(name) is { } topic)
        {
            VerbHelp.Paragraphs(context.Out, topic);
        }
        else if (Verbs.IsGroup(name))
        {
            VerbHelp.Pairs(context.Out, [.. Verbs.All().Where(v => v.Name.StartsWith(name + " ", StringComparison.Ordinal)).Select(v => ("sesh " + v.Name, v.Summary))]);
        }
        else
        {
            var near = Nearest.To(name, Verbs.All().Select(v => v.Name).Concat(Topics.Names));
            throw new UsageException($"no verb and no topic: {name}", near is null ? "see \"sesh help\"" : $"did you mean \"{near}\"?");
        }

        return 0;
    }

    public override Completes Complete(int position) => Completes.Verb;

    protected override void Define(Command command) => command.Add(_words);
}
