using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>A value in the index: its kind, then what it holds.</summary>
internal static class ValueFormat
{
    public static void Write(ByteSink sink, Value value)
    {
        sink.Byte((byte)value.Kind);
        switch (value.Kind)
        {
            case ValueKind.Boolean:
                sink.Byte(value.AsBoolean()!.Value ? (byte)1 : (byte)0);
                break;
            case ValueKind.Integer:
                sink.UInt64((ulong)value.AsInteger()!.Value);
                break;
            case ValueKind.Text:
                sink.Text(value.AsText()!);
                break;
            case ValueKind.Opaque:
                sink.Number(value.AsOpaque()!.Length);
                sink.Bytes(value.AsOpaque());
                break;
            default:
                break;
        }
    }

    public static Value Read(ref ByteSource source) => (ValueKind)source.Byte() switch
    {
        ValueKind.Absent => Value.Absent,
        ValueKind.Boolean => Value.Of(source.Byte() != 0),
        ValueKind.Integer => Value.Of((long)source.UInt64()),
        ValueKind.Text => Value.Of(source.Text()),
        ValueKind.Opaque => Value.OfOpaque(source.Bytes(source.Count()).ToArray()),
        _ => throw new IndexCorruptException("no such kind of value"),
    };
}
