using System.Buffers;
using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>
/// A frame in MessagePack:
/// <code>
/// [kind, start, end, replicas, sessions, clock, operation, entries]
/// operation  nil or [verb, [option…], wall, nil or [replica, check]]
/// entry      [session, field, clock behind the frame's, value, key or nil, context or nil, value before or nil]   nil at the end is left out
///            a quoting frame's: these seven, then replica, seq, check
/// context    [[replica, seq, check, …]…]
/// </code>
/// Replicas and sessions are positions in the frame's tables. Unknown kinds of frames take their numbers and say nothing here.
/// </summary>
internal static class FramePayload
{
    private const int OwnKind = 0;
    private const int QuotingKind = 1;
    private const int Fields = 8;
    private const int OperationFields = 4;

    public static byte[] Write(Frame frame)
    {
        var names = new Names();
        foreach (var entry in frame.Entries)
        {
            names.Sessions.Position(entry.Register.Session);
            if (frame.Quotes)
                names.Replicas.Position(entry.Name.Replica);
            foreach (var (replica, _) in entry.Context.Seen)
                names.Replicas.Position(replica);
        }

        if (frame.Operation?.Undoes is { } undone)
            names.Replicas.Position(undone.Replica);
        var clock = ulong.MaxValue;
        foreach (var entry in frame.Entries)
            clock = Math.Min(clock, entry.Hlc.Bits);

        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(Fields);
        writer.Write(frame.Quotes ? QuotingKind : OwnKind);
        writer.Write(frame.Start);
        writer.Write(frame.End);
        writer.Write(Tables.Bytes(names.Replicas.Items, static (id, bytes) => id.Write(bytes)));
        writer.Write(Tables.Bytes(names.Sessions.Items, static (id, bytes) => id.Write(bytes)));
        writer.Write(clock);
        WriteOperation(ref writer, frame.Operation, names.Replicas);
        writer.WriteArrayHeader(frame.Entries.Length);
        for (var i = 0; i < frame.Entries.Length; i++)
        {
            var before = frame.Operation is { } operation && i < operation.Before.Count ? operation.Before[i] : Value.Absent;
            EntryPayload.Write(ref writer, frame.Entries[i], before, frame.Quotes, clock, names);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="MalformedException">Whatever is wrong with it.</exception>
    public static Frame Read(ReadOnlyMemory<byte> payload, ReplicaId replica, Digest digest)
    {
        try
        {
            var reader = new MessagePackReader(payload);
            return Read(ref reader, replica, digest);
        }
        catch (Exception e) when (MalformedException.IsMeantBy(e))
        {
            throw new MalformedException(e.Message);
        }
    }

    /// <summary>The numbers of its first and last entry alone.</summary>
    /// <exception cref="MalformedException">It has none.</exception>
    public static (long Start, long End) ReadNumbers(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var reader = new MessagePackReader(payload);
            if (reader.ReadArrayHeader() < 3)
                throw new MalformedException("too few fields");
            reader.ReadInt32();
            var (start, end) = (reader.ReadInt64(), reader.ReadInt64());
            return start >= 1 && end >= start && end < long.MaxValue ? (start, end) : throw new MalformedException("sequence numbers run backwards");
        }
        catch (Exception e) when (MalformedException.IsMeantBy(e))
        {
            throw new MalformedException(e.Message);
        }
    }

    private static Frame Read(ref MessagePackReader reader, ReplicaId replica, Digest digest)
    {
        var fields = reader.ReadArrayHeader();
        if (fields < 3)
            throw new MalformedException("too few fields");
        var kind = reader.ReadInt32();
        var start = reader.ReadInt64();
        var end = reader.ReadInt64();
        if (start < 1 || end < start || end == long.MaxValue)
            throw new MalformedException("sequence numbers run backwards");
        if (kind is not (OwnKind or QuotingKind))
            return new Frame(start, end, digest, [], null);
        if (fields < Fields)
            throw new MalformedException("too few fields");
        var quotes = kind == QuotingKind;
        var tables = new NameTables(ReadTable(ref reader, ReplicaId.Read), ReadTable(ref reader, SessionId.Read));
        var clock = reader.ReadUInt64();
        var operation = ReadOperation(ref reader, tables.Replicas);
        var count = reader.ReadArrayHeader();
        if (quotes ? start != end : end - start + 1 != count)
            throw new MalformedException("sequence numbers and entries differ");
        var entries = ImmutableArray.CreateBuilder<Entry>(count);
        var before = new Value[count];
        for (var i = 0; i < count; i++)
            entries.Add(EntryPayload.Read(ref reader, quotes, new EntryName(replica, start + i, digest.Check), clock, tables, out before[i]));
        return new Frame(start, end, digest, entries.MoveToImmutable(), operation is null ? null : operation with { Before = before }, quotes);
    }

    private static void WriteOperation(ref MessagePackWriter writer, Operation? operation, Table<ReplicaId> replicas)
    {
        if (operation is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(OperationFields);
        writer.Write(operation.Verb);
        writer.WriteArrayHeader(operation.Options.Count);
        foreach (var option in operation.Options)
            writer.Write(option);
        writer.Write(operation.Wall);
        if (operation.Undoes is not { } undone)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(2);
        writer.Write(replicas.Position(undone.Replica));
        writer.Write(undone.Check.Bits);
    }

    private static Operation? ReadOperation(ref MessagePackReader reader, ReplicaId[] replicas)
    {
        if (reader.TryReadNil())
            return null;
        var fields = reader.ReadArrayHeader();
        if (fields < OperationFields)
            throw new MalformedException("too few fields of an operation");
        var verb = Values.Text(ref reader);
        var options = new string[reader.ReadArrayHeader()];
        for (var i = 0; i < options.Length; i++)
            options[i] = Values.Text(ref reader);
        var wall = reader.ReadInt64();
        OperationId? undone = null;
        if (!reader.TryReadNil())
        {
            if (reader.ReadArrayHeader() != 2)
                throw new MalformedException("not an operation's id");
            undone = new OperationId(replicas.At(reader.ReadInt32()), new Check(reader.ReadUInt64()));
        }

        for (var i = OperationFields; i < fields; i++)
            Values.Skip(ref reader, 0);
        return new Operation(verb, options, wall, [], undone);
    }

    private static T[] ReadTable<T>(ref MessagePackReader reader, IdReader<T> read)
    {
        var bytes = reader.ReadBytes() ?? throw new MalformedException("nil for a table");
        return Tables.Read(bytes.FirstSpan, read);
    }
}
