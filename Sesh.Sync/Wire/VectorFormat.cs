using System.Buffers.Binary;
using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

/// <summary>
/// Entries of a state vector: documents as (replica and head in one, generation, end, S, L), live files as (machine, replica, incarnation, stamp), where the replica is a number if a document of
/// it stands before.
/// </summary>
internal static class VectorFormat
{
    private const int Head = 16;

    // What one entry of each takes at the least: more are not believed.
    private const int DocumentFields = 5;
    private const int LiveFields = 4;

    public static void Write(ref MessagePackWriter writer, ImmutableArray<DocumentState> documents, ImmutableArray<LiveState> live)
    {
        writer.WriteArrayHeader(DocumentFields * documents.Length);
        foreach (var document in documents)
        {
            writer.WriteBinHeader(ReplicaId.Size + Head);
            var name = writer.GetSpan(ReplicaId.Size + Head);
            document.Replica.Write(name);
            BinaryPrimitives.WriteUInt128BigEndian(name[ReplicaId.Size..], document.Head);
            writer.Advance(ReplicaId.Size + Head);
            writer.Write(document.Generation);
            writer.Write(document.End);
            writer.Write(document.CompactedTo);
            writer.Write(document.AgedTo);
        }

        writer.WriteArrayHeader(LiveFields * live.Length);
        foreach (var file in live)
        {
            writer.Write(file.Machine);
            var known = IndexOf(documents, file.Replica);
            if (known >= 0)
                writer.Write(known);
            else
                Packed.Write(ref writer, file.Replica);
            writer.Write(file.Incarnation);
            writer.Write(file.Stamp.Bits);
        }
    }

    /// <exception cref="WireException">Whatever is wrong with them.</exception>
    public static (ImmutableArray<DocumentState> Documents, ImmutableArray<LiveState> Live) Read(ref MessagePackReader reader)
    {
        var documents = ImmutableArray.CreateBuilder<DocumentState>();
        for (var n = Packed.Count(ref reader, DocumentFields * Limits.Entries); n > 0; n -= DocumentFields)
        {
            var name = Packed.Bytes(ref reader, ReplicaId.Size + Head).Span;
            documents.Add(new DocumentState(
                ReplicaId.Read(name),
                Packed.Natural(ref reader),
                Packed.Natural(ref reader),
                BinaryPrimitives.ReadUInt128BigEndian(name[ReplicaId.Size..]),
                Packed.Natural(ref reader),
                Packed.Natural(ref reader)));
        }

        var live = ImmutableArray.CreateBuilder<LiveState>();
        for (var n = Packed.Count(ref reader, LiveFields * Limits.Entries); n > 0; n -= LiveFields)
        {
            live.Add(new LiveState(
                Packed.Machine(ref reader), Replica(ref reader, documents), Packed.Natural(ref reader), new Hlc(reader.ReadUInt64())));
        }

        return (documents.ToImmutable(), live.ToImmutable());
    }

    private static ReplicaId Replica(ref MessagePackReader reader, ImmutableArray<DocumentState>.Builder documents)
    {
        if (reader.NextMessagePackType == MessagePackType.Binary)
            return Packed.Replica(ref reader);
        var number = reader.ReadInt32();
        return number >= 0 && number < documents.Count ? documents[number].Replica : throw new WireException("a replica that was not named");
    }

    private static int IndexOf(ImmutableArray<DocumentState> documents, ReplicaId replica)
    {
        for (var i = 0; i < documents.Length; i++)
        {
            if (documents[i].Replica == replica)
                return i;
        }

        return -1;
    }
}
