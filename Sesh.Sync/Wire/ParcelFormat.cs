using System.Buffers.Binary;
using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

/// <summary>Parcels as they travel: an array, the kind first. A newer version puts fields behind the known ones; what it cannot say so is another kind.</summary>
internal static class ParcelFormat
{
    private const int Frames = 0;
    private const int Document = 1;
    private const int Compaction = 2;
    private const int Live = 3;

    private const int FramesFields = 9;
    private const int DocumentFields = 10;
    private const int CompactionFields = 8;
    private const int LiveFields = 10;
    private const int HeadFields = 4;
    private const int SignatureSize = 64;

    public static ReadOnlyMemory<byte> Write(Parcel parcel) => Packed.Write((ref MessagePackWriter writer) =>
    {
        switch (parcel)
        {
            case FramesParcel frames:
                Start(ref writer, FramesFields, Frames, frames.Replica);
                writer.Write(frames.After);
                Write(ref writer, frames.AfterDigest);
                Write(ref writer, frames.Blocks);
                Write(ref writer, frames.Head);
                break;
            case DocumentParcel document:
                Start(ref writer, DocumentFields, Document, document.Replica);
                writer.Write(document.Header.Span);
                writer.Write(document.Base.Span);
                Write(ref writer, document.Blocks);
                Write(ref writer, document.Head);
                if (document.StartHead is { } start)
                {
                    writer.WriteArrayHeader(HeadFields);
                    Write(ref writer, start);
                }
                else
                {
                    writer.WriteNil();
                }

                break;
            case CompactionParcel compaction:
                Start(ref writer, CompactionFields, Compaction, compaction.Replica);
                writer.Write(compaction.Header.Span);
                Write(ref writer, compaction.BaseDigest);
                Write(ref writer, compaction.Head);
                break;
            case LiveParcel live:
                Write(ref writer, live);
                break;
            default:
                throw new ArgumentException($"a parcel of no known kind: {parcel.GetType().Name}", nameof(parcel));
        }
    });

    /// <exception cref="WireException">It is none, or one of a newer version.</exception>
    public static Parcel Read(ReadOnlyMemory<byte> bytes) => Packed.Read(bytes, "a parcel", (ref MessagePackReader reader) =>
    {
        var fields = Packed.Count(ref reader, 64);
        var kind = reader.ReadInt32();
        var (parcel, known) = kind switch
        {
            Frames => (ReadFrames(ref reader), FramesFields),
            Document => (ReadDocument(ref reader), DocumentFields),
            Compaction => (ReadCompaction(ref reader), CompactionFields),
            Live => (ReadLive(ref reader), LiveFields),
            _ => throw new WireException($"a parcel of kind {kind}, which this version does not know"),
        };
        if (fields < known)
            throw new WireException("a parcel that lacks fields");
        Packed.SkipRest(ref reader, fields, known);
        return reader.End ? parcel : throw new WireException("a parcel with something behind it");
    });

    private static Parcel ReadFrames(ref MessagePackReader reader)
    {
        var replica = Packed.Replica(ref reader);
        return new FramesParcel(replica, Packed.Natural(ref reader), Digest(ref reader), Blocks(ref reader), Head(ref reader, replica));
    }

    private static Parcel ReadDocument(ref MessagePackReader reader)
    {
        var replica = Packed.Replica(ref reader);
        return new DocumentParcel(replica, Packed.Bytes(ref reader), Packed.Bytes(ref reader), Blocks(ref reader), Head(ref reader, replica))
        {
            StartHead = StartHead(ref reader, replica),
        };
    }

    private static SignedHead? StartHead(ref MessagePackReader reader, ReplicaId replica)
    {
        if (reader.TryReadNil())
            return null;
        return reader.ReadArrayHeader() == HeadFields ? Head(ref reader, replica) : throw new WireException("a head that is none");
    }

    private static Parcel ReadCompaction(ref MessagePackReader reader)
    {
        var replica = Packed.Replica(ref reader);
        return new CompactionParcel(replica, Packed.Bytes(ref reader), Digest(ref reader), Head(ref reader, replica));
    }

    private static Parcel ReadLive(ref MessagePackReader reader)
    {
        var replica = Packed.Replica(ref reader);
        var state = new LiveState(Packed.Machine(ref reader), replica, Packed.Natural(ref reader), new Hlc(reader.ReadUInt64()));
        var boot = BinaryPrimitives.ReadUInt128BigEndian(Packed.Bytes(ref reader, 16).Span);
        var (lastWalk, now, whole) = (Packed.Natural(ref reader), Packed.Natural(ref reader), reader.ReadBoolean());
        var count = Packed.Count(ref reader, 2 * Limits.Rows) / 2;
        var rows = ImmutableArray.CreateBuilder<(SessionId, ReadOnlyMemory<byte>)>(count);
        for (; count > 0; count--)
            rows.Add((SessionId.Read(Packed.Bytes(ref reader, SessionId.Size).Span), Packed.Bytes(ref reader)));
        return new LiveParcel(state, boot, lastWalk, now, whole, rows.ToImmutable());
    }

    private static void Start(ref MessagePackWriter writer, int fields, int kind, ReplicaId replica)
    {
        writer.WriteArrayHeader(fields);
        writer.Write(kind);
        Packed.Write(ref writer, replica);
    }

    private static void Write(ref MessagePackWriter writer, LiveParcel live)
    {
        Start(ref writer, LiveFields, Live, live.State.Replica);
        writer.Write(live.State.Machine);
        writer.Write(live.State.Incarnation);
        writer.Write(live.State.Stamp.Bits);
        writer.WriteBinHeader(16);
        BinaryPrimitives.WriteUInt128BigEndian(writer.GetSpan(16), live.Boot);
        writer.Advance(16);
        writer.Write(live.LastWalk);
        writer.Write(live.OwnerNow);
        writer.Write(live.Whole);
        writer.WriteArrayHeader(2 * live.Rows.Length);
        foreach (var (session, row) in live.Rows)
        {
            writer.WriteBinHeader(SessionId.Size);
            session.Write(writer.GetSpan(SessionId.Size));
            writer.Advance(SessionId.Size);
            writer.Write(row.Span);
        }
    }

    private static void Write(ref MessagePackWriter writer, ImmutableArray<ShippedBlock> blocks)
    {
        writer.WriteArrayHeader(blocks.Length);
        foreach (var block in blocks)
        {
            // A frame is its payload alone: there are many.
            if (block.Kind != (byte)BlockKind.Frame)
            {
                writer.WriteArrayHeader(2);
                writer.Write(block.Kind);
            }

            writer.Write(block.Bytes.Span);
        }
    }

    private static ImmutableArray<ShippedBlock> Blocks(ref MessagePackReader reader)
    {
        var count = Packed.Count(ref reader, Limits.Blocks);
        var blocks = ImmutableArray.CreateBuilder<ShippedBlock>(count);
        for (; count > 0; count--)
        {
            var kind = (byte)BlockKind.Frame;
            if (reader.NextMessagePackType == MessagePackType.Array)
            {
                if (reader.ReadArrayHeader() != 2)
                    throw new WireException("a block that is none");
                kind = reader.ReadByte();
            }

            blocks.Add(new ShippedBlock(kind, Packed.Bytes(ref reader)));
        }

        return blocks.ToImmutable();
    }

    private static void Write(ref MessagePackWriter writer, SignedHead head)
    {
        writer.Write(head.End);
        Write(ref writer, head.Digest);
        Write(ref writer, head.Start);
        writer.Write(head.Signature.AsSpan());
    }

    private static SignedHead Head(ref MessagePackReader reader, ReplicaId replica) =>
        new(replica, Packed.Natural(ref reader), Digest(ref reader), Digest(ref reader), [.. Packed.Bytes(ref reader, SignatureSize).Span]);

    private static void Write(ref MessagePackWriter writer, Digest digest)
    {
        writer.WriteBinHeader(Documents.Digest.Size);
        digest.Write(writer.GetSpan(Documents.Digest.Size));
        writer.Advance(Documents.Digest.Size);
    }

    private static Digest Digest(ref MessagePackReader reader) => Documents.Digest.Read(Packed.Bytes(ref reader, Documents.Digest.Size).Span);
}
