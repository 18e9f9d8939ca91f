using System.Buffers;
using MessagePack;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>An entry in its frame: see <see cref="FramePayload"/>.</summary>
internal static class EntryPayload
{
    private const int LeastFields = 4;
    private const int OwnFields = 7;
    private const int QuotedFields = 10;

    // The shortest context of one replica: an array header, a position, a number, a check.
    private const int LeastContextBytes = 4;

    public static void Write(ref MessagePackWriter writer, Entry entry, Value before, bool quoted, ulong clock, Names names)
    {
        var extra = entry.Extra.AsOpaque();
        var fields = quoted ? QuotedFields
            : extra is not null || !before.IsAbsent ? OwnFields
            : !entry.Context.IsEmpty ? 6
            : entry.Register.Key is not null ? 5
            : LeastFields;
        writer.WriteArrayHeader(fields + (extra is null ? 0 : ExtraCount(extra)));
        writer.Write(names.Sessions.Position(entry.Register.Session));
        writer.Write((byte)entry.Register.Field);
        writer.Write(entry.Hlc.Bits - clock);
        Values.Write(ref writer, entry.Value, entry.Register.Session);
        if (fields > 4)
            writer.Write(entry.Register.Key);
        if (fields > 5)
            WriteContext(ref writer, entry.Context, names);
        if (fields > 6)
            Values.Write(ref writer, before, entry.Register.Session);
        if (quoted)
        {
            writer.Write(names.Replicas.Position(entry.Name.Replica));
            writer.Write(entry.Name.Seq);
            writer.Write(entry.Name.Check.Bits);
        }

        if (extra is not null)
            writer.WriteRaw(extra);
    }

    public static Entry Read(ref MessagePackReader reader, bool quoted, EntryName name, ulong clock, NameTables tables, out Value before)
    {
        var fields = reader.ReadArrayHeader();
        if (fields < (quoted ? QuotedFields : LeastFields))
            throw new MalformedException("too few fields of an entry");
        var session = tables.Sessions.At(reader.ReadInt32());
        var field = (Field)reader.ReadByte();
        var hlc = new Hlc(checked(clock + reader.ReadUInt64()));
        var value = Values.Read(ref reader, session);
        var key = fields > 4 && !reader.TryReadNil() ? Values.Text(ref reader) : null;
        var context = fields > 5 ? ReadContext(ref reader, tables.Replicas) : Context.Empty;
        before = fields > 6 ? Values.Read(ref reader, session) : Value.Absent;
        if (quoted)
        {
            var writer = tables.Replicas.At(reader.ReadInt32());
            name = new EntryName(writer, Seq(ref reader), new Check(reader.ReadUInt64()));
        }

        var entry = new Entry(name, hlc, new Register(session, field, key), value, context);
        var known = quoted ? QuotedFields : OwnFields;
        return fields <= known ? entry : entry with { Extra = ReadExtra(ref reader, fields - known) };
    }

    private static void WriteContext(ref MessagePackWriter writer, Context context, Names names)
    {
        if (context.IsEmpty)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(context.Seen.Length);
        foreach (var (replica, marks) in context.Seen)
        {
            writer.WriteArrayHeader(1 + 2 * marks.Length);
            writer.Write(names.Replicas.Position(replica));
            foreach (var mark in marks)
            {
                writer.Write(mark.Seq);
                writer.Write(mark.Check.Bits);
            }
        }
    }

    private static Context ReadContext(ref MessagePackReader reader, ReplicaId[] replicas)
    {
        if (reader.TryReadNil())
            return Context.Empty;
        var count = reader.ReadArrayHeader();
        if (count > (reader.Sequence.Length - reader.Consumed) / LeastContextBytes)
            throw new MalformedException("more context than bytes");
        var seen = new List<EntryName>(count);
        for (var i = 0; i < count; i++)
        {
            var parts = reader.ReadArrayHeader();
            if (parts < 3 || parts % 2 == 0)
                throw new MalformedException("not a context");
            var replica = replicas.At(reader.ReadInt32());
            for (var n = 1; n < parts; n += 2)
                seen.Add(new EntryName(replica, Seq(ref reader), new Check(reader.ReadUInt64())));
        }

        return Context.Of(seen);
    }

    private static long Seq(ref MessagePackReader reader) =>
        reader.ReadInt64() is > 0 and < long.MaxValue and var seq ? seq : throw new MalformedException("not a sequence number");

    private static Value ReadExtra(ref MessagePackReader reader, int count)
    {
        var start = reader.Position;
        for (var i = 0; i < count; i++)
            Values.Skip(ref reader, 0);
        return Value.OfOpaque(reader.Sequence.Slice(start, reader.Position).ToArray());
    }

    private static int ExtraCount(byte[] extra)
    {
        var reader = new MessagePackReader(extra);
        var count = 0;
        for (; !reader.End; count++)
            Values.Skip(ref reader, 0);
        return count;
    }
}
