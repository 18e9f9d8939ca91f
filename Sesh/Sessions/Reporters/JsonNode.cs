using System.Text;
using System.Text.Json;

namespace Sesh.Sessions.Reporters;

/// <summary>A property with where its name begins.</summary>
internal sealed record JsonMember(string Name, int Start, JsonNode Value);

/// <summary>
/// A value of a JSON text with where it stands, in bytes: for changing a file of the user's without touching the rest of it. Comments are passed over, as Claude Code does.
/// </summary>
internal sealed record JsonNode(JsonTokenType Kind, int Start, int End)
{
    private const int MaxDepth = 64;

    public IReadOnlyList<JsonMember> Members { get; init; } = [];

    public IReadOnlyList<JsonNode> Items { get; init; } = [];

    /// <summary>Of a string.</summary>
    public string Text { get; init; } = "";

    public bool IsObject => Kind == JsonTokenType.StartObject;

    public bool IsArray => Kind == JsonTokenType.StartArray;

    public bool IsEmpty => Members.Count + Items.Count == 0;

    /// <summary>The last of that name, which is the one that counts.</summary>
    public JsonNode? this[string name] => Members.LastOrDefault(m => m.Name == name)?.Value;

    /// <exception cref="JsonException">It is no JSON; says where.</exception>
    public static JsonNode Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth });
        reader.Read();
        var node = Read(ref reader);
        reader.Read();
        return node;
    }

    private static JsonNode Read(ref Utf8JsonReader reader)
    {
        var (kind, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        var members = new List<JsonMember>();
        var items = new List<JsonNode>();
        var text = kind == JsonTokenType.String ? TextOf(ref reader) : "";
        while (kind is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            if (kind == JsonTokenType.StartArray)
            {
                items.Add(Read(ref reader));
                continue;
            }

            var (name, at) = (TextOf(ref reader), (int)reader.TokenStartIndex);
            reader.Read();
            members.Add(new JsonMember(name, at, Read(ref reader)));
        }

        return new JsonNode(kind, start, (int)reader.BytesConsumed) { Members = members, Items = items, Text = text };
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or half a pair: nothing that we look for is written so.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
