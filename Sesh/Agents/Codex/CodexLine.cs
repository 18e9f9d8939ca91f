using System.Text.Json;

namespace Sesh.Agents.Codex;

/// <summary>One line of a rollout, as far as it matters: <c>{timestamp, ordinal, type, payload}</c>. Reused for every line of a file.</summary>
/// <param name="longest">Of a text, in UTF-16 units.</param>
internal sealed class CodexLine(int longest = TranscriptLimits.Kept)
{
    /// <summary><c>session_meta</c>, <c>turn_context</c>, <c>event_msg</c>, <c>response_item</c>, <c>compacted</c>…</summary>
    public string Type { get; private set; } = "";
    public long At { get; private set; }

    /// <summary>The payload's own type.</summary>
    public string Kind { get; private set; } = "";
    public string Id { get; private set; } = "";
    public string Cwd { get; private set; } = "";
    public string Model { get; private set; } = "";

    /// <summary>Who began the thread: <c>user</c>, or what began a worker's.</summary>
    public string ThreadSource { get; private set; } = "";

    /// <summary>The source is an object, which names the thread this one works for.</summary>
    public bool OfSubagent { get; private set; }
    public string Role { get; private set; } = "";
    public string Text { get; private set; } = "";
    public string Reason { get; private set; } = "";
    public string TurnId { get; private set; } = "";

    /// <summary>Why the turn failed, on the line that ends it.</summary>
    public string Error { get; private set; } = "";
    public string CallId { get; private set; } = "";
    public string Name { get; private set; } = "";
    public string Input { get; private set; } = "";
    public long? Tokens { get; private set; }
    public long? Window { get; private set; }

    /// <summary>Told by the first bytes, without parsing.</summary>
    public static bool IsNoise(ReadOnlySpan<byte> line)
    {
        var head = line.Length > 120 ? line[..120] : line;
        var at = head.IndexOf("\"type\":\""u8);
        if (at < 0)
        {
            return false;
        }

        var type = head[(at + 8)..];
        return type.StartsWith("world_state\""u8) || type.StartsWith("token_usage_record\""u8);
    }

    public static bool IsCompressed(ReadOnlySpan<byte> line) => line.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);

    /// <summary>Throws what the JSON reader throws.</summary>
    public void Read(ReadOnlySpan<byte> line)
    {
        Clear();
        var reader = LineJson.Reader(line);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        while (LineJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                Type = Word(ref reader);
            }
            else if (reader.ValueTextEquals("timestamp"u8))
            {
                reader.Read();
                At = LineJson.Time(ref reader);
            }
            else if (reader.ValueTextEquals("payload"u8))
            {
                reader.Read();
                ReadPayload(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadPayload(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (LineJson.NextProperty(ref reader))
        {
            ReadPayloadProperty(ref reader);
        }
    }

    private void ReadPayloadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("type"u8))
        {
            Kind = Word(ref reader);
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            Id = Word(ref reader);
        }
        else if (reader.ValueTextEquals("cwd"u8))
        {
            reader.Read();
            Cwd = LineJson.Text(ref reader, TranscriptLimits.Path);
        }
        else if (reader.ValueTextEquals("model"u8))
        {
            Model = Word(ref reader);
        }
        else if (reader.ValueTextEquals("thread_source"u8))
        {
            ThreadSource = Word(ref reader);
        }
        else if (reader.ValueTextEquals("source"u8))
        {
            reader.Read();
            OfSubagent = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("role"u8))
        {
            Role = Word(ref reader);
        }
        else if (reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("last_agent_message"u8) || reader.ValueTextEquals("output"u8))
        {
            reader.Read();
            Text = Content(ref reader);
        }
        else if (reader.ValueTextEquals("reason"u8))
        {
            Reason = Word(ref reader);
        }
        else if (reader.ValueTextEquals("turn_id"u8))
        {
            TurnId = Word(ref reader);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            Error = ErrorText(ref reader);
        }
        else if (reader.ValueTextEquals("call_id"u8))
        {
            CallId = Word(ref reader);
        }
        else if (reader.ValueTextEquals("name"u8))
        {
            Name = Word(ref reader);
        }
        else if (reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("input"u8) || reader.ValueTextEquals("action"u8))
        {
            reader.Read();
            Input = ToolBrief.Of(ref reader);
        }
        else if (reader.ValueTextEquals("model_context_window"u8))
        {
            reader.Read();
            Window = LineJson.Count(ref reader) ?? Window;
        }
        else if (reader.ValueTextEquals("info"u8) || reader.ValueTextEquals("thread_settings"u8))
        {
            reader.Read();
            ReadInside(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    /// <summary>The token counts in <c>info</c>, the model in <c>thread_settings</c>.</summary>
    private void ReadInside(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (LineJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("last_token_usage"u8))
            {
                reader.Read();
                Tokens = Total(ref reader);
            }
            else if (reader.ValueTextEquals("model_context_window"u8))
            {
                reader.Read();
                Window = LineJson.Count(ref reader) ?? Window;
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                Model = Word(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string ErrorText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return LineJson.Text(ref reader, TranscriptLimits.Prompt);
        }

        var message = "";
        while (LineJson.NextProperty(ref reader))
        {
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            if (isMessage)
            {
                message = LineJson.Text(ref reader, TranscriptLimits.Prompt);
            }
            else
            {
                reader.Skip();
            }
        }

        return message.Length > 0 ? message : "error";
    }

    private static long? Total(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        long? total = null;
        while (LineJson.NextProperty(ref reader))
        {
            var counts = reader.ValueTextEquals("total_tokens"u8);
            reader.Read();
            if (counts)
            {
                total = LineJson.Count(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return total;
    }

    /// <summary>A string, or parts of which <c>input_text</c>, <c>output_text</c> and <c>text</c> are readable, or an object that holds one of these.</summary>
    private string Content(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return LineJson.Text(ref reader, longest);
            case JsonTokenType.StartArray:
                var parts = "";
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var part = Content(ref reader);
                    parts = parts.Length == 0 ? part : part.Length > 0 && parts.Length < longest ? $"{parts}\n{part}" : parts;
                }

                return parts;
            case JsonTokenType.StartObject:
                var text = "";
                while (LineJson.NextProperty(ref reader))
                {
                    var readable = reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("output"u8);
                    reader.Read();
                    if (readable)
                    {
                        text = Content(ref reader);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }

                return text;
            default:
                return "";
        }
    }

    private void Clear()
    {
        Type = Kind = Id = Cwd = Model = ThreadSource = Role = Text = Reason = TurnId = Error = CallId = Name = Input = "";
        At = 0;
        OfSubagent = false;
        Tokens = Window = null;
    }

    private static string Word(ref Utf8JsonReader reader)
    {
        reader.Read();
        return LineJson.Text(ref reader, TranscriptLimits.Word);
    }
}
