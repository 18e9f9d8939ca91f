using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Tests.Store.Format;

/// <summary>A small document with a bit of everything: compacted part, contexts, keys, quotes, unknown fields and values, an operation that undoes.</summary>
internal static class SampleDocument
{
    public static ReplicaId Own { get; } = new(UInt128.Parse("0123456789abcdef0123456789abcdef", System.Globalization.NumberStyles.HexNumber));

    public static ReplicaId Other { get; } = new(UInt128.Parse("fedcba9876543210fedcba9876543210", System.Globalization.NumberStyles.HexNumber));

    public static SessionId Session { get; } = SessionId.Parse("6f9619ff-8b86-4011-b42d-00c04fc964ff");

    public static DocumentHint Hint => new(Own, "alpha", false);

    /// <summary>The document, and its bytes as this version writes them.</summary>
    public static (Document Document, byte[] Bytes) Make()
    {
        var header = new DocumentHeader { Replica = Own, Machine = "alpha", PublicKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)] };
        var document = new Document { Replica = Own, Machine = "alpha" };
        foreach (var frame in Frames().Take(3))
            document = With(document, frame, out _);
        document = Compaction.Compact(document, document.End, 0);
        header = header with
        {
            Generation = document.Generation,
            CompactedTo = document.CompactedTo,
            AgedTo = document.AgedTo,
            Dropped = document.Dropped,
            Generations = document.Generations,
        };
        var bytes = new List<byte>([.. DocumentWriter.Header(header), .. DocumentWriter.Base(Own, document.Head, document.Base)]);
        foreach (var frame in Frames().Skip(3))
        {
            document = With(document, frame, out var block);
            bytes.AddRange(block);
        }

        return (document, [.. bytes]);
    }

    private static Document With(Document document, Func<long, Frame> make, out byte[] block)
    {
        (block, var frame) = DocumentWriter.Frame(Own, document.Head, make(document.End + 1));
        return document with { Frames = document.Frames.Add(frame) };
    }

    private static IEnumerable<Func<long, Frame>> Frames()
    {
        yield return seq => Frame(
            seq, "register",
            (Field.Agent, null, Value.Of("claude")), (Field.Machine, null, Value.Of("alpha")), (Field.AgentSessionId, null, Value.Of(Session.ToString())),
            (Field.CreatedAt, null, Value.Of(1_750_000_000_123)), (Field.Name, null, Value.Of("first")));
        yield return seq => Frame(seq, "rename", (Field.Name, null, Value.Of("second")));
        yield return seq => Frame(seq, "tag", (Field.Tag, "wip", Value.True), (Field.Tag, "naïve 🌍", Value.True));
        yield return seq => Frame(seq, "rename", (Field.Name, null, Value.Of("drittes")), (Field.AutoRename, null, Value.False));
        yield return seq => Frame(seq, "untag", (Field.Tag, "wip", Value.Absent));
        yield return seq => Frame(seq, "later", ((Field)200, "key of a later version", Value.OfOpaque([0x93, 1, 2, 3]))) is var f
            ? f with { Entries = [f.Entries[0] with { Extra = Value.OfOpaque([0xC3, 0x92, 7, 0xA1, (byte)'x']) }] }
            : null!;
        yield return seq => new Frame(seq, seq, default, [Entry(new EntryName(Other, 7, new Check(77)), seq, (Field.Summary, null, Value.Of("quoted")))], null, Quotes: true);
        yield return seq => Frame(seq, "undo", (Field.Name, null, Value.Of("second"))) is var f
            ? f with { Operation = f.Operation! with { Undoes = new OperationId(Own, new Check(0xABCD)) } }
            : null!;
    }

    private static Frame Frame(long seq, string verb, params (Field, string?, Value)[] settings)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>();
        for (var i = 0; i < settings.Length; i++)
            entries.Add(Entry(new EntryName(Own, seq + i, default), seq + i, settings[i]));
        var before = settings.Select((_, i) => i == 0 ? Value.Of("before") : Value.Absent).ToList();
        return new Frame(seq, seq + settings.Length - 1, default, entries.DrainToImmutable(), new Operation(verb, ["--keep-auto"], 1_760_000_000_000 + seq, before));
    }

    private static Entry Entry(EntryName name, long tick, (Field Field, string? Key, Value Value) setting)
    {
        var context = setting.Field == Field.Name && tick > 1
            ? Context.Of([new EntryName(Other, 3, new Check(0x1122334455667788)), new EntryName(Other, 5, new Check(9))])
            : Context.Empty;
        return new Entry(name, new Hlc(((ulong)1_760_000_000_000 << 16) + (ulong)tick), new Register(Session, setting.Field, setting.Key), setting.Value, context);
    }
}
