using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>The values of a compacted part: kind in one column, numbers and lengths in the second, text in the third.</summary>
internal ref struct BaseValues(ColumnReader kinds, ColumnReader numbers, ColumnReader texts)
{
    private ColumnReader _kinds = kinds;
    private ColumnReader _numbers = numbers;
    private ColumnReader _texts = texts;

    private enum Kind : byte
    {
        Absent,
        False,
        True,
        Integer,

        /// <summary>Milliseconds, written against the entry's own.</summary>
        Time,
        Text,
        Uuid,
        OwnUuid,
        Opaque,
    }

    public static void Write(Entry entry, ColumnWriter kinds, ColumnWriter numbers, ColumnWriter texts)
    {
        var value = entry.Value;
        switch (value.Kind)
        {
            case ValueKind.Absent:
                kinds.Byte((byte)Kind.Absent);
                break;
            case ValueKind.Boolean:
                kinds.Byte((byte)(value.AsBoolean()!.Value ? Kind.True : Kind.False));
                break;
            case ValueKind.Integer when entry.Register.Field == Field.CreatedAt:
                kinds.Byte((byte)Kind.Time);
                numbers.Signed(unchecked(value.AsInteger()!.Value - entry.Hlc.Milliseconds));
                break;
            case ValueKind.Integer:
                kinds.Byte((byte)Kind.Integer);
                numbers.Signed(value.AsInteger()!.Value);
                break;
            case ValueKind.Text when Values.AsUuid(value.AsText()!) is { } uuid:
                kinds.Byte((byte)(uuid == entry.Register.Session ? Kind.OwnUuid : Kind.Uuid));
                if (uuid == entry.Register.Session)
                    break;
                Span<byte> bytes = stackalloc byte[SessionId.Size];
                uuid.Write(bytes);
                texts.Bytes(bytes);
                break;
            case ValueKind.Text:
                kinds.Byte((byte)Kind.Text);
                texts.Text(value.AsText()!, numbers);
                break;
            default:
                kinds.Byte((byte)Kind.Opaque);
                numbers.Number((ulong)value.AsOpaque()!.Length);
                texts.Bytes(value.AsOpaque());
                break;
        }
    }

    /// <param name="milliseconds">Of the entry's clock.</param>
    public Value Read(SessionId session, long milliseconds) => (Kind)_kinds.Byte() switch
    {
        Kind.Absent => Value.Absent,
        Kind.False => Value.False,
        Kind.True => Value.True,
        Kind.Integer => Value.Of(_numbers.Signed()),
        Kind.Time => Value.Of(unchecked(_numbers.Signed() + milliseconds)),
        Kind.Text => Value.Of(_texts.Text(ref _numbers)),
        Kind.Uuid => Value.Of(SessionId.Read(_texts.Take(SessionId.Size)).ToString()),
        Kind.OwnUuid => Value.Of(session.ToString()),
        Kind.Opaque => Value.OfOpaque(_texts.Take(_numbers.Number()).ToArray()),
        _ => throw new MalformedException("an unknown kind of value"),
    };
}
