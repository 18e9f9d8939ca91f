using System.Diagnostics;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>P12: a rename on one machine until another shows it, where daemons run on both.</summary>
internal sealed class Pushing(Tools tools, Options options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public IEnumerable<Row> Rows()
    {
        using var mesh = new Mesh(tools, "pushing", compacted: true);
        mesh.Reach(mesh.Ssh.Port, "sshnet");
        using var here = new RunningDaemon(mesh.Ssh, mesh.Here, "m0");
        using var there = new RunningDaemon(mesh.Ssh, mesh.There, "m1");
        here.WaitUntilConnected(1);
        var store = mesh.World.Open(1);
        var uuid = mesh.World.Workload.Sessions[0].Uuid;
        var times = new List<double>();
        for (var run = -3; run < options.Runs; run++)
        {
            var name = $"pushed {run}";
            var begun = Stopwatch.GetTimestamp();
            Spawn.Must(mesh.Call("rename", uuid.ToString(), name));
            while (store.Read().Find(uuid)?.Name != name)
            {
                if (Stopwatch.GetElapsedTime(begun) > Patience)
                    throw new FailedRunException($"a rename did not arrive within {Patience.TotalSeconds} s");
                // Leaves the cores to those who are measured; a millisecond is what this measures to.
                Thread.Sleep(1);
            }

            if (run >= 0)
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        yield return new Row(
            "P12", "rename here until it shows there, by daemons", "", 0, SideBySide.Median(times), "ms", Measure.Absolute, 100, 30, $"{times.Min():0} to {times.Max():0} ms");
    }
}
