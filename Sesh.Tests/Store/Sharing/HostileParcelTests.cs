using System.Buffers;
using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;
using Sesh.Sync.Store.Sharing;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

/// <summary>R7: what a peer may say that is not so. Each is refused with a reason, and no byte of the home changes.</summary>
public sealed class HostileParcelTests
{
    private readonly SharingHome _alpha = new("alpha");
    private readonly SharingHome _beta = new("beta");
    private readonly SessionId _session;

    /// <summary>Mallory's own keys: whatever is signed with them is in order but for what the test changes.</summary>
    private readonly ReplicaKeys _keys = ReplicaKeys.Make();

    public HostileParcelTests()
    {
        _session = _alpha.Register("one");
        _beta.Register("mine");
    }

    [Fact]
    public void A_document_of_a_key_that_does_not_make_its_replica_is_refused()
    {
        var honest = Document();
        Refused(honest with { Replica = _keys.Replica }, "key");
        Refused(honest with { Header = Header(h => h with { Replica = honest.Replica }) }, "key");
        Refused(honest with { Header = Header(h => h with { Replica = honest.Replica, PublicKey = _keys.PublicKey() }) }, "key");
        Refused(honest with { Replica = _keys.Replica, Header = Header(h => h), Head = honest.Head with { Replica = _keys.Replica } }, "signed");
    }

    [Fact]
    public void A_head_that_its_owner_did_not_sign_is_refused()
    {
        var honest = Document();
        var head = honest.Head;
        Refused(honest with { Head = head with { End = head.End + 1 } }, "signed");
        Refused(honest with { Head = head with { Digest = new Digest(1, 2) } }, "signed");
        Refused(honest with { Head = head with { Start = new Digest(1, 2) } }, "signed");
        Refused(honest with { Head = head with { Signature = [.. head.Signature.Select(b => (byte)~b)] } }, "signed");
        Refused(honest with { Head = head with { Signature = [] } }, "signed");
        Refused(honest with { Head = head with { Signature = default } }, "signed");
        Refused(honest with { Head = head with { End = 0 } }, "place");
        Refused(honest with { StartHead = head with { End = 77 } }, "signed");
        Refused(honest with { Head = HeadSignature.Sign(_keys, head.End, head.Digest, head.Start) with { Replica = head.Replica } }, "signed");
    }

    [Fact]
    public void A_relay_can_add_nothing_to_a_document_and_change_nothing_in_it()
    {
        _alpha.Rename(_session, "two");
        var honest = Document();
        var forged = FramePayload.Write(Frame(honest.Head.End + 1, "forged"));
        Refused(honest with { Blocks = [.. honest.Blocks, new ShippedBlock((byte)BlockKind.Frame, forged)] }, "signed");
        Refused(honest with { Blocks = [honest.Blocks[0]] }, "signed");
        Refused(honest with { Blocks = honest.Blocks.Reverse().ToImmutableArray() }, "begins at");
        Refused(honest with { Blocks = [honest.Blocks[0], honest.Blocks[0]] }, "begins at");
        for (var at = 0; at < honest.Blocks[0].Bytes.Length; at += 7)
        {
            var bytes = honest.Blocks[0].Bytes.ToArray();
            bytes[at] ^= 1;
            Refused(honest with { Blocks = [honest.Blocks[0] with { Bytes = bytes }, honest.Blocks[1]] });
        }
    }

    [Fact]
    public void A_relay_can_put_nothing_into_a_header_or_a_compacted_part_and_sign_neither()
    {
        for (var i = 0; i < 20; i++)
            _alpha.Rename(_session, $"n{i}");
        _alpha.Store.Compact();
        var honest = Document();
        var loaded = DocumentReader.Read(_alpha.Docs().Values.Single(), null, prove: true)!;
        var other = Inflation.Deflate(BasePayload.Write(honest.Replica, [loaded.Document.Base[0]]));
        Refused(honest with { Base = other }, "beginning");
        Refused(honest with { Header = HeaderPayload.Write(loaded.Header with { Machine = "mallory" }) }, "beginning");
        Refused(honest with { Header = HeaderPayload.Write(loaded.Header with { AgedTo = 1 }) }, "beginning");
        Refused(honest with { Header = HeaderPayload.Write(loaded.Header with { Generation = 7 }) }, "beginning");
        Refused(honest with { Base = default });
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(honest, "alpha").Outcome);
        Refused(new CompactionParcel(honest.Replica, HeaderPayload.Write(loaded.Header with { Generation = 7 }), loaded.BaseDigest, honest.Head), "beginning");
    }

    [Theory]
    [InlineData("../../../tmp/evil")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("")]
    [InlineData("nul\0byte")]
    [InlineData("line\nfeed")]
    [InlineData("Ünïcode")]
    public void A_machine_whose_name_is_a_path_or_no_name_is_refused(string name) => Refused(Mine(h => h with { Machine = name }), "header");

    [Fact]
    public void A_machine_name_longer_than_any_is_refused() => Refused(Mine(h => h with { Machine = new string('m', 65) }), "header");

    [Fact]
    public void A_private_document_is_refused() => Refused(Mine(h => h with { Private = true }), "private");

    [Fact]
    public void A_newer_major_format_is_refused_and_says_what_to_do() => Refused(Mine(h => h with { Major = FileFormat.Major + 1 }), "upgrade sesh");

    [Fact]
    public void A_newer_minor_format_is_taken_and_handed_on_byte_for_byte()
    {
        var unknown = Block.Encode((BlockKind)(byte)'Z', default, new Digest(3, 4), [1, 2, 3]);
        var parcel = Mine(h => h with { Minor = FileFormat.Minor + 1 }, blocks => [new ShippedBlock((byte)'Z', unknown), .. blocks]);
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(parcel, "mallory").Outcome);
        var gamma = new SharingHome("gamma");
        gamma.TakeFrom(_beta);
        var name = $"mallory.{_keys.Replica}.sesh";
        Assert.Equal(_beta.Docs()[name], gamma.Docs()[name]);
        Assert.True(_beta.Docs()[name].AsSpan().IndexOf(unknown) > 0);
    }

    [Fact]
    public void Frames_that_do_not_decode_are_refused()
    {
        Refused(Mine(frame: new byte[] { 0xC1 }), "decode");
        Refused(Mine(frame: ReadOnlyMemory<byte>.Empty), "decode");
        Refused(Mine(frame: Packed((ref MessagePackWriter w) => w.WriteArrayHeader(int.MaxValue))), "decode");
        Refused(Mine(frame: Counts(entries: int.MaxValue, replicas: 0)), "decode");
        Refused(Mine(frame: Counts(entries: 1_000_000, replicas: 0)), "decode");
        Refused(Mine(frame: Counts(entries: 0, replicas: 100)), "decode");
        Refused(Mine(frame: Nested(100_000)), "decode");
        Refused(Mine(frame: FramePayload.Write(Frame(5, "not the first"))), "begins at");
        Refused(Mine(frame: new byte[SharingLimits.Frame + 1]), "16 MB");
    }

    [Fact]
    public void Blocks_that_are_none_are_refused()
    {
        var header = new ShippedBlock((byte)BlockKind.Header, new byte[60]);
        Refused(Mine(blocks: b => [header, .. b]), "beginning");
        Refused(Mine(blocks: b => [header with { Kind = (byte)BlockKind.Base }, .. b]), "beginning");
        Refused(Mine(blocks: b => [new ShippedBlock((byte)'Z', new byte[60]), .. b]), "no block");
        Refused(Mine(blocks: b => [new ShippedBlock((byte)'Z', Block.Encode((BlockKind)(byte)'Y', default, default, [1])), .. b]), "no block");
        Refused(Mine(blocks: b => [new ShippedBlock((byte)'Z', Block.Encode((BlockKind)(byte)'Z', default, default, new byte[2 << 20])), .. b]), "1 MB");
        Refused(Mine() with { Blocks = default });
    }

    [Fact]
    public void What_inflates_to_more_than_allowed_or_holds_too_much_is_refused()
    {
        // Zeros alone would inflate further than any compacted part does.
        var bomb = new byte[SharingLimits.Inflated + 1];
        new Random(1).NextBytes(bomb.AsSpan(0, bomb.Length / 40));
        var deflated = Inflation.Deflate(bomb);
        Assert.InRange(deflated.Length, 1, bomb.Length / 30);
        Refused(Compacted(deflated), "inflates");
        Refused(Compacted([1, 0xFF, 0xFF, 0xFF, 0x03, .. new byte[2 << 20]]), "inflate");
        Refused(Compacted([1, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0]), "decode");
        Refused(Compacted([1, 10, 0, 0, 0, 1, 2, 3]), "inflate");
        Refused(Compacted([]), "decode");
        var many = Packed((ref MessagePackWriter w) =>
        {
            w.WriteArrayHeader(22);
            w.Write(SharingLimits.BaseEntries + 1);
            for (var i = 0; i < 21; i++)
                w.Write(ReadOnlySpan<byte>.Empty);
        });
        Refused(Compacted(Inflation.Deflate(many)), "more entries");
        Refused(Mine(h => h with { Generation = 1, CompactedTo = 5, Generations = [new ChainMark(5, new Digest(1, 1))], Dropped = [new Mark(4, default), new Mark(3, default)] }), "header");
    }

    [Fact]
    public void A_document_beyond_64_megabytes_is_refused_in_whatever_parts_it_comes()
    {
        var frame = FramePayload.Write(Frame(1, new string('x', 60_000)));
        var large = Enumerable.Repeat(new ShippedBlock((byte)BlockKind.Frame, new byte[15 << 20]), 5).ToImmutableArray();
        Refused(Mine() with { Blocks = large });
        Refused(Mine() with { Header = new byte[65 << 20] }, "64 MB");
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(Mine(frame: frame), "mallory").Outcome);
    }

    [Fact]
    public void Replays_change_nothing_whatever_their_order()
    {
        var parcels = new List<Parcel>();
        for (var i = 0; i < 6; i++)
        {
            _alpha.Rename(_session, $"n{i}");
            var offered = _alpha.Sharing.Offer(_beta.State()).ToList();
            parcels.AddRange(offered);
            offered.ForEach(p => _beta.Sharing.Take(p, "alpha"));
        }

        var before = Bytes();
        foreach (var parcel in parcels.AsEnumerable().Reverse().Concat(parcels))
            Assert.Equal(Outcome.Known, _beta.Sharing.Take(parcel, "mallory").Outcome);
        Assert.Equal(before, Bytes());
    }

    [Fact]
    public void A_document_that_forks_without_end_is_taken_up_to_a_bound()
    {
        var taken = 0;
        for (var i = 0; i < 3 * SharingLimits.Branches; i++)
            taken += _beta.Sharing.Take(Mine(frame: FramePayload.Write(Frame(1, $"branch {i}"))), "mallory").Outcome == Outcome.Taken ? 1 : 0;
        Assert.Equal(SharingLimits.Branches, taken);
        Refused(Mine(frame: FramePayload.Write(Frame(1, "one more"))), "branches");
    }

    [Fact]
    public void A_machine_of_the_same_name_gets_a_file_of_its_own()
    {
        Assert.Equal(Outcome.Taken, _beta.Sharing.Take(Mine(h => h with { Machine = "beta" }), "mallory").Outcome);
        Assert.Equal(2, _beta.Docs().Count);
        _alpha.Exchange(_beta);
        Assert.Equal("one", _beta.NameOf(_session));
    }

    private DocumentParcel Document() => Assert.IsType<DocumentParcel>(Assert.Single(_alpha.Sharing.Offer(StateVector.Empty)));

    private void Refused(Parcel parcel, string why = "")
    {
        var before = Bytes();
        var receipt = _beta.Sharing.Take(parcel, "mallory");
        Assert.Equal(Outcome.Refused, receipt.Outcome);
        Assert.Contains(why, receipt.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(receipt.Reason);
        Assert.DoesNotContain(receipt.Reason, char.IsControl);
        Assert.Equal(before, Bytes());
    }

    // Everything that lies in the home but for empty locks.
    private SortedDictionary<string, string> Bytes()
    {
        var bytes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in (string[])["/home", "/home/own", "/home/docs", "/home/heads", "/home/quarantine", "/tmp", "/"])
        {
            foreach (var name in _beta.Files.List(folder))
            {
                if (_beta.Files.Stat($"{folder}/{name}") is { Kind: Sync.Store.Files.FileKind.File, Size: > 0 })
                    bytes[$"{folder}/{name}"] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(_beta.Files.Read($"{folder}/{name}")));
            }
        }

        return bytes;
    }

    private static Frame Frame(long seq, string name)
    {
        var entry = new Entry(
            new EntryName(default, seq, default), new Hlc((ulong)SetClock.Start << 16), new Register(SessionId.Parse("33333333-3333-4333-8333-333333333333"), Field.Name), Value.Of(name), Context.Empty);
        return new Frame(seq, seq, default, [entry], null);
    }

    private ReadOnlyMemory<byte> Header(Func<DocumentHeader, DocumentHeader> how) =>
        HeaderPayload.Write(how(new DocumentHeader { Replica = _keys.Replica, Machine = "mallory", PublicKey = _keys.PublicKey() }));

    /// <summary>A document of Mallory's with everything signed as it should be, whatever is in it.</summary>
    private DocumentParcel Mine(Func<DocumentHeader, DocumentHeader>? how = null, Func<ImmutableArray<ShippedBlock>, ImmutableArray<ShippedBlock>>? blocks = null, ReadOnlyMemory<byte>? frame = null)
    {
        var header = Header(how ?? (static h => h));
        var payload = frame ?? FramePayload.Write(Frame(1, "forged"));
        ImmutableArray<ShippedBlock> shipped = [new ShippedBlock((byte)BlockKind.Frame, payload)];
        var head = HeadSignature.Sign(_keys, 1, ChainHash.Of(Digest.Zero, _keys.Replica, payload.Span), Outline.StartOf(_keys.Replica, header.Span, Digest.Zero));
        return new DocumentParcel(_keys.Replica, header, default, blocks?.Invoke(shipped) ?? shipped, head);
    }

    private DocumentParcel Compacted(byte[] stored)
    {
        var at = new Digest(1, 1);
        var header = Header(h => h with { Generation = 1, CompactedTo = 5, Generations = [new ChainMark(5, at)] });
        return new DocumentParcel(_keys.Replica, header, stored, [], HeadSignature.Sign(_keys, 5, at, Outline.StartOf(_keys.Replica, header.Span, new Digest(9, 9))));
    }

    private delegate void Pack(ref MessagePackWriter writer);

    private static byte[] Packed(Pack pack)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        pack(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Counts(int entries, int replicas) => Packed((ref MessagePackWriter w) =>
    {
        w.WriteArrayHeader(8);
        w.Write(0);
        w.Write(1);
        w.Write(entries == 0 ? 1 : entries);
        w.Write(new byte[replicas]);
        w.Write(ReadOnlySpan<byte>.Empty);
        w.Write(0);
        w.WriteNil();
        w.WriteArrayHeader(entries);
    });

    // An entry whose value is arrays within arrays.
    private static byte[] Nested(int depth) => Packed((ref MessagePackWriter w) =>
    {
        w.WriteArrayHeader(8);
        w.Write(0);
        w.Write(1);
        w.Write(1);
        w.Write(ReadOnlySpan<byte>.Empty);
        w.Write(new byte[16]);
        w.Write(0);
        w.WriteNil();
        w.WriteArrayHeader(1);
        w.WriteArrayHeader(4);
        w.Write(0);
        w.Write(1);
        w.Write(0);
        for (var i = 0; i < depth; i++)
            w.WriteArrayHeader(1);
        w.WriteNil();
    });
}
