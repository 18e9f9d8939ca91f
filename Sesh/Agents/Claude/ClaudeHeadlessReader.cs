using System.Text.Json;

namespace Sesh.Agents.Claude;

/// <summary>What <c>claude -p --output-format stream-json</c> prints: an object a line, the last one a <c>result</c>.</summary>
internal sealed class ClaudeHeadlessReader : IHeadlessReader
{
    private readonly TurnText _text = new();
    private readonly TurnText _result = new();

    public string AgentId { get; private set; } = "";

    public string Reply => _text.IsEmpty ? _result.All : _text.All;

    public bool IsCut => _text.IsEmpty ? _result.IsCut : _text.IsCut;

    public string Failure { get; private set; } = "";

    public bool HasEnded { get; private set; }

    public void Feed(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = LineJson.Reader(line);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                Take(ref reader);
            }
        }
        catch (Exception failure) when (TranscriptReading.IsUnreadable(failure))
        {
            // A warning between the lines.
        }
    }

    private void Take(ref Utf8JsonReader reader)
    {
        string type = "", session = "", result = "", subtype = "", said = "";
        bool ofSubagent = false, failed = false;
        while (LineJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = Word(ref reader);
            }
            else if (reader.ValueTextEquals("subtype"u8))
            {
                subtype = Word(ref reader);
            }
            else if (reader.ValueTextEquals("session_id"u8))
            {
                session = Word(ref reader);
            }
            else if (reader.ValueTextEquals("parent_tool_use_id"u8))
            {
                ofSubagent = Word(ref reader).Length > 0;
            }
            else if (reader.ValueTextEquals("is_error"u8))
            {
                reader.Read();
                failed = LineJson.Bool(ref reader);
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                reader.Read();
                result = LineJson.Text(ref reader, TranscriptLimits.Whole);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                said = MessageText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        AgentId = session.Length > 0 ? session : AgentId;
        switch (type)
        {
            case "assistant" when !ofSubagent:
                _text.Say(said);
                break;
            case "result":
                HasEnded = true;
                if (_text.IsEmpty)
                {
                    _result.Say(result);
                }

                Failure = failed || subtype.StartsWith("error", StringComparison.Ordinal) ? result.Length > 0 ? result : subtype : "";
                break;
        }
    }

    private static string MessageText(ref Utf8JsonReader reader)
    {
        var text = new TurnText();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return "";
        }

        while (LineJson.NextProperty(ref reader))
        {
            var content = reader.ValueTextEquals("content"u8);
            reader.Read();
            if (!content || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    reader.Skip();
                }
                else if (ClaudeBlock.Read(ref reader, TranscriptLimits.Whole) is { Kind: ClaudeBlockKind.Text } block)
                {
                    text.Say(block.Text);
                }
            }
        }

        return text.All;
    }

    private static string Word(ref Utf8JsonReader reader)
    {
        reader.Read();
        return LineJson.Text(ref reader, TranscriptLimits.Word);
    }
}
