using CsCheck;
using Sesh.Tests.Oracle;

namespace Sesh.Tests.Mesh;

internal enum MeshFault
{
    None,

    /// <summary>Homes are copied to other hosts.</summary>
    Clone,

    /// <summary>A home is put back as it was.</summary>
    Backup,
}

/// <summary>A script of 3 to 5 homes with partitions, reordering, repeats, losses on the way, crashes, compaction, and a fault.</summary>
/// <param name="Skews">Which clock is wrong by how much.</param>
/// <param name="At">Before which step the fault happens.</param>
internal sealed record MeshScript(MeshFault Fault, int[] Skews, int At, Step[] Steps)
{
    private const long Day = 24L * 3600 * 1000;
    private static readonly long[] _skews = [0, 365 * Day, -365 * Day, 500];

    public static Gen<MeshScript> Any(MeshFault fault) =>
        Gen.Select(Gen.Int[0, 3].Array[3, 5], Gen.Int[2, 30], Step.Script(8, 60), (skews, at, steps) => new MeshScript(fault, skews, at, steps));

    public override string ToString() => $"{Fault} before step {At}, skews {string.Join(' ', Skews)}: {Step.Print(Steps)}";

    public MeshWorld Run()
    {
        var world = new MeshWorld(Skews.Select(s => _skews[s]));
        for (var i = 0; i < Steps.Length; i++)
        {
            // Without a fault everything may age out, for there are no branches; with one, what two of them share must be known by.
            world.Pass(Fault == MeshFault.None && Steps[i].More % 16 == 0 ? 40 * Day : Steps[i].Milliseconds);
            if (i == At / 2)
                world.Backup(world.Home(0));
            if (i == At && Fault != MeshFault.None)
                Strike(world, Steps[i]);
            else
                Apply(world, Steps[i]);
        }

        world.Settle();
        return world;
    }

    // Often somebody writes before it hears of anything.
    private void Strike(MeshWorld world, Step step)
    {
        if (Fault == MeshFault.Clone)
            world.Clone(world.Home(0), step);
        else
            world.Restore(step);
        if (step.More % 2 == 0)
            world.Write(world.Home(0), step);
        if (step.More % 4 == 0)
            world.Write(world.Homes[^1], step);
    }

    private static void Apply(MeshWorld world, Step step)
    {
        var (actor, other) = (world.Home(step.Who), world.Home(step.Whom));
        switch (step.Kind)
        {
            case < 30:
                world.Write(actor, step);
                break;
            case < 32:
                world.Undo(actor);
                break;
            case < 65 when actor != other:
                world.Send(actor, other, step);
                break;
            case < 75:
                world.Arrive(actor, step);
                break;
            case < 85:
                world.Compact(actor);
                break;
            case < 90:
                world.Crash(actor, step, () => world.Write(actor, step));
                break;
            case < 93:
                world.Crash(actor, step, () => world.Compact(actor));
                break;
            case >= 93 when actor != other:
                world.Crash(actor, step, () => world.Send(other, actor, step));
                break;
        }
    }
}
