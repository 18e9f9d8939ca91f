using System.CommandLine;

namespace Sesh.Commands;

internal sealed class ResumeVerb : Verb
{
    private readonly Argument<string?> _uuid = new("uuid")
    {
        Description = "uuid, or the first letters of it or of the agent's id; left out: choose from a list",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _target = Ask.Text("--target", "socket:session", "detached: the tmux session to open a window in, made if absent");

    private readonly Option<bool> _fork = Ask.Flag("--fork", "go on in a new session, \"NAME (fork)\", with this one's history");

    private readonly Option<string> _cwd = Ask.Text("--cwd", "dir", "work there instead of in the recorded cwd; for good where that is gone");

    private readonly Option<bool> _force = Ask.Flag("--force", "also where it cannot be told whether the session is live");

    public override string Name => "resume";

    public override string Usage => "[<uuid>]";

    public override string Summary => "go to a session: to its pane where it is live, else by resuming it in a new window";

    public override string Description =>
        """
        Inside tmux the client is switched, outside it is attached. A live session is never resumed a second time: live without a pane it is refused, and said where it lives.
        A session of another machine is gone to there on this terminal: by ssh, or over a link where ssh cannot go (a machine that only dials in, or is reached through another).
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh resume 8b7b", "go there"),
        new("sesh resume", "choose one"),
        new("sesh resume 8b7b --target default:work", "in the tmux session \"work\""),
        new("sesh resume 8b7b --fork", "a second line from the same history"),
    ];

    protected override void Define(Command command)
    {
        foreach (var option in (Option[])[_target, _fork, _cwd, _force])
            command.Add(option);
        command.Add(_uuid);
    }

    public override int Run(Context context)
    {
        var going = new GoThere
        {
            Target = context.Get(_target),
            Fork = context.Get(_fork),
            Cwd = context.IsGiven(_cwd) ? context.Get(_cwd) : null,
            Force = context.Get(_force),
            Options = context.GivenOptions(),
            Words = context.GivenOptionWords(),
        };
        return going.Run(context, context.Get(_uuid) is { } uuid ? context.Session(uuid) : Picker.Pick(context, "name the session: sesh resume <uuid>").Record);
    }
}
