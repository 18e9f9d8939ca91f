using System.Buffers;
using System.Text;
using System.Text.Unicode;
using MessagePack;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Wire;

/// <summary>The MessagePack of the wire: what is written often, and reading that believes nothing.</summary>
internal static class Packed
{
    private const int MaxNesting = 16;

    public delegate T Reading<T>(ref MessagePackReader reader);

    public delegate void Writing(ref MessagePackWriter writer);

    public static ReadOnlyMemory<byte> Write(Writing write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new MessagePackWriter(buffer);
        write(ref writer);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <exception cref="WireException">It is not what it should be.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, string what, Reading<T> read)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            return read(ref reader);
        }
        catch (Exception e) when (e is EndOfStreamException or MessagePackSerializationException or OverflowException or ArgumentOutOfRangeException)
        {
            // The ways in which MessagePack's reader says that bytes are not what they should be.
            throw new WireException($"{what} that cannot be read");
        }
    }

    /// <summary>The length of an array of which each element takes at least so many bytes: no more than can be there.</summary>
    public static int Count(ref MessagePackReader reader, int most)
    {
        // MessagePack's own check: an array header beyond the bytes that are left throws.
        var count = reader.ReadArrayHeader();
        return count <= most ? count : throw new WireException($"{count} of what there may be {most}");
    }

    /// <summary>Skips what a newer version added, however it is nested: MessagePack's own recursion has no bound.</summary>
    public static void Skip(ref MessagePackReader reader, int depth = 0)
    {
        if (depth > MaxNesting)
            throw new WireException("nested too deeply");
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Array:
                for (var n = reader.ReadArrayHeader(); n > 0; n--)
                    Skip(ref reader, depth + 1);
                break;
            case MessagePackType.Map:
                for (var n = 2L * reader.ReadMapHeader(); n > 0; n--)
                    Skip(ref reader, depth + 1);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    /// <summary>Skips what a newer version put behind what this one knows.</summary>
    public static void SkipRest(ref MessagePackReader reader, int count, int known)
    {
        for (; count > known; count--)
            Skip(ref reader);
    }

    public static string Text(ref MessagePackReader reader, int mostBytes)
    {
        var bytes = reader.ReadStringSequence() ?? throw new WireException("a text is missing");
        if (bytes.Length > mostBytes)
            throw new WireException("a text that is too long");
        return Utf8.IsValid(bytes.FirstSpan) ? Encoding.UTF8.GetString(bytes.FirstSpan) : throw new WireException("a text that is not UTF-8");
    }

    public static ReadOnlyMemory<byte> Bytes(ref MessagePackReader reader) =>
        (reader.ReadBytes() ?? throw new WireException("bytes are missing")).First;

    public static ReadOnlyMemory<byte> Bytes(ref MessagePackReader reader, int length)
    {
        var bytes = Bytes(ref reader);
        return bytes.Length == length ? bytes : throw new WireException($"{bytes.Length} bytes for {length}");
    }

    public static long Natural(ref MessagePackReader reader)
    {
        var number = reader.ReadInt64();
        return number >= 0 ? number : throw new WireException("a number below nothing");
    }

    public static string Machine(ref MessagePackReader reader)
    {
        var text = Text(ref reader, MachineName.MaxLength);
        return MachineName.TryParse(text, out _) ? text : throw new WireException("a machine's name that cannot be one");
    }

    public static ReplicaId Replica(ref MessagePackReader reader) => ReplicaId.Read(Bytes(ref reader, ReplicaId.Size).Span);

    public static void Write(ref MessagePackWriter writer, ReplicaId replica)
    {
        writer.WriteBinHeader(ReplicaId.Size);
        replica.Write(writer.GetSpan(ReplicaId.Size));
        writer.Advance(ReplicaId.Size);
    }
}
