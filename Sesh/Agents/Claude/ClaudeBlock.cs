using System.Text.Json;

namespace Sesh.Agents.Claude;

internal enum ClaudeBlockKind : byte
{
    Other,
    Text,
    ToolUse,
    ToolResult,
}

/// <summary>One block of a message's content.</summary>
/// <param name="Id">The tool call's id, on a call and on its result.</param>
/// <param name="Text">The text, the call in brief, or the result's text.</param>
internal readonly record struct ClaudeBlock(ClaudeBlockKind Kind, string Id, string Name, string Text)
{
    public static ClaudeBlock Read(ref Utf8JsonReader reader, int longest)
    {
        var kind = ClaudeBlockKind.Other;
        string id = "", name = "", text = "", input = "";
        while (LineJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                kind = KindOf(LineJson.Text(ref reader, TranscriptLimits.Word));
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                text = LineJson.Text(ref reader, longest);
            }
            else if (reader.ValueTextEquals("id"u8) || reader.ValueTextEquals("tool_use_id"u8))
            {
                reader.Read();
                id = LineJson.Text(ref reader, TranscriptLimits.Word);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                name = LineJson.Text(ref reader, TranscriptLimits.Word);
            }
            else if (reader.ValueTextEquals("input"u8))
            {
                reader.Read();
                input = ToolBrief.Of(ref reader);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                text = Result(ref reader, longest);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ClaudeBlock(kind, id, name, kind == ClaudeBlockKind.ToolUse ? input : text);
    }

    /// <summary>A result is a string, or blocks of which the text ones are readable.</summary>
    private static string Result(ref Utf8JsonReader reader, int longest)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return LineJson.Text(ref reader, longest);
        }

        var text = "";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                var part = Read(ref reader, longest).Text;
                text = text.Length == 0 ? part : text.Length < longest ? $"{text}\n{part}" : text;
            }
            else
            {
                reader.Skip();
            }
        }

        return text;
    }

    private static ClaudeBlockKind KindOf(string type) => type switch
    {
        "text" => ClaudeBlockKind.Text,
        "tool_use" or "server_tool_use" or "mcp_tool_use" => ClaudeBlockKind.ToolUse,
        "tool_result" => ClaudeBlockKind.ToolResult,
        _ => ClaudeBlockKind.Other,
    };
}
