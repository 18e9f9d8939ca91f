using System.Buffers;
using System.Text;
using System.Text.Unicode;
using MessagePack;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>
/// Values in MessagePack: nil, boolean, integer and text are what they are; a uuid in its usual form is an extension of 16 bytes, and of none where it is the
/// session's own. Everything else came from a newer version and is kept as its bytes.
/// </summary>
internal static class Values
{
    private const sbyte OwnUuid = 1;
    private const sbyte OtherUuid = 2;

    public static void Write(ref MessagePackWriter writer, Value value, SessionId session)
    {
        switch (value.Kind)
        {
            case ValueKind.Absent:
                writer.WriteNil();
                break;
            case ValueKind.Boolean:
                writer.Write(value.AsBoolean()!.Value);
                break;
            case ValueKind.Integer:
                writer.Write(value.AsInteger()!.Value);
                break;
            case ValueKind.Text when AsUuid(value.AsText()!) is { } uuid:
                WriteUuid(ref writer, uuid, uuid == session);
                break;
            case ValueKind.Text:
                writer.Write(value.AsText());
                break;
            default:
                writer.WriteRaw(value.AsOpaque());
                break;
        }
    }

    public static Value Read(ref MessagePackReader reader, SessionId session)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                return Value.Absent;
            case MessagePackType.Boolean:
                return Value.Of(reader.ReadBoolean());
            case MessagePackType.Integer when IsSigned(reader.CreatePeekReader()):
                return Value.Of(reader.ReadInt64());
            case MessagePackType.String when TryText(ref reader, out var text):
                return Value.Of(text);
            case MessagePackType.Extension when TryUuid(ref reader, session, out var uuid):
                return Value.Of(uuid);
            default:
                return Value.OfOpaque(Raw(ref reader));
        }
    }

    /// <summary>The next value's bytes, whatever it is.</summary>
    public static byte[] Raw(ref MessagePackReader reader)
    {
        var start = reader.Position;
        Skip(ref reader, 0);
        return reader.Sequence.Slice(start, reader.Position).ToArray();
    }

    /// <summary>Skips the next value, however it is nested: MessagePack's own recursion has no bound.</summary>
    public static void Skip(ref MessagePackReader reader, int depth)
    {
        if (depth > FileFormat.MaxNesting)
            throw new MalformedException("nested too deeply");
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Array:
                for (var n = reader.ReadArrayHeader(); n > 0; n--)
                    Skip(ref reader, depth + 1);
                break;
            case MessagePackType.Map:
                for (var n = reader.ReadMapHeader(); n > 0; n--)
                {
                    Skip(ref reader, depth + 1);
                    Skip(ref reader, depth + 1);
                }

                break;
            default:
                reader.Skip();
                break;
        }
    }

    /// <summary>A text that must be one.</summary>
    public static string Text(ref MessagePackReader reader, int maxBytes = FileFormat.MaxText)
    {
        var bytes = reader.ReadStringSequence() ?? throw new MalformedException("nil for a text");
        if (bytes.Length > maxBytes)
            throw new MalformedException("text too long");
        var flat = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        return Utf8.IsValid(flat) ? Encoding.UTF8.GetString(flat) : throw new MalformedException("text is not UTF-8");
    }

    /// <summary>The uuid a text is the one usual form of, or null.</summary>
    public static SessionId? AsUuid(string text)
    {
        if (text.Length != 36 || text[8] != '-' || !SessionId.TryParse(text, out var uuid))
            return null;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterUpper(c))
                return null;
        }

        return uuid;
    }

    private static void WriteUuid(ref MessagePackWriter writer, SessionId uuid, bool own)
    {
        var bytes = new byte[own ? 0 : SessionId.Size];
        if (!own)
            uuid.Write(bytes);
        writer.WriteExtensionFormat(new ExtensionResult(own ? OwnUuid : OtherUuid, bytes));
    }

    /// <summary>Does it fit 64 bits with a sign? The writer puts every large positive number as an unsigned one.</summary>
    private static bool IsSigned(MessagePackReader peek) => peek.NextCode != MessagePackCode.UInt64 || peek.ReadUInt64() <= long.MaxValue;

    private static bool TryText(ref MessagePackReader reader, out string text)
    {
        text = "";
        var peek = reader.CreatePeekReader();
        var bytes = peek.ReadStringSequence()!.Value;
        if (bytes.Length > FileFormat.MaxText)
            return false;
        var flat = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        if (!Utf8.IsValid(flat))
            return false;
        text = Encoding.UTF8.GetString(flat);
        reader = peek;
        return true;
    }

    private static bool TryUuid(ref MessagePackReader reader, SessionId session, out string uuid)
    {
        uuid = "";
        var peek = reader.CreatePeekReader();
        var extension = peek.ReadExtensionFormat();
        switch (extension.TypeCode)
        {
            case OwnUuid when extension.Data.Length == 0:
                uuid = session.ToString();
                break;
            case OtherUuid when extension.Data.Length == SessionId.Size:
                Span<byte> bytes = stackalloc byte[SessionId.Size];
                extension.Data.CopyTo(bytes);
                uuid = SessionId.Read(bytes).ToString();
                break;
            default:
                return false;
        }

        reader = peek;
        return true;
    }
}
