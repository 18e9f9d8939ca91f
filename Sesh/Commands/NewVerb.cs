using System.CommandLine;
using Sesh.Agents;
using Sesh.Sessions;
using Sesh.Sessions.Driving;
using Sesh.Sync;

namespace Sesh.Commands;

internal sealed class NewVerb : Verb
{
    private readonly Option<string> _agent = Ask.Agent("which agent");

    private readonly Option<string> _name = Ask.Text("--name", "name", "what to call it");

    private readonly Option<string[]> _tags = Ask.Texts("--tag", "tag", "give it this tag (repeatable)");

    private readonly Option<string> _cwd = Ask.Text("--cwd", "dir", "where it works (default: here)");

    private readonly Option<string> _target = Ask.Text("--target", "socket:session", "the tmux session to open a window in, made if absent (default: the current one, else \"sesh\")");

    private readonly Option<string> _model = Ask.Text("--model", "model", "which model (default: [models] in config.toml, else the agent's own)");

    private readonly Option<string> _sessionId = Ask.Text("--session-id", "uuid", "its uuid; must not be in use");

    private readonly Option<bool> _private = Ask.Flag("--private", "it never leaves this machine");

    private readonly Option<bool> _noLaunch = Ask.Flag("--no-launch", "record it, start nothing");

    private readonly Option<bool> _dryRun = Ask.Flag("--dry-run", "show the plan; do nothing");

    private readonly Option<string> _msg = Ask.Text("--msg", "text", "say this first, wait for the answer and print it; the uuid goes to standard error then");

    private readonly Option<bool> _noWait = Ask.Flag("--no-wait", "with --msg: return when the message is taken up");

    private readonly Option<bool> _headless = Ask.Flag("--headless", "with --msg: the first turn without tmux");

    private readonly Argument<string[]> _arguments = Ask.Words("args", "after --: handed to the agent", optional: true);

    public override string Name => "new";

    public override string Usage => "--agent <agent> [-- <args>…]";

    public override string Summary => "start an agent in a new tmux window, recorded from birth";

    public override string Description =>
        """
        Prints the new session's uuid. With --msg it says something to it as soon as it is ready, as send would, and prints the answer; the uuid goes to standard error. With --headless that first turn is run without tmux, and the session is detached afterwards; of a turn that fails no session is recorded; what the agent has written of it is its own, and sesh adopt finds it.

        A launch that dies within three seconds fails with the pane's last words, and nothing of it remains. Codex chooses its own id: the session has its uuid at once, and the agent's id as soon as its lock tells it.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh new --agent claude --name \"parser rewrite\" --tag work", "here, in a window of its own"),
        new("sesh new --agent codex --target default:work --cwd ~/src/app", "in the tmux session \"work\""),
        new("sesh new --agent pi --msg \"find the bug\" --dry-run", "the plan, and what it would be told"),
        new("sesh new --agent codex --headless --msg \"find the bug\"", "its first turn at once, without a window"),
        new("sesh new --agent claude --machine desk --cwd /srv/app", "on another machine"),
    ];

    public override MachineMeaning Machine => MachineMeaning.RunsThere;

    public override IReadOnlyList<string> JsonFields => ["uuid", "agent", "agentSessionId", "name", "cwd", "tags", "private", "target", "arguments", "tmux", "message", "delivery", "wait", "result", "reply", "truncated", "question"];

    protected override void Define(Command command)
    {
        foreach (var option in (Option[])[_agent, _name, _tags, _cwd, _target, _model, _sessionId, _private, _noLaunch, _dryRun, _msg, _noWait, _headless])
            command.Add(option);
        command.Add(_arguments);
    }

    public override int Run(Context context)
    {
        var agent = context.Agent(context.Get(_agent));
        var message = Message(context);
        var headless = context.Get(_headless);
        var wanted = Wanted(context, agent, launch: !context.Get(_noLaunch) && !headless);
        var starting = new Starting(context.Store, context.Live, context.MachineOrFail, context.Walk, context.Launcher, context.Tmux, context.IsPrivate, context.Time);
        var plan = starting.Plan(wanted, context.Surroundings.WorkingDirectory());
        if (message is not null)
            Sending.Check(agent, message);
        if (context.Get(_dryRun))
            NewView.Planned(context.Out, headless ? plan with { Plan = context.Beginning.Plan(Birth(context, plan, wanted)) } : plan, message, !context.Get(_noWait));
        else if (message is null)
            NewView.Print(context.Out, plan, starting.Run(plan, context.Cancel), null);
        else if (headless)
            return NewView.Print(context.Out, plan, null, Begin(context, plan, wanted, message));
        else
            return Start(context, starting, plan, message);
        return 0;
    }

    /// <summary>In a window, and then as <c>send</c> would.</summary>
    private int Start(Context context, Starting starting, NewSessionPlan plan, string message)
    {
        var started = starting.Run(plan, context.Cancel);
        context.Out.Continue(plan.Uuid.ToString());
        var record = context.Refresh().Find(plan.Uuid) ?? throw new SeshException("not-found", $"session {plan.Uuid} has vanished");
        var outcome = context.Sending.Run(record, new SendRequest(message, !context.Get(_noWait), Force: false, context.Binary), context.Out.Note, context.Cancel);
        return NewView.Print(context.Out, plan, started, outcome);
    }

    private Outcome Begin(Context context, NewSessionPlan plan, NewSession wanted, string message) =>
        context.Beginning.Run(Birth(context, plan, wanted), message, !context.Get(_noWait), () => context.Out.Continue(plan.Uuid.ToString()), context.Cancel);

    private HeadlessBirth Birth(Context context, NewSessionPlan plan, NewSession wanted) => new(
        wanted.Agent, context.Binary(wanted.Agent), plan.Uuid, plan.Birth.Cwd, plan.Birth.Name, plan.Birth.Tags, wanted.Model, plan.Private, ReadOnly: false, null, wanted.Arguments, Name,
        wanted.Options);

    private NewSession Wanted(Context context, IAgent agent, bool launch)
    {
        var arguments = context.Get(_arguments) ?? [];
        if (arguments.Length > 0 && !context.HasDoubleDash)
            throw new UsageException(arguments[0].StartsWith('-') ? $"new has no option {arguments[0]}" : $"new: one word too many: {arguments[0]}", "the agent's own arguments stand behind --");
        return new NewSession(
            agent,
            launch ? context.Binary(agent) : "",
            context.Get(_name) is { } name ? LabelText.Name(name) : "",
            [.. (context.Get(_tags) ?? []).Select(LabelText.Tag)],
            context.IsGiven(_cwd) ? context.Get(_cwd) : null,
            context.Get(_target),
            Models.Of(context.Get(_model)) ?? context.Configuration.ModelOf(agent.Name),
            context.Get(_sessionId),
            context.Get(_private),
            launch,
            arguments,
            context.GivenOptions());
    }

    /// <summary>Checked; null for none.</summary>
    private string? Message(Context context)
    {
        if (context.Get(_msg) is { } text)
        {
            if (context.Get(_noLaunch))
                throw new UsageException("--no-launch starts nothing that could be spoken to", "leave --msg or --no-launch out");
            if (context.Get(_headless) && context.IsGiven(_target))
                throw new UsageException("--headless needs no tmux session", "leave --target or --headless out");
            return MessageText.Check(text);
        }

        return context.Get(_headless) ? throw new UsageException("--headless needs a first message", "give --msg TEXT")
            : context.Get(_noWait) ? throw new UsageException("--no-wait is about a message", "give --msg TEXT with it")
            : null;
    }
}
