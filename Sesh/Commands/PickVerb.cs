using System.CommandLine;

namespace Sesh.Commands;

internal sealed class PickVerb : Verb
{
    private readonly Option<string> _select = Ask.Text("--select", "uuid", "this session, without a screen: uuid, or the first letters of it or of the agent's id");

    private readonly Option<bool> _enter = Ask.Flag("--enter", "go there, as \"sesh resume\" does, instead of printing");

    private readonly Option<string> _format = Ask.OneOf("--format", Picked.Formats, "json (the default), nul (the values alone, each ended by NUL) or kv (lines for a shell's eval)", "format");

    private readonly Option<string> _action = Ask.Text("--action", "verb", "what \"action\" is to say instead of goto (live in a pane) or resume");

    public override string Name => "pick";

    public override string Usage => "[--select <uuid>] [options]";

    public override string Summary => "choose a session from a list and print it";

    public override string Description =>
        $"""
        The list is shown on the terminal, also where standard output is captured. Type to narrow it: every word must occur in a row. Up, down, ctrl-p and ctrl-n move, Enter chooses, Esc and ctrl-c leave (exit status 130). No session to choose from: exit status 3.

        What is printed, in this order: {string.Join(", ", Picked.Names)}. In kv every value is quoted for a shell, and tmux's are empty where the session is in no pane.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh pick --enter", "choose a session and go there"),
        new("eval \"$(sesh pick --format kv)\" && echo \"$uuid $name\"", "in a shell"),
        new("sesh pick --select 8b7b --format nul", "without a screen"),
    ];

    public override IReadOnlyList<string> JsonFields => Picked.Fields;

    public override int Run(Context context)
    {
        var format = context.Get(_format) ?? "json";
        if (context.Out.Json && format != "json")
            throw new UsageException($"--format {format} and --json exclude each other");
        if (context.IsGiven(_action) && string.IsNullOrWhiteSpace(context.Get(_action)))
            throw new UsageException("--action is empty", "name a verb, such as resume");
        var view = context.Get(_select) is { } uuid ? context.FreshView(context.Session(uuid)) : Picker.Pick(context, "name the session with --select <uuid>");
        if (context.Get(_enter))
            return new GoThere().Run(context, view.Record);
        new Picked(view, context.Get(_action)).Write(context.Out, format);
        return 0;
    }

    protected override void Define(Command command)
    {
        foreach (var option in (Option[])[_select, _enter, _format, _action])
            command.Add(option);
    }
}
