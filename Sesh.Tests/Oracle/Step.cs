using CsCheck;
using Sesh.Sync.Documents;

namespace Sesh.Tests.Oracle;

/// <summary>One step of a script: who does what; the rest are choices that each kind of step reads as it needs.</summary>
internal readonly record struct Step(int Kind, int Who, int Whom, int Choice, int More, int Wait)
{
    private static readonly int[] _waits = [0, 0, 1, 1000];

    public static Gen<Step> Any { get; } = Gen.Select(
        Gen.Int[0, 99], Gen.Int[0, 63], Gen.Int[0, 63], Gen.Int[0, 1023], Gen.Int[0, 1023], Gen.Int[0, 3], (k, a, b, c, m, w) => new Step(k, a, b, c, m, w));

    /// <summary>Scripts of so many steps.</summary>
    public static Gen<Step[]> Script(int shortest, int longest) => Any.Array[shortest, longest];

    public long Milliseconds => _waits[Wait];

    public T Pick<T>(IReadOnlyList<T> items) => items[Choice % items.Count];

    public Machine Actor(World world) => world.Machines[Who % world.Machines.Count];

    public Machine Other(World world) => world.Machines[Whom % world.Machines.Count];

    /// <summary>One or two settings of these registers, three in ten of them absent.</summary>
    public IEnumerable<(Register Register, Value Value)> Settings(World world, IReadOnlyList<Register> registers)
    {
        var count = More % 4 == 0 ? 2 : 1;
        for (var i = 0; i < count; i++)
        {
            var draw = Choice + (i * 37) + More;
            yield return (registers[(Choice + i) % registers.Count], draw % 10 < 7 ? Value.Of($"v{world.Written}-{i}") : Value.Absent);
        }
    }

    /// <summary>Runs scripts until one fails, which is shrunk and printed with its seed.</summary>
    public static void Sample<T>(Gen<T> scripts, Action<T> run, int everyday, int full, Func<T, string> print) =>
        scripts.Sample(run, iter: Scale.Of(everyday, full), threads: Math.Min(2, Environment.ProcessorCount), print: print);

    public static string Print(Step[] steps) => string.Join(" ", steps);

    public override string ToString() => $"({Kind}, {Who}, {Whom}, {Choice}, {More}, {Wait})";
}
