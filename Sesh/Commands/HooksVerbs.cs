using System.CommandLine;
using System.ComponentModel;
using Sesh.Config;
using Sesh.Sessions.Hooks;
using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class HooksListVerb : Verb
{
    public override string Name => "hooks list";

    public override string Summary => "show the commands run for events of sessions (\"sesh hooks\" does too)";

    public override string Description =>
        $"""
        They stand in config.toml, a [[hooks]] section each, and are run by the daemon of this machine: name, event, command, and what it is to be run for: from, to, agent, machine, tag. Events: {string.Join(", ", HookSetting.Events)}.

        A command is run by $SHELL -c, with what happened in its environment: SESH_EVENT, SESH_EVENT_FROM, SESH_EVENT_TO, SESH_SESSION_ID, SESH_SESSION_NAME, SESH_SESSION_MACHINE, SESH_AGENT, SESH_CWD, SESH_TAGS, SESH_STATUS, SESH_QUESTION, SESH_LIVE, SESH_ARCHIVED. It has 15 seconds; what fails is in daemon.log. A turn status is told when it has stood for a second; what happened while no daemon ran is not told.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("sesh hooks", "those in config.toml"), new("sesh hooks list --json --jq '.[].name'", "their names")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["name", "event", "from", "to", "agent", "machine", "tag", "command"];

    public override int Run(Context context)
    {
        var hooks = context.Configuration.Hooks;
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartArray();
                foreach (var hook in hooks)
                {
                    json.StartObject();
                    json.Property("name"u8, hook.Name);
                    json.Property("event"u8, hook.Event);
                    json.Property("from"u8, hook.From);
                    json.Property("to"u8, hook.To);
                    json.Property("agent"u8, hook.Agent);
                    json.Property("machine"u8, hook.Machine);
                    json.Property("tag"u8, hook.Tag);
                    json.Property("command"u8, hook.Command);
                    json.EndObject();
                }

                json.EndArray();
            });
            return 0;
        }

        foreach (var hook in hooks)
            context.Out.Tsv([hook.Name, hook.Event, Filters(hook), hook.Command]);
        if (hooks.Count == 0)
            context.Out.Remark("no hooks: \"sesh help hooks list\" tells how to write one");
        return 0;
    }

    private static string Filters(HookSetting hook) => string.Join(' ', new (string Name, string? Value)[] { ("from", hook.From), ("to", hook.To), ("agent", hook.Agent), ("machine", hook.Machine), ("tag", hook.Tag) }
        .Where(f => f.Value is not null).Select(f => $"{f.Name}={f.Value}"));
}

internal sealed class HooksTestVerb : Verb
{
    private readonly Argument<string> _hook = new("hook") { Description = "a hook's name, or an event: every hook for it" };

    private readonly Argument<string?> _uuid = new("uuid") { Description = "the session it is to have happened to; left out: the latest", Arity = ArgumentArity.ZeroOrOne };

    public override string Name => "hooks test";

    public override string Usage => "<name|event> [<uuid>]";

    public override string Summary => "run a hook now and show what it prints";

    public override string Description => "Runs the command as the daemon would, filters not asked, waits for it, shows its output and exits with its exit status; 124 where it was ended after 15 seconds.";

    public override IReadOnlyList<Example> Examples => [new("sesh hooks test blocked", "every hook for that event, with the latest session"), new("sesh hooks test notify 3f2a", "the hook called notify, with this session")];

    public override MachineMeaning Machine => MachineMeaning.Narrows;

    public override int Run(Context context)
    {
        var word = context.Get(_hook)!;
        var hooks = context.Configuration.Hooks.Where(h => h.Name == word).ToList();
        if (hooks.Count == 0)
            hooks = [.. context.Configuration.Hooks.Where(h => h.Event == word)];
        if (hooks.Count == 0)
        {
            var known = context.Configuration.Hooks.Select(h => h.Name).Concat(context.Configuration.Hooks.Select(h => h.Event)).Distinct().ToList();
            throw new SeshException("not-found", $"no hook is called {word} or is for such an event", Nearest.To(word, known) is { } near ? $"did you mean {near}?" : known.Count == 0 ? "there are none in config.toml" : $"there are: {string.Join(", ", known)}");
        }

        var session = Session(context);
        var status = 0;
        foreach (var hook in hooks)
        {
            var edge = new Edge(hook.Event, hook.From ?? (hook.Event is "busy_changed" or "blocked" ? "busy" : ""), hook.To ?? (hook.Event is "busy_changed" ? "idle" : hook.Event is "blocked" ? "blocked" : ""), session);
            try
            {
                var result = HookCommand.Run(hook, edge, context.Variable("SHELL"), context.Cancel);
                Show(context, hook, result);
                status = status != 0 ? status : result.TimedOut ? 124 : result.ExitCode;
            }
            catch (Win32Exception e)
            {
                throw new SeshException("exec", $"hook {hook.Name} cannot be run: {e.Message}", "set SHELL to a shell", inner: e);
            }
        }

        context.Cancel.ThrowIfCancellationRequested();
        return status;
    }

    public override Completes Complete(int position) => position switch { 0 => Completes.Hook, 1 => Completes.Session, _ => Completes.Nothing };

    protected override void Define(Command command)
    {
        command.Add(_hook);
        command.Add(_uuid);
    }

    private HookSession Session(Context context)
    {
        if (context.Get(_uuid) is { } uuid)
            return HookSession.Of(context.View(context.Session(uuid)));
        var latest = context.Snapshot.Records().Where(r => !r.Deleted).MaxBy(r => r.UpdatedAt)
            ?? new SessionRecord { Uuid = SessionId.New(), Name = "a session", Agent = "claude", Machine = context.Machine?.Text ?? "", Cwd = context.Home };
        return HookSession.Of(context.View(latest));
    }

    private static void Show(Context context, HookSetting hook, Processes.CommandResult result)
    {
        foreach (var line in (result.Text + System.Text.Encoding.UTF8.GetString(result.Error)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            context.Out.Line(line);
        context.Out.Flush();
        context.Out.Note(result.TimedOut ? $"{hook.Name}: ended after 15 s" : FormattableString.Invariant($"{hook.Name}: exit {result.ExitCode}"));
    }
}
