using System.Globalization;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>P14: <c>list</c> that has to look at fifty panes with an agent each, beside tmux's own list of them.</summary>
internal sealed class Walking(Tools tools, Options options)
{
    private const int Panes = 50;

    public IEnumerable<Row> Rows()
    {
        var environment = tools.Environment(Path.Combine(tools.Work, "walking"), "m0");
        using var server = new TmuxServer(tools, Panes, $"exec {Agent()} 86400");
        Announce(server.Pids());
        foreach (var arguments in new[] { new[] { "adopt" }, ["list", "--json"] })
        {
            if (Spawn.Run(tools.Call(tools.Sesh, arguments) with { Environment = environment, Output = Path.Combine(tools.Work, "list.json") }).Exit != 0)
                throw new FailedRunException($"sesh {arguments[0]} failed");
        }

        var live = File.ReadAllText(Path.Combine(tools.Work, "list.json")).Split("\"live\": true").Length - 1;
        // Rows younger than a second are not looked at again.
        var ours = new Contender(tools.Call(tools.Sesh, "list") with { Environment = environment }, () => Thread.Sleep(1100));
        var times = SideBySide.Medians(Math.Min(options.Runs, 20), ours, new Contender(server.ListPanes()));
        yield return new Row("P14", $"list with a walk over {Panes} panes", "tmux list-panes -a", times[1], times[0], "ms", Measure.Difference, 5, 2, $"{live} seen live");
    }

    /// <summary>A program that the kernel calls <c>claude</c> and that does nothing.</summary>
    private string Agent()
    {
        var path = Path.Combine(tools.Work, "claude");
        File.Copy(Tools.Find("sleep"), path, overwrite: true);
        return path;
    }

    /// <summary>Claude Code's status files and transcripts, one for each pane.</summary>
    private void Announce(IReadOnlyList<int> pids)
    {
        var config = Path.Combine(tools.Work, "home", ".claude");
        var project = Directory.CreateDirectory(Path.Combine(config, "projects", "-tmp")).FullName;
        Directory.CreateDirectory(Path.Combine(config, "sessions"));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var pid in pids)
        {
            var id = Guid.NewGuid();
            var start = TmuxServer.StartOf(pid);
            File.WriteAllText(
                Path.Combine(config, "sessions", $"{pid}.json"),
                string.Create(CultureInfo.InvariantCulture, $$"""{"pid":{{pid}},"sessionId":"{{id}}","cwd":"/tmp","startedAt":{{now}},"procStart":"{{start}}","version":"2.1.330","kind":"interactive","entrypoint":"cli","status":"idle","updatedAt":{{now}},"statusUpdatedAt":{{now}}}"""));
            File.WriteAllText(
                Path.Combine(project, $"{id}.jsonl"),
                $$$"""
                {"type":"user","uuid":"{{{Guid.NewGuid()}}}","sessionId":"{{{id}}}","cwd":"/tmp","timestamp":"2026-11-20T10:00:00.000Z","message":{"role":"user","content":"hello {{{pid}}}"} }
                {"type":"assistant","uuid":"{{{Guid.NewGuid()}}}","sessionId":"{{{id}}}","cwd":"/tmp","timestamp":"2026-11-20T10:00:01.000Z","message":{"role":"assistant","stop_reason":"end_turn","content":[{"type":"text","text":"hi"}]} }

                """);
        }
    }
}
