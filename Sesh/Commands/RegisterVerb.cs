using System.CommandLine;
using Sesh.Agents;
using Sesh.Sessions;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class RegisterVerb : Verb
{
    private readonly Argument<string> _id = new("session-id") { Description = "the agent's own id of the session" };

    private readonly Option<string> _agent = Ask.Agent("whose session it is");

    private readonly Option<string> _name = Ask.Text("--name", "name", "what to call it");

    private readonly Option<string[]> _tags = Ask.Texts("--tag", "tag", "give it this tag (repeatable)");

    private readonly Option<string> _cwd = Ask.Text("--cwd", "dir", "where it works (default: here)");

    public override string Name => "register";

    public override string Usage => "<session-id> --agent <agent>";

    public override string Summary => "record an agent that runs, or a transcript that exists";

    public override string Description =>
        """
        Prints the session's uuid. Again for the same id it updates the record and never makes a second one. Unlike adopt it takes your word for it: a session that was deleted is revived, and one of which nothing is found here is recorded all the same, with a note. One whose tombstone was collected ("sesh gc") cannot come back.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh register 8b7b4450-1c5e-4f0a-9d53-6f0d3a0d9c11 --agent claude --name \"parser rewrite\"", "a transcript by its id"),
        new("uuid=$(sesh pane-resolve --pane %3) && sesh register \"$uuid\" --agent codex", "what runs in a pane"),
    ];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["uuid", "outcome"];

    protected override void Define(Command command)
    {
        command.Add(_id);
        command.Add(_agent);
        command.Add(_name);
        command.Add(_tags);
        command.Add(_cwd);
    }

    public override int Run(Context context)
    {
        var machine = context.MachineOrFail;
        var agent = context.Agent(context.Get(_agent));
        var id = AgentId(context.Get(_id)!);
        var current = context.Surroundings.WorkingDirectory();
        // All that can be wrong with the command comes before the look, and what there is to note after the record.
        var name = context.Get(_name) is { } given ? LabelText.Name(given) : null;
        string[] tags = [.. (context.Get(_tags) ?? []).Select(LabelText.Tag)];
        var cwd = context.IsGiven(_cwd) ? WorkingFolder.Resolve(context.Get(_cwd), current) : null;
        var here = WorkingFolder.Resolve(null, current);
        var (file, live) = Look(context, agent, machine, id);
        var request = new RegisterRequest(
            agent.Name,
            file?.AgentId ?? live?.AgentId ?? id,
            name,
            tags,
            cwd,
            here,
            file?.Path ?? "",
            file is null ? context.Now : context.ReadFacts(file) is { StartedAt: > 0 } facts ? facts.StartedAt : file.ModifiedAt);
        var registered = new Registering(context.Store, machine, context.IsPrivate).Run(request);
        context.LookAtRecorded();
        if (file is null && live is null)
            context.Out.Note($"no transcript and no live {agent.Name} of that id is here; recorded all the same");
        Print(context, registered);
        return 0;
    }

    private static string AgentId(string given)
    {
        if (string.IsNullOrWhiteSpace(given))
            throw new UsageException("the session id is empty", "an unset shell variable?");
        if (given.Length > 200 || given.Any(char.IsControl) || given.Contains('/', StringComparison.Ordinal))
            throw new UsageException("that is no session id", "give the agent's id, not a path; \"sesh adopt PATH\" takes paths");
        return SessionId.TryParse(given, out var uuid) ? uuid.ToString() : given;
    }

    /// <summary>By the id, or by the uuid that an id of another form stands under, which is what pane-resolve prints.</summary>
    private static (TranscriptFile? File, LiveAgent? Live) Look(Context context, IAgent agent, MachineName machine, string id)
    {
        var live = context.LookAround(write: false).All
            .Select(o => o.Sighting.Agent)
            .FirstOrDefault(a => a.Agent == agent.Name && a.AgentId.Length > 0 && Is(a.AgentId));
        var own = live?.AgentId ?? id;
        var file = agent.Locate(own, context.Surroundings.WorkingDirectory());
        if (file is null && SessionId.TryParse(id, out _))
            file = agent.Transcripts().FirstOrDefault(t => Is(t.AgentId));
        return (file, live);

        bool Is(string agentId) => agentId.Equals(id, StringComparison.OrdinalIgnoreCase)
            || (!SessionId.TryParse(agentId, out _) && SessionUuid.Of(machine.Text, agent.Name, agentId).ToString() == id);
    }

    private static void Print(Context context, Registered registered)
    {
        var word = registered.Outcome.ToString().ToLowerInvariant();
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartObject();
                json.Property("uuid"u8, registered.Uuid);
                json.Property("outcome"u8, word);
                json.EndObject();
            });
            return;
        }

        context.Out.Line(registered.Uuid.ToString());
        context.Out.Remark(word);
    }
}
