using System.Diagnostics;
using Sesh.Bench.Data;
using Sesh.Bench.Running;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Bench.Figures;

/// <summary>P7, P8: five documents of 110,000 edits read and folded in this process, and their size once compacted, beside Automerge.</summary>
internal sealed class Folding(Tools tools, Options options)
{
    private const int Runs = 21;
    private const double Megabyte = 1e6;

    public IEnumerable<Row> Rows()
    {
        var workload = new Workload(10_000, 10);
        var world = World.Make(workload, Path.Combine(tools.Work, "folding"));
        var theirs = new AutomergeTwin(tools, options, workload).Measure();
        if (options.Wants("P7"))
        {
            var bytes = world.Documents.Select(File.ReadAllBytes).ToList();
            var times = new List<double>();
            for (var run = -3; run < (options.Quick ? Options.QuickRuns : Runs); run++)
            {
                var start = Stopwatch.GetTimestamp();
                var sessions = FoldAll(bytes);
                if (run >= 0)
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (sessions != workload.Sessions.Count)
                    throw new FailedRunException($"{sessions} sessions folded");
            }

            yield return new Row("P7", "decode and fold 5 documents, 110,000 edits", "Automerge load", theirs.LoadMilliseconds, SideBySide.Median(times), "ms", Measure.Ratio, 0.1, 0.03);
        }

        if (options.Wants("P8"))
        {
            var before = Size(world);
            for (var machine = 0; machine < world.Homes.Count; machine++)
                world.Open(machine).Compact();
            yield return new Row(
                "P8", $"5 documents, compacted (before: {before:0.00} MB)", "Automerge, no history", theirs.PlainBytes / Megabyte, Size(world), "MB", Measure.Absolute, 2.0, 1.2,
                $"Automerge with history {theirs.Bytes / Megabyte:0.00}");
        }
    }

    private static int FoldAll(IReadOnlyList<byte[]> documents)
    {
        var set = DocumentSet.Of(documents.Select(d => DocumentReader.Read(d, hint: null, prove: false)!.Document));
        var count = 0;
        foreach (var state in set.States())
        {
            if (Fold.Record(state, set.MachineOf).Name.Length > 0)
                count++;
        }

        return count;
    }

    private static double Size(World world) => world.Homes.Sum(h => new FileInfo(World.Own(h)).Length) / Megabyte;
}
