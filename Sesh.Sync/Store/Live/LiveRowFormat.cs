using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MessagePack;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Live;

/// <summary>
/// A row in its file: checksum of what follows, length of its facts, when it was observed, the file's stamp when it came into it, the facts (a MessagePack array; a newer version may append to it), then
/// the times of its evidence. So whether two rows differ in anything but age is told without decoding them.
/// </summary>
internal static class LiveRowFormat
{
    /// <summary>Checksum, length of the facts, observed at, stamp.</summary>
    public const int HeadSize = 24;

    private const int StampAt = 16;

    private const int Facts = 16;
    private const int EvidenceFacts = 4;
    private const int MaxEvidence = 24;
    private const int MaxDetail = 256;
    private const int MaxQuestion = 2048;
    private const int MaxPath = 4096;
    private const long AgeThatCounts = 1000;

    /// <summary>Appends a row; texts beyond their bounds are cut, a path beyond its bound is left out.</summary>
    /// <param name="stamp">Of the file as it will be: it travels with the row, and so tells others whether they have it.</param>
    public static void Write(ArrayBufferWriter<byte> rows, LiveRow row, Hlc stamp)
    {
        var start = rows.WrittenCount;
        rows.GetSpan(HeadSize)[..HeadSize].Clear();
        rows.Advance(HeadSize);
        var evidence = Math.Min(row.Evidence.Count, MaxEvidence);
        var writer = new MessagePackWriter(rows);
        WriteFacts(ref writer, row, evidence);
        writer.Flush();
        var facts = rows.WrittenCount - start - HeadSize;
        writer.WriteArrayHeader(evidence);
        for (var i = 0; i < evidence; i++)
            writer.Write(row.Evidence[i].At);
        writer.Flush();
        var written = MemoryMarshal.AsMemory(rows.WrittenMemory).Span[start..];
        BinaryPrimitives.WriteInt32LittleEndian(written[4..], facts);
        BinaryPrimitives.WriteInt64LittleEndian(written[8..], row.ObservedAt);
        BinaryPrimitives.WriteUInt64LittleEndian(written[StampAt..], stamp.Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(written, Crc.Of(written[4..]));
    }

    public static bool IsSound(ReadOnlySpan<byte> row)
    {
        if (row.Length < HeadSize || BinaryPrimitives.ReadUInt32LittleEndian(row) != Crc.Of(row[4..]))
            return false;
        var facts = BinaryPrimitives.ReadInt32LittleEndian(row[4..]);
        return facts >= 0 && facts <= row.Length - HeadSize;
    }

    /// <summary>Of a sound row.</summary>
    public static long ObservedAt(ReadOnlySpan<byte> row) => BinaryPrimitives.ReadInt64LittleEndian(row[8..]);

    /// <summary>Of a sound row.</summary>
    public static Hlc Stamp(ReadOnlySpan<byte> row) => new(BinaryPrimitives.ReadUInt64LittleEndian(row[StampAt..]));

    /// <summary>Whether a sound row says that something holds the session.</summary>
    public static bool IsLive(ReadOnlyMemory<byte> row)
    {
        var reader = new MessagePackReader(row[HeadSize..]);
        try
        {
            return reader.ReadArrayHeader() >= Facts && reader.ReadByte() is var _ && reader.ReadBoolean();
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            // Not a row of this format: it says nothing.
            return false;
        }
    }

    /// <summary>The turn status of a sound row and whether something holds the session; nothing else of it is decoded.</summary>
    public static (byte TurnStatus, bool Live) Edge(ReadOnlyMemory<byte> row)
    {
        var reader = new MessagePackReader(row[HeadSize..]);
        try
        {
            return reader.ReadArrayHeader() >= Facts ? (reader.ReadByte(), reader.ReadBoolean()) : default;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            // Not a row of this format: it says nothing.
            return default;
        }
    }

    /// <summary>
    /// Two sound rows state the same, times under a second apart being the same, and two that are each of their own row's look; the rows' own observation is not compared.
    /// </summary>
    public static bool SameFacts(ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b)
    {
        var facts = BinaryPrimitives.ReadInt32LittleEndian(a.Span[4..]);
        if (facts != BinaryPrimitives.ReadInt32LittleEndian(b.Span[4..]) || !a.Span.Slice(HeadSize, facts).SequenceEqual(b.Span.Slice(HeadSize, facts)))
            return false;
        var (at, bt) = (a[(HeadSize + facts)..], b[(HeadSize + facts)..]);
        return at.Span.SequenceEqual(bt.Span) || SameTimes(at, ObservedAt(a.Span), bt, ObservedAt(b.Span));
    }

    /// <summary>Null where the bytes are no row.</summary>
    public static LiveRow? Read(ReadOnlyMemory<byte> row, SessionId uuid)
    {
        if (!IsSound(row.Span))
            return null;
        var facts = BinaryPrimitives.ReadInt32LittleEndian(row.Span[4..]);
        try
        {
            var reader = new MessagePackReader(row.Slice(HeadSize, facts));
            var times = new MessagePackReader(row[(HeadSize + facts)..]);
            return ReadFacts(ref reader, ref times, uuid, ObservedAt(row.Span));
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            // Its checksum is right, so somebody wrote it so: not a row of this format.
            return null;
        }
    }

    /// <summary>Whether its texts are no longer than those that this version writes.</summary>
    public static bool IsWithinBounds(LiveRow row) =>
        row.Model.Length <= MaxDetail && row.FilePath.Length <= MaxPath && row.PendingQuestion.Length <= MaxQuestion
        && (row.Tmux is not { } place || (place.Socket.Length <= MaxPath && place.Session.Length <= MaxPath && place.Window.Length <= MaxPath && place.Pane.Length <= MaxDetail))
        && row.Evidence.All(e => e.Fact.Length <= MaxDetail && e.Value.Length <= MaxDetail && e.Source.Length <= MaxDetail && e.Detail.Length <= MaxDetail);

    private static void WriteFacts(ref MessagePackWriter writer, LiveRow row, int evidence)
    {
        writer.WriteArrayHeader(Facts);
        writer.Write((byte)row.TurnStatus);
        writer.Write(row.Live);
        writer.Write(row.Tmux?.Socket);
        writer.Write(row.Tmux?.Session);
        writer.Write(row.Tmux?.Window);
        writer.Write(row.Tmux?.Pane);
        writer.Write(row.Pid);
        writer.Write(row.PidStart);
        if (row.ContextPct is { } percent)
            writer.Write(percent);
        else
            writer.WriteNil();
        writer.Write(Cut(row.Model, MaxDetail));
        writer.Write(row.FilePath.Length > MaxPath ? "" : row.FilePath);
        writer.Write(row.FileSize);
        writer.Write(row.FileTime);
        writer.Write(row.LastActivity);
        writer.Write(Cut(row.PendingQuestion, MaxQuestion));
        writer.WriteArrayHeader(evidence * EvidenceFacts);
        for (var i = 0; i < evidence; i++)
        {
            var piece = row.Evidence[i];
            writer.Write(Cut(piece.Fact, MaxDetail));
            writer.Write(Cut(piece.Value, MaxDetail));
            writer.Write(Cut(piece.Source, MaxDetail));
            writer.Write(Cut(piece.Detail, MaxDetail));
        }
    }

    private static LiveRow? ReadFacts(ref MessagePackReader reader, ref MessagePackReader times, SessionId uuid, long observedAt)
    {
        if (reader.ReadArrayHeader() < Facts)
            return null;
        var status = reader.ReadByte();
        var live = reader.ReadBoolean();
        var (socket, session, window, pane) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
        return new LiveRow
        {
            Uuid = uuid,
            ObservedAt = observedAt,
            TurnStatus = status <= (byte)TurnStatus.Blocked ? (TurnStatus)status : TurnStatus.Unknown,
            Live = live,
            Tmux = socket is null || session is null || window is null || pane is null ? null : new TmuxPlace(socket, session, window, pane),
            Pid = reader.ReadInt32(),
            PidStart = reader.ReadInt64(),
            ContextPct = reader.TryReadNil() ? null : reader.ReadInt32(),
            Model = reader.ReadString() ?? "",
            FilePath = reader.ReadString() ?? "",
            FileSize = reader.ReadInt64(),
            FileTime = reader.ReadInt64(),
            LastActivity = reader.ReadInt64(),
            PendingQuestion = reader.ReadString() ?? "",
            Evidence = ReadEvidence(ref reader, ref times),
        };
    }

    private static Evidence[] ReadEvidence(ref MessagePackReader reader, ref MessagePackReader times)
    {
        var count = Math.Min(reader.ReadArrayHeader() / EvidenceFacts, times.ReadArrayHeader());
        if (count == 0)
            return [];
        var evidence = new Evidence[Math.Min(count, MaxEvidence)];
        for (var i = 0; i < evidence.Length; i++)
            evidence[i] = new Evidence(reader.ReadString() ?? "", reader.ReadString() ?? "", reader.ReadString() ?? "", reader.ReadString() ?? "", times.ReadInt64());
        return evidence;
    }

    /// <summary>Whether evidence with that time is what the look itself saw, and not older.</summary>
    public static bool IsOfLook(long at, long observedAt) => Math.Abs(at - observedAt) < AgeThatCounts;

    private static bool SameTimes(ReadOnlyMemory<byte> a, long lookA, ReadOnlyMemory<byte> b, long lookB)
    {
        try
        {
            var left = new MessagePackReader(a);
            var right = new MessagePackReader(b);
            var count = left.ReadArrayHeader();
            if (count != right.ReadArrayHeader())
                return false;
            for (; count > 0; count--)
            {
                var (at, bt) = (left.ReadInt64(), right.ReadInt64());
                if (Math.Abs(at - bt) >= AgeThatCounts && !(IsOfLook(at, lookA) && IsOfLook(bt, lookB)))
                    return false;
            }

            return true;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            // Not times of this format: then they differ.
            return false;
        }
    }

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
