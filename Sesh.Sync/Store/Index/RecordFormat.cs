using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>A folded record in the index: quick to decode, as a listing decodes all of them.</summary>
internal sealed class RecordFormat(ReplicaNumbers replicas, Words words)
{
    [Flags]
    private enum Flags : ushort
    {
        AutoRename = 1,
        Archived = 2,
        Deleted = 4,
        Collected = 8,
        Kept = 16,
        Private = 32,
        AgentIdIsUuid = 64,
        HasParent = 128,
        HasMeta = 256,
        HasFormerIds = 512,
        HasConflicts = 1024,
        HasSummary = 2048,
    }

    public void Write(ByteSink sink, SessionRecord record)
    {
        var flags = FlagsOf(record);
        sink.Byte((byte)flags);
        sink.Byte((byte)((ushort)flags >> 8));
        sink.Number(record.CreatedAt);
        sink.Number(record.UpdatedAt);
        sink.Number(record.OriginSeq);
        sink.Number(record.LastAutoNameTurnCount);
        words.Write(sink, record.Machine);
        words.Write(sink, record.Agent);
        words.Write(sink, record.Cwd);
        sink.Text(record.Name);
        sink.Number(record.Tags.Length);
        foreach (var tag in record.Tags)
            words.Write(sink, tag);
        if (!flags.HasFlag(Flags.AgentIdIsUuid))
            sink.Text(record.AgentSessionId);
        if (flags.HasFlag(Flags.HasSummary))
            sink.Text(record.Summary);
        if (record.Parent is { } parent)
            sink.UInt128(parent.Bits);
        if (flags.HasFlag(Flags.HasMeta))
            WriteMeta(sink, record.Meta);
        if (flags.HasFlag(Flags.HasFormerIds))
            WriteTexts(sink, record.FormerIds);
        if (flags.HasFlag(Flags.HasConflicts))
            WriteConflicts(sink, record.Conflicts);
    }

    public SessionRecord Read(ref ByteSource source, SessionId session)
    {
        var flags = (Flags)(source.Byte() | source.Byte() << 8);
        return new SessionRecord
        {
            Uuid = session,
            AutoRename = (flags & Flags.AutoRename) != 0,
            Archived = (flags & Flags.Archived) != 0,
            Deleted = (flags & Flags.Deleted) != 0,
            Collected = (flags & Flags.Collected) != 0,
            Kept = (flags & Flags.Kept) != 0,
            Private = (flags & Flags.Private) != 0,
            CreatedAt = source.Long(),
            UpdatedAt = source.Long(),
            OriginSeq = source.Long(),
            LastAutoNameTurnCount = source.Long(),
            Machine = words.Read(ref source),
            Agent = words.Read(ref source),
            Cwd = words.Read(ref source),
            Name = source.Text(),
            Tags = ReadTags(ref source),
            AgentSessionId = (flags & Flags.AgentIdIsUuid) != 0 ? session.ToString() : source.Text(),
            Summary = (flags & Flags.HasSummary) != 0 ? source.Text() : "",
            Parent = (flags & Flags.HasParent) != 0 ? new SessionId(source.UInt128()) : null,
            Meta = (flags & Flags.HasMeta) != 0 ? ReadMeta(ref source) : NoMeta.Meta,
            FormerIds = (flags & Flags.HasFormerIds) != 0 ? ReadTexts(ref source) : [],
            Conflicts = (flags & Flags.HasConflicts) != 0 ? ReadConflicts(ref source) : [],
        };
    }

    /// <summary>The owner alone, which stands near the beginning.</summary>
    public string ReadMachine(ref ByteSource source)
    {
        _ = source.Byte();
        _ = source.Byte();
        for (var times = 0; times < 4; times++)
            _ = source.Long();
        return words.Read(ref source);
    }

    private static SessionRecord NoMeta { get; } = new() { Uuid = default };

    private static Flags FlagsOf(SessionRecord record) =>
        (record.AutoRename ? Flags.AutoRename : 0)
        | (record.Archived ? Flags.Archived : 0)
        | (record.Deleted ? Flags.Deleted : 0)
        | (record.Collected ? Flags.Collected : 0)
        | (record.Kept ? Flags.Kept : 0)
        | (record.Private ? Flags.Private : 0)
        | (IsText(record.Uuid, record.AgentSessionId) ? Flags.AgentIdIsUuid : 0)
        | (record.Parent is null ? 0 : Flags.HasParent)
        | (record.Meta.IsEmpty ? 0 : Flags.HasMeta)
        | (record.FormerIds.IsEmpty ? 0 : Flags.HasFormerIds)
        | (record.Conflicts.IsEmpty ? 0 : Flags.HasConflicts)
        | (record.Summary.Length == 0 ? 0 : Flags.HasSummary);

    private static bool IsText(SessionId session, string text) => text.Length == 36 && string.Equals(session.ToString(), text, StringComparison.Ordinal);

    private ImmutableArray<string> ReadTags(ref ByteSource source)
    {
        var count = source.Count();
        if (count == 0)
            return [];
        var tags = new string[count];
        for (var i = 0; i < count; i++)
            tags[i] = words.Read(ref source);
        return ImmutableCollectionsMarshal.AsImmutableArray(tags);
    }

    private static void WriteMeta(ByteSink sink, ImmutableSortedDictionary<string, string> meta)
    {
        sink.Number(meta.Count);
        foreach (var (key, text) in meta)
        {
            sink.Text(key);
            sink.Text(text);
        }
    }

    private static ImmutableSortedDictionary<string, string> ReadMeta(ref ByteSource source)
    {
        var meta = NoMeta.Meta.ToBuilder();
        for (var n = source.Count(2); n > 0; n--)
        {
            var key = source.Text();
            meta[key] = source.Text();
        }

        return meta.ToImmutable();
    }

    private static void WriteTexts(ByteSink sink, ImmutableArray<string> texts)
    {
        sink.Number(texts.Length);
        foreach (var text in texts)
            sink.Text(text);
    }

    private static ImmutableArray<string> ReadTexts(ref ByteSource source)
    {
        var texts = new string[source.Count()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = source.Text();
        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }

    private void WriteConflicts(ByteSink sink, ImmutableArray<Conflict> conflicts)
    {
        sink.Number(conflicts.Length);
        foreach (var conflict in conflicts)
        {
            sink.Byte((byte)conflict.Field);
            sink.Byte(conflict.Key is null ? (byte)0 : (byte)1);
            sink.Text(conflict.Key ?? "");
            ValueFormat.Write(sink, conflict.Value);
            sink.UInt64(conflict.Hlc.Bits);
            sink.Number(replicas.Of(conflict.Replica));
            words.Write(sink, conflict.Machine);
        }
    }

    private ImmutableArray<Conflict> ReadConflicts(ref ByteSource source)
    {
        var conflicts = new Conflict[source.Count(14)];
        for (var i = 0; i < conflicts.Length; i++)
        {
            var field = (Field)source.Byte();
            var hasKey = source.Byte() != 0;
            var key = source.Text();
            var value = ValueFormat.Read(ref source);
            var hlc = new Hlc(source.UInt64());
            conflicts[i] = new Conflict(field, hasKey ? key : null, value, hlc, replicas.At(source.Number()), words.Read(ref source));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(conflicts);
    }
}
