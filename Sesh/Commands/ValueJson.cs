using Sesh.Output;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>A register's value as JSON of its own kind; a time as every time is written.</summary>
internal static class ValueJson
{
    public static void Write(JsonWriter json, Field field, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Integer when field == Field.CreatedAt:
                json.Time(value.AsInteger()!.Value);
                break;
            case ValueKind.Absent:
                json.Null();
                break;
            case ValueKind.Boolean:
                json.Value(value.AsBoolean()!.Value);
                break;
            case ValueKind.Integer:
                json.Value(value.AsInteger()!.Value);
                break;
            default:
                json.Value(value.ToString());
                break;
        }
    }
}
