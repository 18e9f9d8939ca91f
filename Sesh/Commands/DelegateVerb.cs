using System.CommandLine;
using Sesh.Agents;
using Sesh.Sessions;
using Sesh.Sessions.Driving;
using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class DelegateVerb : Verb
{
    private readonly Option<string> _agent = Ask.Agent("which agent");

    private readonly MessageWords _task = new("task", "what to do; - for standard input; behind -- if it begins with a dash");

    private readonly Option<bool> _keep = Ask.Flag("--keep", "record the session, as a child of the one this runs in");

    private readonly Option<string> _name = Ask.Text("--name", "name", "what to call it; with --keep");

    private readonly Option<string> _model = Ask.Text("--model", "model", "which model (default: [models] in config.toml, else the agent's own)");

    private readonly Option<string> _cwd = Ask.Text("--cwd", "dir", "where it works (default: here)");

    private readonly Option<TimeSpan?> _timeout = Ask.Duration("--timeout", "end it after this long; with --keep it goes on");

    public override string Name => "delegate";

    public override bool TakesText => true;

    public override string Usage => "--agent <agent> <task>";

    public override string Summary => "have a new agent do one task, print its answer, keep nothing of it";

    public override string Description =>
        """
        One turn without a terminal, with read-only permissions: codex in its read-only sandbox, claude and pi with none but their reading tools. Neither a record nor a transcript remains; it ends with this command. With --keep it is a session like others, whose parent is the session that this runs in, and goes on when this command is gone.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh delegate --agent codex \"where is the retry limit set?\"", "ask another agent"),
        new("sesh delegate --agent pi --keep --name review - < task.md", "and be able to ask on: sesh send"),
    ];

    public override MachineMeaning Machine => MachineMeaning.RunsThere;

    public override IReadOnlyList<string> JsonFields => ["uuid", "agent", "reply", "truncated"];

    protected override void Define(Command command)
    {
        command.Add(_agent);
        _task.AddTo(command);
        foreach (var option in (Option[])[_keep, _name, _model, _cwd, _timeout])
            command.Add(option);
    }

    public override IReadOnlyList<string> WordsFor(Context context) => _task.WordsFor(context);

    public override Stream? InputFor(Context context) => _task.Input(context);

    public override int Run(Context context)
    {
        var agent = context.Agent(context.Get(_agent));
        var keep = context.Get(_keep);
        if (context.IsGiven(_name) && !keep)
            throw new UsageException("--name names what is kept", "give --keep with it");
        var task = _task.Read(context);
        var cwd = WorkingFolder.Resolve(context.IsGiven(_cwd) ? context.Get(_cwd) : null, context.Surroundings.WorkingDirectory());
        var model = Models.Of(context.Get(_model)) ?? context.Configuration.ModelOf(agent.Name);
        using var limit = new TimeLimit(context.Get(_timeout), context.Cancel);
        var uuid = keep ? SessionId.New() : (SessionId?)null;
        try
        {
            var (reply, isCut) = uuid is { } session ? Keep(context, agent, session, cwd, model, task, limit.Token)
                : Delegating.Run(agent, context.Binary(agent), cwd, model, task, context.Surroundings.Program, context.Surroundings.Variables, limit.Token);
            Print(context, agent, uuid, reply, isCut);
            return 0;
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            throw uuid is null
                ? new SeshException("timeout", "no answer in time; it was ended", exitCode: TimeLimit.ExitCode)
                : new SeshException("timeout", "no answer yet; the turn goes on", $"wait for it with \"sesh await {uuid}\"", TimeLimit.ExitCode);
        }
    }

    private (string Reply, bool IsCut) Keep(Context context, IAgent agent, SessionId session, string cwd, string? model, string task, CancellationToken cancel)
    {
        var birth = new HeadlessBirth(
            agent, context.Binary(agent), session, cwd, context.Get(_name) is { } name ? LabelText.Name(name) : "", [], model, Private: false, ReadOnly: true, context.Around(), [], Name,
            context.GivenOptions());
        var outcome = context.Beginning.Run(birth, task, forReply: true, () => context.Out.Continue(session.ToString()), cancel);
        return (outcome.Text, outcome.IsCut);
    }

    private static void Print(Context context, IAgent agent, SessionId? uuid, string reply, bool isCut)
    {
        if (isCut)
            OutcomeView.WarnOfCut(context.Out, uuid is null ? null : $"\"sesh transcript {uuid} --raw\" has all of it");
        if (!context.Out.Json)
        {
            if (reply.Length > 0)
                context.Out.Text(reply);
            return;
        }

        context.Out.WriteJson(json =>
        {
            json.StartObject();
            json.Property("uuid"u8, uuid?.ToString());
            json.Property("agent"u8, agent.Name);
            json.Property("reply"u8, reply);
            json.Property("truncated"u8, isCut);
            json.EndObject();
        });
    }
}
