using System.Globalization;
using System.Text.Json;
using Sesh.Sync;

namespace Sesh.Sessions.Import;

/// <summary>
/// Reads <c>sessions.json</c>: an array of records, an object with a <c>sessions</c> array (or map), or a map by uuid. A record that makes no sense is
/// returned with its fault; a file that is not JSON is refused as a whole, with line and column, before anything is written.
/// </summary>
internal static class OldJson
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    public static IReadOnlyList<OldRecord> Read(ReadOnlyMemory<byte> utf8, string path)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        try
        {
            using var document = JsonDocument.Parse(utf8, Lenient);
            return Records(document.RootElement, path);
        }
        catch (JsonException e)
        {
            var where = e.LineNumber is { } line ? $"{path}:{line + 1}:{e.BytePositionInLine + 1}" : path;
            throw new SeshException("bad-import", $"{where}: not JSON", "nothing was imported; mend the file or name another", inner: e);
        }
    }

    private static List<OldRecord> Records(JsonElement root, string path)
    {
        if (root.ValueKind == JsonValueKind.Object && Property(root, "sessions") is { ValueKind: JsonValueKind.Array or JsonValueKind.Object } inner)
            root = inner;
        var records = new List<OldRecord>();
        if (root.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in root.EnumerateArray())
                records.Add(Record(element, $"record {records.Count + 1}", ""));
        }
        else if (root.ValueKind == JsonValueKind.Object)
        {
            foreach (var (key, element) in Members(root))
                records.Add(Record(element, $"\"{key}\"", key));
        }
        else
        {
            throw new SeshException("bad-import", $"{path}: neither a list of sessions nor a map of them", "nothing was imported");
        }

        return records;
    }

    private static OldRecord Record(JsonElement element, string place, string key)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return new OldRecord(place, "not an object");
        var uuid = Text(element, "uuid") is { Length: > 0 } own ? own : key;
        return new OldRecord(place)
        {
            Uuid = uuid,
            Name = Text(element, "name"),
            Agent = Text(element, "agent"),
            Machine = Text(element, "machine"),
            Cwd = Text(element, "cwd"),
            AgentSessionId = Text(element, "agentSessionId"),
            Parent = Text(element, "parent"),
            Summary = Text(element, "summary"),
            Archived = Flag(element, "archived") ?? false,
            Deleted = Property(element, "deleted") is { ValueKind: not (JsonValueKind.Null or JsonValueKind.False) },
            AutoRename = Flag(element, "autoRename"),
            LastAutoNameTurnCount = Number(element, "lastAutoNameTurnCount"),
            CreatedAt = Time(element, "createdAt"),
            Tags = Tags(element),
            Meta = Meta(element),
        };
    }

    private static IReadOnlyList<string> Tags(JsonElement element)
    {
        if (Property(element, "tags") is not { } tags)
            return [];
        return tags.ValueKind switch
        {
            JsonValueKind.Array => tags.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(Text).ToList(),
            JsonValueKind.String => Text(tags).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            _ => [],
        };
    }

    private static List<KeyValuePair<string, string>> Meta(JsonElement element)
    {
        if (Property(element, "meta") is not { ValueKind: JsonValueKind.Object } meta)
            return [];
        return Members(meta)
            .Select(m => KeyValuePair.Create(m.Key, m.Value.ValueKind == JsonValueKind.String ? Text(m.Value) : m.Value.ValueKind == JsonValueKind.Null ? "" : m.Value.GetRawText()))
            .Where(m => m.Value.Length > 0)
            .ToList();
    }

    /// <summary>The last of repeated names counts, as JavaScript has it. Names that hold half a surrogate pair are left out.</summary>
    private static IEnumerable<KeyValuePair<string, JsonElement>> Members(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            string name;
            try
            {
                name = property.Name;
            }
            catch (InvalidOperationException)
            {
                // The name's escapes are no valid text; such a member names nothing of ours.
                continue;
            }

            yield return KeyValuePair.Create(name, property.Value);
        }
    }

    private static JsonElement? Property(JsonElement element, string name)
    {
        JsonElement? found = null;
        foreach (var (key, value) in Members(element))
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                found = value;
        }

        return found;
    }

    private static string Text(JsonElement element, string name) => Property(element, name) is { ValueKind: JsonValueKind.String } text ? Text(text) : "";

    private static string Text(JsonElement text)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair or bytes that are no UTF-8: there is no such text.
            return "";
        }
    }

    private static bool? Flag(JsonElement element, string name) => Property(element, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Number } number => !number.TryGetInt64(out var value) || value != 0,
        _ => null,
    };

    private static long Number(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? Math.Max(0, value) : 0;

    private static long Time(JsonElement element, string name)
    {
        switch (Property(element, name))
        {
            case { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var value):
                return OldTime.FromNumber(value);
            case { ValueKind: JsonValueKind.String } text
                when DateTimeOffset.TryParse(Text(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time):
                return Math.Max(0, time.ToUnixTimeMilliseconds());
            default:
                return 0;
        }
    }
}
