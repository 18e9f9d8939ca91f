using System.Text.Json;

namespace Sesh.Agents.Pi;

/// <summary>One line of a pi session, as far as it matters. Reused for every line of a file.</summary>
/// <param name="longest">Of a text, in UTF-16 units.</param>
internal sealed class PiLine(int longest = TranscriptLimits.Kept)
{
    public string Type { get; private set; } = "";
    public string Id { get; private set; } = "";
    public string Parent { get; private set; } = "";
    public string Cwd { get; private set; } = "";
    public string Name { get; private set; } = "";
    public string ModelId { get; private set; } = "";
    public long At { get; private set; }
    public string Role { get; private set; } = "";
    public string Text { get; private set; } = "";
    public string Model { get; private set; } = "";
    public string StopReason { get; private set; } = "";
    public string Error { get; private set; } = "";
    public string CallId { get; private set; } = "";
    public string Tool { get; private set; } = "";
    public long? Tokens { get; private set; }
    public List<(string Id, string Name, string Brief)> Calls { get; } = [];
    public bool HasImage { get; private set; }

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
            else if (reader.ValueTextEquals("id"u8))
            {
                Id = Word(ref reader);
            }
            else if (reader.ValueTextEquals("parentId"u8))
            {
                Parent = Word(ref reader);
            }
            else if (reader.ValueTextEquals("cwd"u8))
            {
                reader.Read();
                Cwd = LineJson.Text(ref reader, TranscriptLimits.Path);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                Name = Word(ref reader);
            }
            else if (reader.ValueTextEquals("modelId"u8))
            {
                ModelId = Word(ref reader);
            }
            else if (reader.ValueTextEquals("timestamp"u8))
            {
                reader.Read();
                At = LineJson.Time(ref reader);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                ReadMessage(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadMessage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (LineJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("role"u8))
            {
                Role = Word(ref reader);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                ReadContent(ref reader);
            }
            else if (reader.ValueTextEquals("stopReason"u8))
            {
                StopReason = Word(ref reader);
            }
            else if (reader.ValueTextEquals("errorMessage"u8))
            {
                reader.Read();
                Error = LineJson.Text(ref reader, TranscriptLimits.Prompt);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                Model = Word(ref reader);
            }
            else if (reader.ValueTextEquals("toolCallId"u8))
            {
                CallId = Word(ref reader);
            }
            else if (reader.ValueTextEquals("toolName"u8))
            {
                Tool = Word(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                ReadUsage(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (LineJson.NextProperty(ref reader))
        {
            var total = reader.ValueTextEquals("totalTokens"u8);
            reader.Read();
            if (total)
            {
                Tokens = LineJson.Count(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadContent(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Text = LineJson.Text(ref reader, longest);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadBlock(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadBlock(ref Utf8JsonReader reader)
    {
        string type = "", text = "", id = "", name = "", brief = "";
        while (LineJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = Word(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                text = LineJson.Text(ref reader, longest);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                id = Word(ref reader);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                name = Word(ref reader);
            }
            else if (reader.ValueTextEquals("arguments"u8))
            {
                reader.Read();
                brief = ToolBrief.Of(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        switch (type)
        {
            case "text" when text.Length > 0 && Text.Length < longest:
                Text = Text.Length == 0 ? text : $"{Text}\n{text}";
                break;
            case "toolCall":
                Calls.Add((id, name, brief));
                break;
            case "image":
                HasImage = true;
                break;
        }
    }

    private void Clear()
    {
        Type = Id = Parent = Cwd = Name = ModelId = Role = Text = Model = StopReason = Error = CallId = Tool = "";
        At = 0;
        Tokens = null;
        HasImage = false;
        Calls.Clear();
    }

    private static string Word(ref Utf8JsonReader reader)
    {
        reader.Read();
        return LineJson.Text(ref reader, TranscriptLimits.Word);
    }
}
