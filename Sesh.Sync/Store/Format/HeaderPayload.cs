using System.Buffers;
using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>
/// The header in MessagePack: [major, minor, replica, machine, public key, private, generation, S, L, dropped, generations]. The first two are
/// where they are in every version. Dropped: each (number behind the one before, check); generations: each (number, 32 bytes).
/// </summary>
internal static class HeaderPayload
{
    private const int Fields = 11;
    private const int KeySize = 32;

    public static byte[] Write(DocumentHeader header)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(Fields);
        writer.Write(header.Major);
        writer.Write(header.Minor);
        var replica = new byte[ReplicaId.Size];
        header.Replica.Write(replica);
        writer.Write(replica);
        writer.Write(header.Machine);
        writer.Write(header.PublicKey.AsSpan());
        writer.Write(header.Private);
        writer.Write(header.Generation);
        writer.Write(header.CompactedTo);
        writer.Write(header.AgedTo);
        var dropped = new ColumnWriter();
        long seq = 0;
        foreach (var mark in header.Dropped)
        {
            dropped.Number((ulong)(mark.Seq - seq));
            dropped.Fixed(mark.Check.Bits);
            seq = mark.Seq;
        }

        writer.Write(dropped.Written);
        var generations = new ColumnWriter();
        Span<byte> digest = stackalloc byte[Digest.Size];
        foreach (var mark in header.Generations)
        {
            generations.Number((ulong)mark.Seq);
            mark.Digest.Write(digest);
            generations.Bytes(digest);
        }

        writer.Write(generations.Written);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="MalformedException">Whatever is wrong with it.</exception>
    /// <exception cref="NewerFormatException">Another major version.</exception>
    public static DocumentHeader Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var reader = new MessagePackReader(payload);
            return Read(ref reader);
        }
        catch (Exception e) when (MalformedException.IsMeantBy(e))
        {
            throw new MalformedException(e.Message);
        }
    }

    private static DocumentHeader Read(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        var major = reader.ReadInt32();
        if (major != FileFormat.Major)
            throw new NewerFormatException(major);
        if (fields < Fields)
            throw new MalformedException("too few fields of a header");
        var minor = reader.ReadInt32();
        var replica = Bytes(ref reader);
        if (replica.Length != ReplicaId.Size)
            throw new MalformedException("not a replica's id");
        var machine = Values.Text(ref reader);
        if (!MachineName.TryParse(machine, out _))
            throw new MalformedException("not a machine's name");
        var key = Bytes(ref reader);
        if (key.Length != KeySize)
            throw new MalformedException("not a public key");
        var isPrivate = reader.ReadBoolean();
        var generation = reader.ReadInt64();
        var compactedTo = reader.ReadInt64();
        var agedTo = reader.ReadInt64();
        var dropped = ReadDropped(Bytes(ref reader));
        var generations = ReadGenerations(Bytes(ref reader));
        if (generation < 0 || agedTo < 0 || agedTo > compactedTo || generation > 0 != compactedTo > 0 || compactedTo == long.MaxValue
            || (generations.IsEmpty ? 0 : generations[^1].Seq) != compactedTo)
            throw new MalformedException("a header that contradicts itself");
        return new DocumentHeader
        {
            Major = major,
            Minor = minor,
            Replica = ReplicaId.Read(replica),
            Machine = machine,
            PublicKey = [.. key],
            Private = isPrivate,
            Generation = generation,
            CompactedTo = compactedTo,
            AgedTo = agedTo,
            Dropped = dropped,
            Generations = generations,
            HasMore = fields > Fields,
        };
    }

    private static ReadOnlySpan<byte> Bytes(ref MessagePackReader reader) =>
        (reader.ReadBytes() ?? throw new MalformedException("nil for bytes")).FirstSpan;

    private static ImmutableArray<Mark> ReadDropped(ReadOnlySpan<byte> bytes)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>(bytes.Length / 9);
        long seq = 0;
        for (var column = new ColumnReader(bytes); !column.AtEnd;)
        {
            seq = checked(seq + (long)column.Number());
            marks.Add(new Mark(seq, new Check(column.Fixed())));
        }

        return marks.DrainToImmutable();
    }

    private static ImmutableArray<ChainMark> ReadGenerations(ReadOnlySpan<byte> bytes)
    {
        var marks = ImmutableArray.CreateBuilder<ChainMark>(bytes.Length / (1 + Digest.Size));
        for (var column = new ColumnReader(bytes); !column.AtEnd;)
        {
            var seq = (long)column.Number();
            if (seq < 1 || (marks.Count > 0 && seq <= marks[^1].Seq))
                throw new MalformedException("generations out of order");
            marks.Add(new ChainMark(seq, Digest.Read(column.Take(Digest.Size))));
        }

        return marks.DrainToImmutable();
    }
}
