using System.CommandLine;
using Sesh.Output;
using Sesh.Sessions.Reporters;
using Sesh.Sync;

namespace Sesh.Commands;

/// <summary><c>reporters install</c>, <c>uninstall</c>, <c>status</c>.</summary>
internal sealed class ReportersVerb(string what) : Verb
{
    private readonly Option<string> _agent = Ask.Agent("this agent alone");

    public override string Name => $"reporters {what}";

    public override string Usage => "[--agent <agent>]";

    public override string Summary => what switch
    {
        "install" => "have the agents' own hooks tell whose turn it is",
        "uninstall" => "take our hooks out of the agents' settings",
        _ => "show which agents' hooks report (\"sesh reporters\" does too)",
    };

    public override string Description => what switch
    {
        "install" =>
            """
            Adds to the agents' own settings: hooks in Claude Code's settings.json, notify in Codex's config.toml (one of yours is called on), an extension for pi. Everything else in these files stays as it is, byte for byte. Agents that run already go on without until they are started again. Of agents that were never run here nothing is touched unless one is named.
            """,
        "uninstall" => "Everything else in the files stays as it is; a notify of yours is as it was before.",
        _ => "STATE is installed, missing, other (of another installation: install again), changed (by hand: uninstall, then install) or no agent. In a pipe, the columns are separated by tabs, without header.",
    };

    public override IReadOnlyList<Example> Examples => what switch
    {
        "install" => [new("sesh reporters install", "for every agent that was run here"), new("sesh reporters install --agent pi", "for pi alone")],
        "uninstall" => [new("sesh reporters uninstall", "for all of them")],
        _ => [new("sesh reporters", "for all of them"), new("sesh reporters status --json --jq '.[] | select(.state != \"installed\").agent'", "those that do not report")],
    };

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["agent", "state", "file", "program", "warning"];

    public override int Run(Context context)
    {
        var running = Environment.ProcessPath ?? throw new SeshException("exec", "the system does not tell which program this is");
        var program = ReporterProgram.Of(running, context.Variable("PATH"), context.Home, context.Variable("HOME"));
        var named = context.Get(_agent);
        var failed = false;
        var statuses = new List<ReporterStatus>();
        foreach (var reporter in Reporter.All(context.AgentEnvironment, program).Where(r => named is null || r.Agent == named))
        {
            try
            {
                Act(context, reporter, isNamed: named is not null);
                statuses.Add(reporter.Look());
            }
            catch (SeshException e) when (named is null && e.Code == "settings")
            {
                // One agent's broken settings must not keep the others from being served.
                failed = true;
                context.Out.Flush();
                context.Out.Warning($"{reporter.Agent}: {e.Message}", e.Hint);
            }
        }

        Show(context.Out, statuses);
        return failed ? 1 : 0;
    }

    protected override void Define(Command command) => command.Add(_agent);

    private void Act(Context context, Reporter reporter, bool isNamed)
    {
        var changed = what switch
        {
            "install" when isNamed || reporter.HasAgent => reporter.Install(),
            "uninstall" => reporter.Uninstall(),
            _ => false,
        };
        if (changed && what == "install")
            context.Out.Note($"{reporter.Agent}: those that run already report when they are started again");
    }

    private static void Show(Printer printer, IReadOnlyList<ReporterStatus> statuses)
    {
        if (printer.Json)
        {
            printer.WriteJson(json =>
            {
                json.StartArray();
                foreach (var status in statuses)
                {
                    json.StartObject();
                    json.Property("agent"u8, status.Agent);
                    json.Property("state"u8, Word(status.State));
                    json.Property("file"u8, status.File);
                    json.Property("program"u8, status.Program.Length > 0 ? status.Program : null);
                    json.Property("warning"u8, status.Warning.Length > 0 ? status.Warning : null);
                    json.EndObject();
                }

                json.EndArray();
            });
            return;
        }

        foreach (var status in statuses)
        {
            if (!printer.IsTerminal)
                printer.Tsv([status.Agent, Word(status.State), status.File, status.Program, status.Warning]);
            else
                printer.Line($"{status.Agent,-7} {Word(status.State),-10} {status.File}{(status.Program.Length > 0 ? $", runs {status.Program}" : "")}");
            if (status.Warning.Length > 0)
                printer.Warning($"{status.Agent}: {status.Warning}");
        }
    }

    private static string Word(ReporterState state) => state switch
    {
        ReporterState.Installed => "installed",
        ReporterState.Other => "other",
        ReporterState.Changed => "changed",
        ReporterState.NoAgent => "no agent",
        _ => "missing",
    };
}
