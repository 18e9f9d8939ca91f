using CsCheck;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>The fold does not show in which order, how often or in which bundles documents came, forked or not.</summary>
public sealed class OrderTests
{
    [Fact]
    public void Order_repeats_and_bundling_of_copies_do_not_show() =>
        Step.Sample(Gen.Select(Scripts, Gen.Int[0, 1_000_000]), s => Run(s.Item1.Run(), s.Item2), 1_500, 10_000, s => s.Item1.ToString());

    private static Gen<FaultScript> Scripts => Gen.OneOf(
        FaultScript.Any(Fault.Clone, loses: false), FaultScript.Any(Fault.Backup, loses: false), FaultScript.Any(Fault.Damage, loses: false));

    private static void Run(World world, int seed)
    {
        var random = new Random(seed);
        // Whole documents and prefixes of them, with all that the machines compacted each at its own time.
        List<Document> copies = [.. world.Machines.SelectMany(m => m.Documents)];
        foreach (var copy in copies.ToArray())
            copies.Add(copy with { Frames = copy.Frames[..random.Next(copy.Frames.Length + 1)] });
        var expected = DocumentSet.Of(copies);
        for (var i = 0; i < 3; i++)
        {
            var shuffled = copies.ToArray();
            random.Shuffle(shuffled);
            var once = DocumentSet.Of(shuffled);
            Assert.Equal(Text(expected), Text(once));
            Assert.Equal(Text(expected), Text(DocumentSet.Of(once.Documents)));

            // Two halves merged first, then both: the same branches and values. How far a forked one is compacted may differ, for what
            // compacts the part that two branches share compacts those it meets.
            var half = random.Next(shuffled.Length + 1);
            var halves = DocumentSet.Of(shuffled[..half]).Documents.AddRange(DocumentSet.Of(shuffled[half..]).Documents);
            var both = DocumentSet.Of(halves);
            Assert.Equal(expected.Documents.Select(d => (d.Replica, d.End, d.Head)), both.Documents.Select(d => (d.Replica, d.End, d.Head)));
            Assert.Equal(Views.Of(expected), Views.Of(both));
        }
    }

    private static string Text(DocumentSet set) =>
        string.Join('\n', set.Documents.Select(d => $"{d.Replica} {d.CompactedTo} {d.AgedTo} {d.End} {d.Head}")) + '\n'
        + string.Join('\n', set.States().SelectMany(s => s.Registers).Select(Views.Of));
}
