using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>P14: <c>list</c> that has to look at fifty panes with an agent each, beside tmux's own list of them.</summary>
internal sealed class Walking(Tools tools, Options options)
{
    private const int Panes = 50;

    public IEnumerable<Row> Rows()
    {
        var environment = tools.Environment(Path.Combine(tools.Work, "walking"), "m0");
        using var panes = new FakePanes(tools, Panes);
        foreach (var arguments in new[] { new[] { "adopt" }, ["list", "--json"] })
        {
            if (Spawn.Run(tools.Call(tools.Sesh, arguments) with { Environment = environment, Output = Path.Combine(tools.Work, "list.json") }).Exit != 0)
                throw new FailedRunException($"sesh {arguments[0]} failed");
        }

        var live = File.ReadAllText(Path.Combine(tools.Work, "list.json")).Split("\"live\": true").Length - 1;
        // Rows younger than a second are not looked at again.
        var ours = new Contender(tools.Call(tools.Sesh, "list") with { Environment = environment }, () => Thread.Sleep(1100));
        var times = SideBySide.Medians(Math.Min(options.Runs, 20), ours, new Contender(panes.ListPanes()));
        yield return new Row("P14", $"list with a walk over {Panes} panes", "tmux list-panes -a", times[1], times[0], "ms", Measure.Difference, 5, 2, $"{live} seen live");
    }
}
