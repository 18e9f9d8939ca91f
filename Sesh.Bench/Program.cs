using Sesh.Bench;
using Sesh.Bench.Figures;
using Sesh.Bench.Running;

if (args is ["--count", var file, .. var counted])
    return CountedPipe.Run(file, counted);
Started.EndWithUs();
var options = Options.Parse(args);
var tools = new Tools(options.Sesh, options.Work);
var rows = new List<Row>();

// Each part alone may fail: what could not be measured is a row of the table, beside the others.
void Measure(string[] figures, Func<IEnumerable<Row>> part)
{
    if (!options.Wants(figures))
        return;
    Console.Error.WriteLine($"measuring {string.Join(", ", figures)} …");
    try
    {
        rows.AddRange(part().Where(r => options.Wants(r.Id)));
    }
    catch (Exception e) when (e is FailedRunException or IOException or Sesh.Sync.SeshException or InvalidOperationException)
    {
        rows.AddRange(figures.Where(f => options.Wants(f)).Select(f => Row.Failed(f, e.Message)));
    }
}

Measure(["P1"], () => new StartUp(tools, options).Rows());
Measure(["P2", "P3", "P4"], () => new Reading(tools, options).Rows());
Measure(["P5", "P6"], () => new Writing(tools, options).Rows());
Measure(["P7", "P8"], () => new Folding(tools, options).Rows());
Measure(["P9", "P10", "P11"], () => new Syncing(tools, options).Rows());
Measure(["P12"], () => new Pushing(tools, options).Rows());
Measure(["P13"], () => new Idling(tools, options).Rows());
Measure(["P14"], () => new Walking(tools, options).Rows());
Measure(["P15"], () => new Reporting(tools, options).Rows());

Table.Print(rows, Console.Out);
var shortfalls = rows.Where(r => r.FallsShort).ToList();
Console.WriteLine();
Console.WriteLine(shortfalls.Count == 0
    ? "Every figure measured is what is owed, or better."
    : $"Short of what is owed: {string.Join(", ", shortfalls.Select(r => r.Failure is null ? $"{r.Id} {r.What}" : $"{r.Id} (not measured)"))}.");
return 0;
