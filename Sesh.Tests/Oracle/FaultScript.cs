using CsCheck;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Oracle;

internal enum Fault
{
    /// <summary>A home is copied and both go on under one replica id.</summary>
    Clone,

    /// <summary>A home is put back as it was some steps before.</summary>
    Backup,

    /// <summary>A frame in the middle of a machine's own document becomes unreadable, or its compacted part.</summary>
    Damage,
}

/// <summary>A script of three machines of which one meets with a fault. Judged after full exchange, as the rules promise no more.</summary>
/// <param name="Fault">What happens to the first machine.</param>
/// <param name="At">Before which step; a backup is made at half of it.</param>
/// <param name="Loses">Others' documents are lost or put back older now and then, and only parts are sent.</param>
internal sealed record FaultScript(Fault Fault, int At, bool Loses, Step[] Steps)
{
    private readonly Register[] _registers = [World.Name, World.Tag];
    private long _shared;

    public static Gen<FaultScript> Any(Fault fault, bool loses) =>
        Gen.Select(Gen.Int[1, 14], Step.Script(4, 40), (at, steps) => new FaultScript(fault, at, loses, steps));

    public override string ToString() => $"{Fault} before step {At}: {Step.Print(Steps)}";

    /// <summary>The world after it, everything exchanged and checked.</summary>
    public World Run()
    {
        var world = new World();
        foreach (var name in (string[])["A", "B", "C"])
            world.Add(name);
        var backup = world.Machines[0].Backup();
        _shared = long.MaxValue;
        for (var i = 0; i < Steps.Length; i++)
        {
            world.Now += Steps[i].Milliseconds;
            if (i == At / 2)
                backup = world.Machines[0].Backup();
            if (i == At)
                Strike(world, Steps[i], backup);
            else
                Apply(world, Steps[i]);
        }

        Judge(world);
        return world;
    }

    private void Strike(World world, Step step, (Document[] Documents, Document Own, ReplicaId[] OldIds) backup)
    {
        var struck = world.Machines[0];
        switch (Fault)
        {
            case Fault.Clone:
                _shared = struck.Own.End;
                struck.Clone("Y");
                break;
            case Fault.Backup:
                _shared = backup.Own.End;
                struck.Restore(backup);
                break;
            case Fault.Damage when !struck.Own.Frames.IsEmpty:
                struck.Damage(step.Choice % (struck.Own.Frames.Length + 1) - 1);
                break;
        }
    }

    private void Apply(World world, Step step)
    {
        var (actor, other) = (step.Actor(world), step.Other(world));
        switch (step.Kind)
        {
            case < 45:
                actor.Write(step.Settings(world, _registers));
                break;
            case < 85 when actor != other:
                // Any choice of its documents, each by a bit.
                actor.Send(
                    other,
                    d => (step.Choice >> (int)(d.Replica.GetHashCode() & 7) & 1) != 0 || d == actor.Own,
                    Loses && step.More % 3 == 0 ? d => d with { Frames = d.Frames[..(step.More % (d.Frames.Length + 1))] } : null);
                break;
            case < 92 when !actor.Own.Frames.IsEmpty:
                Compact(step, actor);
                break;
            case >= 92 when Loses && actor.Others.Count > 0:
                actor.Lose(step.Pick(actor.Others));
                break;
        }
    }

    /// <summary>What two branches share may age out, nothing behind it: a branch all of whose ends aged out gives way by rule.</summary>
    private void Compact(Step step, Machine actor)
    {
        var to = step.Pick(actor.Own.Frames).End;
        long[] ages = [actor.Own.AgedTo, .. actor.Own.Frames.Select(f => f.End).Where(e => e <= to && e <= _shared && Fault != Fault.Backup)];
        actor.Compact(to, ages[step.More % ages.Length]);
    }

    private void Judge(World world)
    {
        world.Exchange();
        var view = world.Machines[0].View();
        var held = world.Machines.Aggregate(GhostSet.Empty, (set, m) => set | m.Held);
        if (Fault == Fault.Clone)
            Assert.True(held.Equals(world.Everything()), $"held by nobody: {world.Everything() - held}");
        // Where every copy of a branch is lost, nobody can tell what it shared with the one that is left.
        if (Loses && Fault == Fault.Backup && !held.Equals(world.Everything()))
            return;
        var truth = world.Truth(held);
        foreach (var machine in world.Machines)
        {
            Assert.Equal(view, machine.View());
            var fold = machine.Survivors();
            Assert.True((truth - fold).IsEmpty, $"{machine.Name} lost {truth - fold} of {Views.Of(machine.Documents, world.NumberOf)}");
            Assert.True((fold - truth).IsEmpty, $"at {machine.Name} came back {fold - truth} of {Views.Of(machine.Documents, world.NumberOf)}");
        }

        // One write that has seen everything leaves one value everywhere.
        world.Machines[2].Write(_registers.Select(r => (r, Value.Of("settled"))));
        world.Exchange();
        foreach (var machine in world.Machines)
        {
            foreach (var register in _registers)
                Assert.Equal(["settled"], machine.State(register)!.Survivors.Select(e => e.Value.AsText()));
        }
    }
}
