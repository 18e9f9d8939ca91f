using CsCheck;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>A view patched entry by entry as frames arrive, against one folded from scratch.</summary>
public sealed class PatchedViewTests
{
    private static readonly Register _machine = new(World.Session, Field.Machine);

    [Fact]
    public void A_view_patched_step_by_step_equals_one_folded_from_scratch() =>
        Step.Sample(Scripts(), s => Run(s.Steps, s.Arrivals), 2_000, 20_000, s => $"{Step.Print(s.Steps)} arriving {string.Join(' ', s.Arrivals)}");

    private static Gen<(Step[] Steps, int[] Arrivals)> Scripts() => Gen.Select(Step.Script(4, 50), Gen.Int[0, 255].Array[0, 60]);

    private static void Run(Step[] steps, int[] arrivals)
    {
        var documents = History(steps);
        var arrived = documents.Select(d => d with { Frames = [] }).ToArray();
        var view = new SortedDictionary<Register, RegisterState>();

        // Each frame is the next of its document; which document it is of does not depend on what its writer had seen.
        foreach (var arrival in arrivals.Concat(Enumerable.Range(0, 256)))
        {
            var i = arrival % documents.Length;
            var (held, whole) = (arrived[i].Frames.Length, documents[i].Frames);
            if (held == whole.Length)
                continue;
            arrived[i] = arrived[i] with { Frames = whole[..(held + 1)] };
            var set = DocumentSet.Of(arrived);
            foreach (var entry in whole[held].Entries)
                view[entry.Register] = view.TryGetValue(entry.Register, out var state) ? state.With(entry, set) : RegisterState.Of(entry, set);
            var folded = set.States().SelectMany(s => s.Registers).Select(Views.Of);
            Assert.Equal(string.Join('\n', folded), string.Join('\n', view.Values.Select(Views.Of)));
        }
    }

    /// <summary>What three machines wrote while they exchanged parts in any order.</summary>
    private static Document[] History(Step[] steps)
    {
        var world = new World();
        foreach (var name in (string[])["A", "B", "C", "D"])
            world.Add(name);
        foreach (var step in steps)
        {
            world.Now += step.Milliseconds;
            var (actor, other) = (step.Actor(world), step.Other(world));
            if (step.Kind < 5 && actor.Operations.Count > 0)
                actor.Undo(actor.Operations[^1]);
            else if (step.Kind < 50)
                actor.Write(step.Settings(world, [World.Name, _machine]));
            else if (actor != other)
                actor.Send(other, d => d == step.Pick(actor.Documents), d => d with { Frames = d.Frames[..(step.More % (d.Frames.Length + 1))] });
        }

        return [.. world.Machines.Select(m => m.Own)];
    }
}
