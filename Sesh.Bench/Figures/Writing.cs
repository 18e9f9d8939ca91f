using System.Diagnostics;
using Sesh.Bench.Data;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>P5, P6: a rename that survives a power cut, one at a time and from eight processes at once.</summary>
internal sealed class Writing(Tools tools, Options options)
{
    private const int Writers = 8;
    private const int Each = 200;

    public IEnumerable<Row> Rows()
    {
        var workload = new Workload(10_000, 10);
        var world = World.Make(workload, Path.Combine(tools.Work, "writing"));
        var twin = new SqliteTwin(tools, workload, Path.Combine(tools.Work, "writing.db"));
        Command Ours(string uuid, string name) => tools.Call(tools.Sesh, "rename", uuid, name) with { Environment = tools.Environment(world.Home, "m0") };
        if (options.Wants("P5"))
        {
            var uuid = workload.Sessions.First(s => s.Machine == 0).Uuid.ToString();
            var times = SideBySide.Medians(options.Runs, new Contender(Ours(uuid, "again")), new Contender(twin.Rename(uuid, "again")));
            yield return new Row("P5", "rename, durable", "sqlite3 update, WAL", times[1], times[0], "ms", Measure.Ratio, 1, 0.8);
        }

        if (options.Wants("P6"))
        {
            var (ours, theirs) = (new List<double>(), new List<double>());
            var (errors, lost) = (0, 0);
            for (var round = 0; round < (options.Quick ? 1 : 5); round++)
            {
                var name = $"round-{round}";
                ours.Add(Storm(workload, (uuid, n) => Ours(uuid, $"{name}-{n}"), ref errors));
                var records = world.Open().Read().Records().ToDictionary(r => r.Uuid, r => r.Name);
                lost += Enumerable.Range(0, Writers * Each).Count(n => records[workload.Sessions[n].Uuid] != $"{name}-{n}");
                var theirErrors = 0;
                theirs.Add(Storm(workload, (uuid, n) => twin.Rename(uuid, $"{name}-{n}"), ref theirErrors));
                if (theirErrors > 0 || twin.CountNamed($"{name}-%") != Writers * Each)
                    throw new FailedRunException($"sqlite3: {theirErrors} errors");
            }

            var row = new Row(
                "P6", $"{Writers} processes × {Each} renames", "sqlite3, busy time-out", SideBySide.Median(theirs), SideBySide.Median(ours), "/s", Measure.Throughput, 1, 0.5,
                $"{errors} errors, {lost} lost");
            yield return errors + lost == 0 ? row : row with { Failure = $"{errors} errors, {lost} lost" };
        }
    }

    /// <returns>Renames a second.</returns>
    private static double Storm(Workload workload, Func<string, int, Command> rename, ref int errors)
    {
        var failed = 0;
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
        {
            for (var n = writer * Each; n < (writer + 1) * Each; n++)
            {
                if (Spawn.Run(rename(workload.Sessions[n].Uuid.ToString(), n)).Exit != 0)
                    Interlocked.Increment(ref failed);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        errors += failed;
        return Writers * Each / clock.Elapsed.TotalSeconds;
    }
}
