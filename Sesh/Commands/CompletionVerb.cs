using System.CommandLine;
using Sesh.Config;

namespace Sesh.Commands;

internal sealed class CompletionVerb : Verb
{
    private readonly Argument<string> _shell = new("shell") { Description = string.Join(", ", CompletionScript.Shells) };

    public override string Name => "completion";

    public override string Usage => "bash|zsh|fish";

    public override string Summary => "print a shell's completion script";

    public override string Description => "Completes verbs, options, uuids (with names), tags, machines, agents and columns, from this machine's files.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("source <(sesh completion bash)", "in ~/.bashrc"),
        new("source <(sesh completion zsh)", "in ~/.zshrc, after compinit"),
        new("sesh completion fish | source", "in ~/.config/fish/config.fish"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override int Run(Context context)
    {
        var shell = context.Get(_shell)!;
        var script = CompletionScript.For(shell)
            ?? throw new UsageException($"no completion for {shell}", Nearest.To(shell, CompletionScript.Shells) is { } near ? $"did you mean {near}?" : $"there is: {string.Join(", ", CompletionScript.Shells)}");
        context.Out.Text(script);
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Shell : Completes.Nothing;

    protected override void Define(Command command) => command.Add(_shell);
}
