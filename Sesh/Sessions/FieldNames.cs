using System.Globalization;
using Sesh.Sync.Documents;

namespace Sesh.Sessions;

/// <summary>Registers and values as people and scripts read them.</summary>
internal static class FieldNames
{
    /// <summary>The field's name in the record; <c>tag x</c> and <c>meta x</c> for keyed ones.</summary>
    public static string Of(Register register) => register.Key is { } key ? $"{Of(register.Field)} {key}" : Of(register.Field);

    public static string Of(Field field) => field switch
    {
        Field.Name => "name",
        Field.AutoRename => "autoRename",
        Field.Summary => "summary",
        Field.LastAutoNameTurnCount => "lastAutoNameTurnCount",
        Field.Tag => "tag",
        Field.Archived => "archived",
        Field.Deleted => "deleted",
        Field.Parent => "parent",
        Field.Meta => "meta",
        Field.Agent => "agent",
        Field.Machine => "machine",
        Field.Cwd => "cwd",
        Field.AgentSessionId => "agentSessionId",
        Field.FormerId => "formerId",
        Field.CreatedAt => "createdAt",
        Field.Kept => "kept",
        Field.Collected => "collected",
        _ => string.Create(CultureInfo.InvariantCulture, $"field{(byte)field}"),
    };

    /// <summary>Absent reads as a dash.</summary>
    public static string Text(Value value) => value.IsAbsent ? "-" : value.ToString();

    /// <summary>The same, and a time as a time.</summary>
    public static string Text(Field field, Value value) => field == Field.CreatedAt && value.AsInteger() is { } milliseconds and >= 0 and < 253_402_300_800_000
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : Text(value);
}
