using Sesh.Bench.Data;
using Sesh.Bench.Running;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Bench.Figures;

/// <summary>P2, P3, P4: one session among ten thousand and a hundred thousand, and all of ten thousand.</summary>
internal sealed class Reading(Tools tools, Options options)
{
    private const int PrefixLength = 10;
    private const string Pane = "%0";

    public IEnumerable<Row> Rows()
    {
        var small = new Workload(10_000, 10);
        var world = World.Make(small, Path.Combine(tools.Work, "reading"));
        var twin = new SqliteTwin(tools, small, Path.Combine(tools.Work, "reading.db"));
        using var server = new TmuxServer(tools, panes: 1);
        var verbs = new[] { "info", "pane", "find" };
        if (options.Wants("P2"))
        {
            foreach (var verb in verbs)
            {
                var ours = One(verb, world, server);
                var times = SideBySide.Medians(options.Runs, ours, new Contender(twin.Select(Prefix(world))));
                yield return new Row("P2", $"{verb}, of 10,000", "sqlite3 indexed", times[1], times[0], "ms", Measure.Ratio, 1.5, 1);
            }
        }

        if (options.Wants("P3"))
        {
            // Fewer edits each, or making them would take the longest: an index does not care how a record came about.
            var large = World.Make(new Workload(100_000, 1), Path.Combine(tools.Work, "reading-large"));
            foreach (var verb in verbs)
            {
                var times = SideBySide.Medians(options.Runs, One(verb, large, server), One(verb, world, server));
                yield return new Row("P3", $"{verb}, of 100,000", "ours of 10,000", times[1], times[0], "ms", Measure.Ratio, 1.5, 1.1);
            }
        }

        if (options.Wants("P4"))
        {
            var times = SideBySide.Medians(options.Runs, List(world), new Contender(twin.SelectAll()));
            yield return new Row("P4", "list --json, all 10,000", "sqlite3 -json", times[1], times[0], "ms", Measure.Ratio, 1, 0.5);
        }
    }

    /// <summary>A session of the measured machine.</summary>
    private static Session Mine(World world) => world.Workload.Sessions.Last(s => s.Machine == 0);

    private static string Prefix(World world) => Mine(world).Uuid.ToString()[..PrefixLength];

    private Contender One(string verb, World world, TmuxServer server)
    {
        var session = Mine(world);
        server.Stamp(session.Uuid.ToString());
        string[] arguments = verb == "pane" ? ["pane", "--pane", Pane, "--socket-path", server.Socket] : [verb, Prefix(world)];
        return new Contender(
            tools.Call(tools.Sesh, arguments) with { Environment = tools.Environment(world.Home, "m0") },
            () => Freshen(world, [Row(session, server)]));
    }

    /// <summary>Every own session was looked at just now, so that nothing has to be walked.</summary>
    private Contender List(World world) => new(
        tools.Call(tools.Sesh, "list", "--json", "--archived") with { Environment = tools.Environment(world.Home, "m0") },
        () => Freshen(world, [.. world.Workload.Sessions.Where(s => s.Machine == 0).Select(s => Row(s, server: null))]));

    /// <summary>As a look at it leaves it: a live one with its process, which the pane's is here.</summary>
    private static LiveRow Row(Session session, TmuxServer? server) => new()
    {
        Uuid = session.Uuid,
        ObservedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        TurnStatus = TurnStatus.Idle,
        Live = server is not null,
        Tmux = server is null ? null : new TmuxPlace(server.Socket, "bench", "0", Pane),
        Pid = server?.First.Pid ?? 0,
        PidStart = server?.First.Start ?? 0,
        ContextPct = 12,
        FilePath = $"/home/u/.claude/projects/{session.Cwd.Replace('/', '-')}/{session.Uuid}.jsonl",
    };

    private static void Freshen(World world, IReadOnlyCollection<LiveRow> rows) =>
        new LiveStore(new StoreOptions(world.Home, MachineName.Parse("m0"), TimeProvider.System)).Merge(rows, complete: true);
}
