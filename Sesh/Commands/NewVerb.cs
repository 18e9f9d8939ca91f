using System.CommandLine;
using Sesh.Output;
using Sesh.Sessions;

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

    private readonly Argument<string[]> _arguments = Ask.Words("args", "after --: handed to the agent", optional: true);

    public override string Name => "new";

    public override string Usage => "--agent <agent> [-- <args>…]";

    public override string Summary => "start an agent in a new tmux window, recorded from birth";

    public override string Description =>
        """
        Prints the new session's uuid. A launch that dies within three seconds fails with the pane's last words, and nothing of it remains. Codex chooses its own id: the session has its uuid at once, and the agent's id as soon as its lock tells it.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh new --agent claude --name \"parser rewrite\" --tag work", "here, in a window of its own"),
        new("sesh new --agent codex --target default:work --cwd ~/src/app", "in the tmux session \"work\""),
        new("sesh new --agent pi --dry-run --json", "the plan"),
        new("sesh new --agent claude --machine desk --cwd /srv/app", "on another machine"),
    ];

    public override MachineMeaning Machine => MachineMeaning.RunsThere;

    public override IReadOnlyList<string> JsonFields => ["uuid", "agent", "agentSessionId", "name", "cwd", "tags", "private", "target", "arguments", "tmux"];

    protected override void Define(Command command)
    {
        foreach (var option in (Option[])[_agent, _name, _tags, _cwd, _target, _model, _sessionId, _private, _noLaunch, _dryRun])
            command.Add(option);
        command.Add(_arguments);
    }

    public override int Run(Context context)
    {
        var agent = context.Agent(context.Get(_agent));
        var launch = !context.Get(_noLaunch);
        var arguments = context.Get(_arguments) ?? [];
        if (arguments.Length > 0 && !context.HasDoubleDash)
            throw new UsageException(arguments[0].StartsWith('-') ? $"new has no option {arguments[0]}" : $"new: one word too many: {arguments[0]}", "the agent's own arguments stand behind --");
        var wanted = new NewSession(
            agent,
            launch ? context.Binary(agent) : "",
            context.Get(_name) is { } name ? LabelText.Name(name) : "",
            [.. (context.Get(_tags) ?? []).Select(LabelText.Tag)],
            context.IsGiven(_cwd) ? context.Get(_cwd) : null,
            context.Get(_target),
            Model(context.Get(_model)) ?? context.Configuration.ModelOf(agent.Name),
            context.Get(_sessionId),
            context.Get(_private),
            launch,
            arguments,
            context.GivenOptions());
        var starting = new Starting(context.Store, context.Live, context.MachineOrFail, context.Walk, context.Launcher, context.Tmux, context.IsPrivate, context.Time);
        var plan = starting.Plan(wanted, context.Surroundings.WorkingDirectory());
        var started = context.Get(_dryRun) ? null : starting.Run(plan, context.Cancel);
        Print(context.Out, plan, started);
        return 0;
    }

    private static string? Model(string? given) =>
        given is null || !string.IsNullOrWhiteSpace(given) ? given : throw new UsageException("the model is blank", "an unset shell variable? leave --model out for the default");

    private static void Print(Printer output, NewSessionPlan plan, StartedSession? started)
    {
        if (output.Json)
        {
            output.WriteJson(json => Write(json, plan, started));
            return;
        }

        if (started is not null)
        {
            output.Line(plan.Uuid.ToString());
            return;
        }

        output.Line($"would record {plan.Birth.Agent} session {plan.Uuid} in {plan.Birth.Cwd}{(plan.Private ? ", private" : "")}");
        if (plan is { Plan: { } launch, Target: { } target })
            output.Line($"would open a window in {target} and run: {string.Join(' ', launch.Arguments.Select(Quoted))}");
    }

    private static void Write(JsonWriter json, NewSessionPlan plan, StartedSession? started)
    {
        json.StartObject();
        json.Property("uuid"u8, plan.Uuid);
        json.Property("agent"u8, plan.Birth.Agent);
        json.Property("agentSessionId"u8, started?.AgentSessionId ?? plan.Birth.AgentSessionId);
        json.Property("name"u8, plan.Birth.Name);
        json.Property("cwd"u8, plan.Birth.Cwd);
        json.Name("tags"u8);
        Array(json, plan.Birth.Tags);
        json.Property("private"u8, plan.Private);
        json.Property("target"u8, plan.Target?.ToString());
        json.Name("arguments"u8);
        Array(json, plan.Plan?.Arguments ?? []);
        json.Name("tmux"u8);
        TmuxJson.Write(json, started?.Tmux);
        json.EndObject();
    }

    private static void Array(JsonWriter json, IReadOnlyList<string> texts)
    {
        json.StartArray();
        foreach (var text in texts)
            json.Value(text);
        json.EndArray();
    }

    /// <summary>As a shell would take it, so that the plan can be tried by hand.</summary>
    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/' or '.' or '=' or ':' or ',' or '@' or '+')
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
