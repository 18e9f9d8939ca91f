using CsCheck;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;
using Xunit;

namespace Sesh.Tests.Store.Format;

/// <summary>R3 and R5 of one document file: any bit flipped, any prefix, any bytes.</summary>
public sealed class DocumentFormatTests
{
    private static readonly (Document Document, byte[] Bytes) Sample = SampleDocument.Make();

    private static string GoldenPath => Path.Combine(Repository.Root, "Sesh.Tests", "Store", "Format", "golden-1.0.sesh");

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        var read = DocumentReader.Read(Sample.Bytes, null, prove: true);
        Assert.NotNull(read);
        Assert.True(read.IsSound);
        AssertSame(Sample.Document, read.Document);
    }

    [Fact]
    public void The_format_is_what_it_was_when_it_was_released()
    {
        var golden = File.ReadAllBytes(GoldenPath);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(Sample.Bytes));
        var read = DocumentReader.Read(golden, null, prove: true);
        Assert.NotNull(read);
        AssertSame(Sample.Document, read.Document);
    }

    [Fact]
    public void Every_bit_flipped_is_noticed_changes_nothing_else_and_costs_no_other_block()
    {
        var blocks = Blocks(Sample.Bytes);
        var all = Sample.Document.Entries().ToDictionary(e => e.Name);
        for (var at = 0; at < Sample.Bytes.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var bytes = (byte[])Sample.Bytes.Clone();
                bytes[at] ^= (byte)(1 << bit);
                var read = DocumentReader.Read(bytes, SampleDocument.Hint, prove: false);
                Assert.NotNull(read);
                Assert.False(read.IsSound, $"byte {at} bit {bit} passed");
                var entries = read.Document.Entries().Concat(read.Behind).ToList();
                Assert.All(entries, e => Assert.Equal(all[e.Name], e));
                var hit = blocks.Single(b => at >= b.Offset && at < b.End);
                var spared = blocks.Where(b => b != hit).SelectMany(EntriesOf).ToHashSet();
                Assert.True(spared.IsSubsetOf(entries.Select(e => e.Name)), $"byte {at} bit {bit} cost another block");
            }
        }
    }

    [Fact]
    public void Every_prefix_reads_as_the_frames_that_are_whole_in_it()
    {
        var blocks = Blocks(Sample.Bytes);
        for (var length = 0; length < Sample.Bytes.Length; length++)
        {
            var read = DocumentReader.Read(Sample.Bytes.AsMemory(0, length), SampleDocument.Hint, prove: true);
            Assert.NotNull(read);
            var whole = blocks.Where(b => b.End <= length).ToList();
            var expected = whole.Count < 2 ? [] : whole.SelectMany(EntriesOf).ToList();
            Assert.Equal(expected, read.Document.Entries().Select(e => e.Name));
            if (whole.Count >= 2)
            {
                Assert.Equal(whole[^1].End, read.SoundLength);
                Assert.Equal(whole[^1].End != length, read.HasTornTail);
                Assert.Empty(read.Damage);
            }
        }
    }

    [Fact]
    public void Frames_behind_a_known_place_read_as_in_the_whole()
    {
        var whole = DocumentReader.Read(Sample.Bytes, null, prove: true)!;
        for (var i = 0; i < whole.Document.Frames.Length; i++)
        {
            var known = whole.Document.Frames[i];
            var from = i + 1 < whole.FrameOffsets.Length ? whole.FrameOffsets[i + 1] : whole.SoundLength;
            var behind = DocumentReader.ReadBehind(Sample.Bytes.AsMemory(from), SampleDocument.Own, known.End, known.Digest, out var sound);
            Assert.Equal(Sample.Bytes.Length - from, sound);
            Assert.Equal(whole.Document.Frames.Skip(i + 1).Select(f => f.Digest), behind!.Value.Select(f => f.Digest));
        }

        var digest = new Digest(1, 2);
        Assert.Null(DocumentReader.ReadBehind(Sample.Bytes.AsMemory(whole.FramesOffset), SampleDocument.Own, whole.Document.CompactedTo, digest, out _));
    }

    [Fact]
    public void A_newer_major_version_is_refused()
    {
        var header = new DocumentHeader { Major = 2, Replica = SampleDocument.Own, Machine = "alpha", PublicKey = [.. new byte[32]] };
        Assert.Throws<NewerFormatException>(() => DocumentReader.Read(DocumentWriter.Header(header), null, prove: false));
    }

    [Fact]
    public void Blocks_and_frames_of_a_newer_minor_version_are_read_past_and_not_compacted_away()
    {
        var later = Block.Encode((BlockKind)'Z', Digest.Zero, Digest.Zero, [1, 2, 3]);
        var read = DocumentReader.Read((byte[])[.. Sample.Bytes, .. later], null, prove: true);
        Assert.NotNull(read);
        Assert.True(read.IsSound);
        Assert.True(read.HasMore);
        Assert.Equal(Sample.Document.Head, read.Document.Head);
    }

    [Fact]
    public void No_bytes_make_the_reader_fail()
    {
        var mutated = Gen.Select(Gen.Int[0, Sample.Bytes.Length - 1], Gen.Byte, Gen.Int[0, 3], Gen.Int[1, 64]).Array[1, 8].Select(Mutated);
        Gen.OneOf(mutated, Gen.Byte.Array[0, 400]).Sample(
            bytes =>
            {
                var read = DocumentReader.Read(bytes, SampleDocument.Hint, prove: false);
                return read is not null && read.SoundLength <= bytes.Length;
            },
            iter: Scale.Of(20_000, 2_000_000));
    }

    [Fact]
    public void No_payload_makes_the_decoders_fail_though_its_checksums_are_right()
    {
        var payloads = Blocks(Sample.Bytes).Select(b => b.Payload(Sample.Bytes).ToArray()).ToArray();
        var mutated = Gen.Select(Gen.Int[0, payloads.Length - 1], Gen.Int, Gen.Byte.Array[1, 6], Gen.Bool).Select(
            (which, at, with, cut) =>
            {
                var payload = (byte[])payloads[which].Clone();
                var offset = (int)((uint)at % (uint)payload.Length);
                with.AsSpan(0, Math.Min(with.Length, payload.Length - offset)).CopyTo(payload.AsSpan(offset));
                return cut ? payload[..offset] : payload;
            });
        Gen.OneOf(mutated, Gen.Byte.Array[0, 200]).Sample(
            payload =>
            {
                Decodes(() => FramePayload.Read(payload, SampleDocument.Own, Digest.Zero));
                Decodes(() => HeaderPayload.Read(payload));
                Decodes(() => BasePayload.Read(payload, SampleDocument.Own, out _));
                Decodes(() => Inflation.Inflate(payload));
            },
            iter: Scale.Of(20_000, 2_000_000));
    }

    [Fact]
    public void Nesting_without_end_is_refused_before_the_stack_is()
    {
        var deep = new byte[1 << 20];
        Array.Fill(deep, (byte)0x91);
        Assert.Throws<MalformedException>(() => FramePayload.Read((byte[])[0x98, 0, 1, 1, 0xC4, 0, 0xC4, 16, .. new byte[16], 0, 0xC0, 0x91, 0x94, 0, 1, 0, .. deep], SampleDocument.Own, Digest.Zero));
    }

    private static void Decodes(Action decode)
    {
        try
        {
            decode();
        }
        catch (Exception e) when (e is MalformedException or NewerFormatException)
        {
            // The two answers to bytes that are none of ours.
        }
    }

    private static byte[] Mutated((int At, byte With, int How, int Length)[] mutations)
    {
        var bytes = Sample.Bytes.ToList();
        foreach (var (at, with, how, length) in mutations)
        {
            var offset = Math.Min(at, bytes.Count);
            var count = Math.Min(length, bytes.Count - offset);
            switch (how)
            {
                case 0 when offset < bytes.Count:
                    bytes[offset] = with;
                    break;
                case 1:
                    bytes.RemoveRange(offset, count);
                    break;
                case 2:
                    bytes.InsertRange(offset, Enumerable.Repeat(with, length));
                    break;
                default:
                    bytes.InsertRange(offset, bytes.GetRange(offset, count));
                    break;
            }
        }

        return [.. bytes];
    }

    private static List<Block> Blocks(byte[] bytes)
    {
        var blocks = new List<Block>();
        for (var at = 0; at < bytes.Length; at = blocks[^1].End)
        {
            Assert.Equal(BlockState.Sound, Block.Read(bytes, at, out var block));
            blocks.Add(block);
        }

        return blocks;
    }

    private static IEnumerable<EntryName> EntriesOf(Block block) => block.Kind switch
    {
        BlockKind.Frame => FramePayload.Read(block.Payload(Sample.Bytes), SampleDocument.Own, block.Digest).Entries.Select(e => e.Name),
        BlockKind.Base => BasePayload.Read(Inflation.Inflate(block.Payload(Sample.Bytes)), SampleDocument.Own, out _).Select(b => b.Entry.Name),
        _ => [],
    };

    private static void AssertSame(Document expected, Document actual)
    {
        Assert.Equal(expected.Base, actual.Base);
        Assert.Equal(expected.Dropped, actual.Dropped);
        Assert.Equal(expected.Generations, actual.Generations);
        Assert.Equal((expected.Replica, expected.Machine, expected.Generation, expected.CompactedTo, expected.AgedTo, expected.End, expected.Head),
            (actual.Replica, actual.Machine, actual.Generation, actual.CompactedTo, actual.AgedTo, actual.End, actual.Head));
        Assert.Equal(expected.Frames.Length, actual.Frames.Length);
        foreach (var (one, other) in expected.Frames.Zip(actual.Frames))
        {
            Assert.Equal((one.Start, one.End, one.Digest, one.Quotes), (other.Start, other.End, other.Digest, other.Quotes));
            Assert.Equal(one.Entries, other.Entries);
            Assert.Equal(one.Operation is null, other.Operation is null);
            if (one.Operation is not { } operation)
                continue;
            Assert.Equal((operation.Verb, operation.Wall, operation.Undoes), (other.Operation!.Verb, other.Operation.Wall, other.Operation.Undoes));
            Assert.Equal(operation.Options, other.Operation.Options);
            Assert.Equal(operation.Before, other.Operation.Before);
        }
    }
}
