namespace Sesh.Bench.Running;

/// <summary>Measures programs in turns, so that whatever else the machine does falls on all of them alike.</summary>
internal static class SideBySide
{
    private const int WarmUps = 3;

    /// <returns>Each contender's median in milliseconds, in their order.</returns>
    /// <exception cref="FailedRunException">One ended with a status other than 0.</exception>
    public static double[] Medians(int runs, params IReadOnlyList<Contender> contenders)
    {
        var times = contenders.Select(_ => new List<double>(runs)).ToArray();
        for (var run = -Math.Min(WarmUps, runs); run < runs; run++)
        {
            for (var turn = 0; turn < contenders.Count; turn++)
            {
                var index = (turn + Math.Abs(run)) % contenders.Count;
                contenders[index].Before?.Invoke();
                var (milliseconds, exit) = Spawn.Run(contenders[index].Command);
                contenders[index].Command.Check(exit);
                if (run >= 0)
                    times[index].Add(milliseconds);
            }
        }

        return [.. times.Select(Median)];
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
