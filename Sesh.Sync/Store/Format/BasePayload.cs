using System.Buffers;
using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>
/// The compacted part as one MessagePack array of columns, in the order of <see cref="Column"/>; each is bytes, an entry after the other. It is a
/// function of the entries alone, so two machines that compact the same prefix make the same bytes.
/// </summary>
internal static class BasePayload
{
    private enum Column
    {
        Replicas,
        Sessions,
        KeyLengths,
        Keys,

        /// <summary>Frames that still have entries: end behind the one before; check, where it is no quoting one.</summary>
        FrameEnds,
        FrameChecks,

        /// <summary>For each entry whether it stands in the frame of the one before, in the next, or in a next one that quotes.</summary>
        FrameSteps,

        /// <summary>Behind the entry before; not of quoted ones.</summary>
        Seqs,

        /// <summary>Of quoted entries: replica's position, number; check.</summary>
        QuotedNames,
        QuotedChecks,

        /// <summary>A session's position, against that of the entry before.</summary>
        EntrySessions,
        EntryFields,

        /// <summary>0 for none, else the position + 1.</summary>
        EntryKeys,

        /// <summary>Milliseconds against those of the entry before.</summary>
        Milliseconds,
        Counters,
        ValueKinds,
        ValueNumbers,
        Texts,

        /// <summary>How many replicas; for each: position, how many marks; for each: number, check.</summary>
        Contexts,
        ContextChecks,

        /// <summary>(Entry, length, bytes) of what newer versions added.</summary>
        Extras,
    }

    private const int ColumnCount = (int)Column.Extras + 1;

    private enum FrameStep : byte
    {
        Same,
        Next,
        NextQuotes,
    }

    public static byte[] Write(ReplicaId replica, ImmutableArray<BaseEntry> entries)
    {
        var names = new Names();
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        var columns = new ColumnWriter[ColumnCount];
        foreach (ref var column in columns.AsSpan())
            column = new ColumnWriter();
        ColumnWriter At(Column column) => columns[(int)column];

        long frameEnd = 0, seq = 0, session = 0, milliseconds = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            var (entry, end) = entries[i];
            var quoted = entry.Name.Replica != replica;
            At(Column.FrameSteps).Byte((byte)(end == frameEnd ? FrameStep.Same : quoted ? FrameStep.NextQuotes : FrameStep.Next));
            if (end != frameEnd)
            {
                At(Column.FrameEnds).Number((ulong)(end - frameEnd));
                if (!quoted)
                    At(Column.FrameChecks).Fixed(entry.Name.Check.Bits);
                frameEnd = end;
            }

            if (quoted)
            {
                At(Column.QuotedNames).Number((ulong)names.Replicas.Position(entry.Name.Replica));
                At(Column.QuotedNames).Number((ulong)entry.Name.Seq);
                At(Column.QuotedChecks).Fixed(entry.Name.Check.Bits);
            }
            else
            {
                At(Column.Seqs).Number((ulong)(entry.Name.Seq - seq));
                seq = entry.Name.Seq;
            }

            var position = names.Sessions.Position(entry.Register.Session);
            At(Column.EntrySessions).Signed(position - session);
            session = position;
            At(Column.EntryFields).Byte((byte)entry.Register.Field);
            At(Column.EntryKeys).Number(entry.Register.Key is { } key ? (ulong)KeyPosition(key) + 1 : 0);
            At(Column.Milliseconds).Signed(entry.Hlc.Milliseconds - milliseconds);
            milliseconds = entry.Hlc.Milliseconds;
            At(Column.Counters).Number(entry.Hlc.Bits & 0xFFFF);
            BaseValues.Write(entry, At(Column.ValueKinds), At(Column.ValueNumbers), At(Column.Texts));
            WriteContext(entry.Context, names, At(Column.Contexts), At(Column.ContextChecks));
            if (entry.Extra.AsOpaque() is { } extra)
            {
                At(Column.Extras).Number((ulong)i);
                At(Column.Extras).Number((ulong)extra.Length);
                At(Column.Extras).Bytes(extra);
            }
        }

        At(Column.Replicas).Bytes(Tables.Bytes(names.Replicas.Items, static (id, bytes) => id.Write(bytes)));
        At(Column.Sessions).Bytes(Tables.Bytes(names.Sessions.Items, static (id, bytes) => id.Write(bytes)));
        var buffer = new ArrayBufferWriter<byte>(columns.Sum(c => c.Written.Length + 5) + 16);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(1 + ColumnCount);
        writer.Write(entries.Length);
        foreach (var column in columns)
            writer.Write(column.Written);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();

        int KeyPosition(string key)
        {
            if (!keys.TryGetValue(key, out var position))
            {
                position = keys.Count;
                keys.Add(key, position);
                At(Column.Keys).Text(key, At(Column.KeyLengths));
            }

            return position;
        }
    }

    /// <param name="hasMore">A newer version wrote columns not known here: such a document is not compacted again by this version.</param>
    /// <param name="most">Entries at most.</param>
    /// <exception cref="MalformedException">Whatever is wrong with it.</exception>
    public static ImmutableArray<BaseEntry> Read(ReadOnlyMemory<byte> payload, ReplicaId replica, out bool hasMore, int most = int.MaxValue)
    {
        try
        {
            var reader = new MessagePackReader(payload);
            var fields = reader.ReadArrayHeader();
            if (fields < 1 + ColumnCount)
                throw new MalformedException("too few columns");
            hasMore = fields > 1 + ColumnCount;
            var count = reader.ReadInt32();
            if (count > most)
                throw new MalformedException("more entries than are allowed");
            var columns = new ReadOnlyMemory<byte>[ColumnCount];
            foreach (ref var column in columns.AsSpan())
                column = (reader.ReadBytes() ?? throw new MalformedException("nil for a column")).First;
            return Read(count, columns, replica);
        }
        catch (Exception e) when (MalformedException.IsMeantBy(e))
        {
            throw new MalformedException(e.Message);
        }
    }

    private static ImmutableArray<BaseEntry> Read(int count, ReadOnlyMemory<byte>[] columns, ReplicaId replica)
    {
        ReadOnlySpan<byte> Of(Column column) => columns[(int)column].Span;
        if (count < 0 || count != Of(Column.EntryFields).Length)
            throw new MalformedException("columns of different length");
        var tables = new NameTables(
            Tables.Read(Of(Column.Replicas), static bytes => ReplicaId.Read(bytes)), Tables.Read(Of(Column.Sessions), static bytes => SessionId.Read(bytes)));
        var keys = ReadKeys(Of(Column.Keys), Of(Column.KeyLengths));
        var frameEnds = new ColumnReader(Of(Column.FrameEnds));
        var frameChecks = new ColumnReader(Of(Column.FrameChecks));
        var seqs = new ColumnReader(Of(Column.Seqs));
        var frameSteps = new ColumnReader(Of(Column.FrameSteps));
        var quotedNames = new ColumnReader(Of(Column.QuotedNames));
        var quotedChecks = new ColumnReader(Of(Column.QuotedChecks));
        var sessions = new ColumnReader(Of(Column.EntrySessions));
        var fields = new ColumnReader(Of(Column.EntryFields));
        var entryKeys = new ColumnReader(Of(Column.EntryKeys));
        var milliseconds = new ColumnReader(Of(Column.Milliseconds));
        var counters = new ColumnReader(Of(Column.Counters));
        var values = new BaseValues(new(Of(Column.ValueKinds)), new(Of(Column.ValueNumbers)), new(Of(Column.Texts)));
        var contexts = new ColumnReader(Of(Column.Contexts));
        var contextChecks = new ColumnReader(Of(Column.ContextChecks));
        var extras = new ColumnReader(Of(Column.Extras));
        var nextExtra = extras.AtEnd ? -1 : (long)extras.Number();

        var entries = ImmutableArray.CreateBuilder<BaseEntry>(count);
        long frameEnd = 0, seq = 0, session = 0, time = 0;
        var check = default(Check);
        var quoted = false;
        for (var i = 0; i < count; i++)
        {
            var frameStep = (FrameStep)frameSteps.Byte();
            if (frameStep != FrameStep.Same)
            {
                quoted = frameStep == FrameStep.NextQuotes;
                frameEnd = checked(frameEnd + Step(frameEnds.Number()));
                check = quoted ? default : new Check(frameChecks.Fixed());
            }

            EntryName name;
            if (quoted)
            {
                name = new EntryName(tables.Replicas.At((long)quotedNames.Number()), Step(quotedNames.Number()), new Check(quotedChecks.Fixed()));
            }
            else
            {
                seq = checked(seq + Step(seqs.Number()));
                if (seq > frameEnd)
                    throw new MalformedException("sequence numbers run backwards");
                name = new EntryName(replica, seq, check);
            }

            session = checked(session + sessions.Signed());
            var key = entryKeys.Number();
            var register = new Register(tables.Sessions.At(session), (Field)fields.Byte(), key == 0 ? null : keys.At((long)key - 1));
            time = checked(time + milliseconds.Signed());
            if (time is < 0 or > 0xFFFF_FFFF_FFFF)
                throw new MalformedException("not a clock");
            var hlc = new Hlc(((ulong)time << 16) | checked((ushort)counters.Number()));
            var value = values.Read(register.Session, time);
            var entry = new Entry(name, hlc, register, value, ReadContext(ref contexts, ref contextChecks, tables));
            if (nextExtra == i)
            {
                entry = entry with { Extra = Value.OfOpaque(extras.Take(extras.Number()).ToArray()) };
                nextExtra = extras.AtEnd ? -1 : (long)extras.Number();
            }

            entries.Add(new BaseEntry(entry, frameEnd));
        }

        return entries.MoveToImmutable();
    }

    private static string[] ReadKeys(ReadOnlySpan<byte> texts, ReadOnlySpan<byte> sizes)
    {
        var keys = new List<string>();
        var reader = new ColumnReader(texts);
        for (var lengths = new ColumnReader(sizes); !lengths.AtEnd;)
            keys.Add(reader.Text(ref lengths));
        return [.. keys];
    }

    private static void WriteContext(Context context, Names names, ColumnWriter numbers, ColumnWriter checks)
    {
        numbers.Number((ulong)context.Seen.Length);
        foreach (var (replica, marks) in context.Seen)
        {
            numbers.Number((ulong)names.Replicas.Position(replica));
            numbers.Number((ulong)marks.Length);
            foreach (var mark in marks)
            {
                numbers.Number((ulong)mark.Seq);
                checks.Fixed(mark.Check.Bits);
            }
        }
    }

    private static Context ReadContext(ref ColumnReader numbers, ref ColumnReader checks, NameTables tables)
    {
        var count = numbers.Number();
        if (count == 0)
            return Context.Empty;
        var seen = new List<EntryName>();
        for (; count > 0; count--)
        {
            var replica = tables.Replicas.At((long)numbers.Number());
            for (var marks = numbers.Number(); marks > 0; marks--)
                seen.Add(new EntryName(replica, Step(numbers.Number()), new Check(checks.Fixed())));
        }

        return Context.Of(seen);
    }

    private static long Step(ulong number) =>
        number is > 0 and < long.MaxValue ? (long)number : throw new MalformedException("not a sequence number");
}
