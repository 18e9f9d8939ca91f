using CsCheck;
using Sesh.Sync.Documents;
using Sesh.Tests.Oracle;
using Xunit;

namespace Sesh.Tests.Documents;

public sealed class CompactionTests
{
    private static readonly Register _other = new(World.Session, Field.Summary);
    private readonly World _world = new();

    [Fact]
    public void The_last_entry_of_each_register_stays_with_the_end_and_check_of_its_frame()
    {
        var a = _world.Add("A");
        a.Write((World.Name, Value.Of("1")));
        var second = a.Write((World.Tag, Value.True), (World.Name, Value.Of("2")))!;
        var third = a.Write((_other, Value.Of("3")))!;
        a.Compact(4, 0);
        Assert.Equal(
            [new BaseEntry(second.Entries[0], 3), new BaseEntry(second.Entries[1], 3), new BaseEntry(third.Entries[0], 4)],
            a.Own.Base);
        Assert.Equal((4, 1, 4), (a.Own.CompactedTo, a.Own.Generation, a.Own.End));
        Assert.Equal(third.Digest, a.Own.Head);
    }

    [Fact]
    public void Checks_of_dropped_frames_stay_from_L_on()
    {
        var a = _world.Add("A");
        var frames = Enumerable.Range(0, 6).Select(i => a.Write((World.Name, Value.Of($"{i}")))!).ToArray();
        a.Compact(6, 3);
        Assert.Equal(frames[2..5].Select(f => new Mark(f.End, f.Digest.Check)), a.Own.Dropped);
        Assert.Equal([new ChainMark(6, frames[5].Digest)], a.Own.Generations);
    }

    [Fact]
    public void Numbers_that_are_no_frames_end_are_refused()
    {
        var a = _world.Add("A");
        a.Write((World.Name, Value.Of("1")), (World.Tag, Value.True));
        a.Write((World.Name, Value.Of("2")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compaction.Compact(a.Own, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compaction.Compact(a.Own, 4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compaction.Compact(a.Own, 2, 3));
        a.Compact(3, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => Compaction.Compact(a.Own, 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compaction.Compact(a.Own, 2, 3));
    }

    [Fact]
    public void Twice_compacted_keeps_the_same_as_once_and_a_peer_computes_the_same() =>
        Step.Sample(Gen.Select(Step.Script(4, 40), Gen.Int[0, 1023].Array[4]), s => RunTwice(s.Item1, s.Item2), 2_000, 20_000, s => Step.Print(s.Item1));

    [Fact]
    public void A_collected_session_keeps_only_its_tombstone_and_others_stay_whole()
    {
        var a = _world.Add("A");
        var kept = new Register(new SessionId(8), Field.Name);
        a.Write((World.Name, Value.Of("gone")), (kept, Value.Of("kept")), (World.Tag, Value.True));
        var older = a.Own;
        a.Write((new Register(World.Session, Field.Deleted), Value.True), (new Register(World.Session, Field.Collected), Value.True));
        a.Write((kept, Value.Of("later")));
        a.Compact(6, 6);
        Assert.Equal([Field.Deleted, Field.Collected, Field.Name], a.Own.Base.Select(b => b.Entry.Register.Field));
        // A copy from before is still a part of it, though its registers are not there any more.
        Assert.Equal(a.Own, Branches.Merge(older, a.Own));
    }

    [Fact]
    public void What_is_old_ages_out_up_to_the_first_entry_that_is_not()
    {
        var a = _world.Add("A");
        a.Write((World.Name, Value.Of("1")));
        a.Write((World.Tag, Value.True));
        _world.Now += 40 * World.Day;
        a.Write((_other, Value.Of("3")));
        var limit = _world.Now - (30 * World.Day);
        Assert.Equal(2, Compaction.AgedBefore(a.Own, limit));
        a.Compact(3, 0);
        Assert.Equal(2, Compaction.AgedBefore(a.Own, limit));
        _world.Now += 40 * World.Day;
        Assert.Equal(3, Compaction.AgedBefore(a.Own, _world.Now - (30 * World.Day)));
        Assert.Equal(0, Compaction.AgedBefore(a.Own, 0));
    }

    private static void RunTwice(Step[] steps, int[] choices)
    {
        var world = new World();
        var (a, b) = (world.Add("A"), world.Add("B"));
        foreach (var step in steps)
        {
            world.Now += step.Milliseconds;
            (step.Kind < 70 ? a : b).Write(step.Settings(world, [World.Name, World.Tag, _other]));
            if (step.Kind % 3 == 0)
                b.Send(a);
        }

        if (a.Own.Frames.Length < 2)
            return;
        long[] ends = [.. a.Own.Frames.Select(f => f.End)];
        long[] points = [.. choices.Select(c => ends[c % ends.Length]).Order()];
        var (firstAge, first, secondAge, second) = (points[0], points[1], points[2], points[3]);
        var whole = a.Own;
        var twice = Compaction.Compact(Compaction.Compact(whole, first, firstAge), second, secondAge);
        var once = Compaction.Compact(whole, second, secondAge);
        Assert.Equal(once.Base, twice.Base);
        Assert.Equal(once.Dropped.Where(d => d.Seq != first), twice.Dropped);
        Assert.Equal(Digests(once), Digests(twice).Where(g => g.Seq == second));

        // A peer that holds the prefix and no more computes the same.
        var prefix = whole with { Frames = [.. whole.Frames.Where(f => f.End <= second)] };
        Assert.Equal(once.Base, Compaction.Compact(prefix, second, secondAge).Base);
        Assert.Equal(once.Dropped, Compaction.Compact(prefix, second, secondAge).Dropped);

        // Whichever copy comes first, the more compacted one is the base of what is held.
        foreach (var (x, y) in ((Document, Document)[])[(whole, twice), (twice, whole), (prefix, twice), (twice, prefix)])
        {
            var merged = Branches.Merge(x, y)!;
            Assert.Equal((twice.CompactedTo, twice.AgedTo, whole.End, whole.Head), (merged.CompactedTo, merged.AgedTo, merged.End, merged.Head));
        }

        Assert.Equal(Views.Of(DocumentSet.Of([whole, b.Own])), Views.Of(DocumentSet.Of([twice, b.Own])));
    }

    private static IEnumerable<ChainMark> Digests(Document document) => document.Generations;
}
