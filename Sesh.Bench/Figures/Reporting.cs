using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>P15: what each hook of an agent costs, beside a start that does nothing. Both are run by a shell that an agent runs, as hooks are.</summary>
internal sealed class Reporting(Tools tools, Options options)
{
    private const string Told = """
        {"session_id":"3f2b8c1e-5b7a-4b7e-9d53-0a4c1b2d3e4f","transcript_path":"/home/u/.claude/projects/-tmp/3f2b8c1e-5b7a-4b7e-9d53-0a4c1b2d3e4f.jsonl","cwd":"/tmp","hook_event_name":"Stop","stop_hook_active":false}
        """;

    public IEnumerable<Row> Rows()
    {
        var home = Directory.CreateDirectory(Path.Combine(tools.Work, "reporting")).FullName;
        var told = Path.Combine(tools.Work, "told.json");
        File.WriteAllText(told, Told);
        // A shell by an agent's name: whoever reports looks for the agent among its ancestors.
        var agent = Path.Combine(Directory.CreateDirectory(Path.Combine(tools.Work, "agent")).FullName, "claude");
        File.Copy(Tools.Find("sh"), agent, overwrite: true);
        Command Hook(string words) => tools.Call(agent, "-c", $"{tools.Sesh} {words}; exit $?") with { Environment = tools.Environment(home, "m0"), Input = told };
        var report = Hook("report --agent claude");
        var times = SideBySide.Medians(options.Runs * 3, new Contender(report), new Contender(Hook("--version")));
        if (!Directory.Exists(Path.Combine(home, "reports")))
            throw new FailedRunException("sesh report noted nothing");
        yield return new Row("P15", "report, by a hook", "sesh --version", times[1], times[0], "ms", Measure.Difference, 2, 1);
    }
}
