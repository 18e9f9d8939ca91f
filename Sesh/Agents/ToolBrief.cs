using System.Text.Json;

namespace Sesh.Agents;

/// <summary>A tool call in one line: what is run, read, asked.</summary>
internal static class ToolBrief
{
    /// <summary>From a tool's input object, or its JSON text, which the reader stands on.</summary>
    public static string Of(ref Utf8JsonReader input)
    {
        if (input.TokenType == JsonTokenType.String)
        {
            var text = LineJson.Text(ref input, TranscriptLimits.Prompt);
            return text.StartsWith('{') ? OfText(text) : OneLine(text);
        }

        if (input.TokenType != JsonTokenType.StartObject)
        {
            input.Skip();
            return "";
        }

        string best = "", first = "";
        while (LineJson.NextProperty(ref input))
        {
            var main = input.ValueTextEquals("command"u8) || input.ValueTextEquals("cmd"u8) || input.ValueTextEquals("file_path"u8) || input.ValueTextEquals("path"u8)
                || input.ValueTextEquals("pattern"u8) || input.ValueTextEquals("question"u8) || input.ValueTextEquals("questions"u8) || input.ValueTextEquals("url"u8)
                || input.ValueTextEquals("query"u8);
            input.Read();
            var text = Value(ref input);
            first = first.Length == 0 ? text : first;
            best = best.Length == 0 && main ? text : best;
        }

        return OneLine(best.Length > 0 ? best : first);
    }

    public static string OneLine(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\n', '\r');
        var more = end >= 0 || line.Length > TranscriptLimits.Tool;
        line = end >= 0 ? line[..end].TrimEnd() : line;
        line = line.Length > TranscriptLimits.Tool ? line[..TranscriptLimits.Tool] : line;
        return more ? $"{line}…" : line.ToString();
    }

    private static string OfText(string json)
    {
        var inner = LineJson.Reader(System.Text.Encoding.UTF8.GetBytes(json));
        try
        {
            return inner.Read() ? Of(ref inner) : OneLine(json);
        }
        catch (Exception failure) when (TranscriptReading.IsUnreadable(failure))
        {
            // Cut short, or arguments the model got wrong: then they are shown as they stand.
            return OneLine(json);
        }
    }

    /// <summary>A string, the strings of an array (a command's words), or a question in an array of questions.</summary>
    private static string Value(ref Utf8JsonReader value)
    {
        if (value.TokenType == JsonTokenType.String)
        {
            return LineJson.Text(ref value, TranscriptLimits.Prompt);
        }

        if (value.TokenType != JsonTokenType.StartArray)
        {
            value.Skip();
            return "";
        }

        var words = new List<string>();
        while (value.Read() && value.TokenType != JsonTokenType.EndArray)
        {
            var word = value.TokenType == JsonTokenType.StartObject ? Of(ref value) : LineJson.Text(ref value, TranscriptLimits.Tool);
            if (words.Count < 16 && word.Length > 0)
            {
                words.Add(word);
            }
        }

        return string.Join(' ', words);
    }
}
