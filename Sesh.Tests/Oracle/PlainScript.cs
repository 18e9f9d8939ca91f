using CsCheck;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>A script of a world in which no replica is forked.</summary>
/// <param name="Machines">2 to 5.</param>
/// <param name="Registers">1 or 2.</param>
/// <param name="Skews">By how much each machine's wall clock is ahead, in milliseconds; the first also changes it (see <paramref name="IsWild"/>).</param>
/// <param name="IsWild">Clocks are wrong by up to a year, one by 400 days now and then.</param>
/// <param name="Loses">Others' documents are lost, or put back older.</param>
internal sealed record PlainScript(int Machines, int Registers, int[] Skews, bool IsWild, bool Loses, Step[] Steps)
{
    private const long Day = World.Day;
    private static readonly long[] _mild = [0, 0, 500, -500];
    private static readonly long[] _wild = [0, 365 * Day, -365 * Day, 20];

    public static Gen<PlainScript> Any(bool isWild, bool loses) => Gen.Select(
        Gen.Int[2, 5], Gen.Int[1, 2], Gen.Int[0, 3].Array[5], Step.Script(4, 60), (m, r, s, steps) => new PlainScript(m, r, s, isWild, loses, steps));

    public override string ToString() => $"{Machines} machines, {Registers} registers, skews {string.Join(' ', Skews)}: {Step.Print(Steps)}";

    public World Run()
    {
        // Years in, so that a clock a year behind is still after 1970.
        var world = new World { Now = 1000 * Day };
        for (var i = 0; i < Machines; i++)
            world.Add("ABCDE"[i].ToString()).Skew = (IsWild ? _wild : _mild)[Skews[i]];
        Register[] registers = Registers == 1 ? [World.Name] : [World.Name, World.Tag];
        foreach (var step in Steps)
        {
            world.Now += step.Milliseconds;
            var (actor, other) = (step.Actor(world), step.Other(world));
            Apply(world, step, actor, other, registers);
            Check(world, actor);
            if (other != actor)
                Check(world, other);
        }

        world.Exchange();
        Assert.Equal(0, world.Forks);
        var view = world.Machines[0].View();
        foreach (var machine in world.Machines)
        {
            Assert.Equal(view, machine.View());
            Check(world, machine);
        }

        return world;
    }

    private static void Check(World world, Machine machine)
    {
        var truth = world.Truth(machine.Held);
        var fold = machine.Survivors();
        if (truth.Equals(fold))
            return;
        Assert.True((truth - fold).IsEmpty, $"{machine.Name} lost {truth - fold}");
        Assert.True((fold - truth).IsEmpty, $"at {machine.Name} came back {fold - truth}");
    }

    private void Apply(World world, Step step, Machine actor, Machine other, Register[] registers)
    {
        switch (step.Kind)
        {
            case < 4 when actor.Operations.Count > 0:
                actor.Undo(actor.Operations[^1]);
                break;
            case < 30:
                actor.Write(step.Settings(world, registers));
                if (IsWild && actor == world.Machines[0])
                    actor.Skew = step.More % 2 == 0 ? 0 : 400 * Day;
                break;
            case < 80 when actor != other:
                Send(step, actor, other);
                break;
            case >= 80 and < 92 when !actor.Own.Frames.IsEmpty:
                Compact(step, actor);
                break;
            case >= 92 when Loses && actor.Others.Count > 0:
                actor.Lose(step.Pick(actor.Others), step.More % 2 == 0 ? null : d => Cut(d, step.Choice));
                break;
        }
    }

    /// <summary>All documents or one of them, whole or a prefix.</summary>
    private static void Send(Step step, Machine actor, Machine other)
    {
        var one = step.Pick(actor.Documents);
        actor.Send(other, step.More % 4 == 0 ? null : d => d == one, step.More % 3 == 0 ? d => Cut(d, step.More) : null);
    }

    private static Document Cut(Document document, int choice) =>
        document with { Frames = document.Frames[..(choice % (document.Frames.Length + 1))] };

    private static void Compact(Step step, Machine actor)
    {
        var before = actor.View();
        var to = step.Pick(actor.Own.Frames).End;
        long[] ages = [actor.Own.AgedTo, .. actor.Own.Frames.Select(f => f.End).Where(e => e <= to)];
        actor.Compact(to, ages[step.More % ages.Length]);
        Assert.Equal(before, actor.View());
    }
}
