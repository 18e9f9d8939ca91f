using System.Text.Json;

namespace Sesh.Agents.Codex;

/// <summary>What <c>codex exec --json</c> prints: an event a line. Failures come here too, not on standard error.</summary>
internal sealed class CodexHeadlessReader : IHeadlessReader
{
    private readonly TurnText _text = new();
    private string _error = "";
    private bool _failed;

    public string AgentId { get; private set; } = "";

    public string Reply => _text.All;

    public bool IsCut => _text.IsCut;

    public string Failure => _failed ? _error.Length > 0 ? _error : "the turn failed" : "";

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
        string type = "", thread = "", message = "", said = "";
        while (LineJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = LineJson.Text(ref reader, TranscriptLimits.Word);
            }
            else if (reader.ValueTextEquals("thread_id"u8))
            {
                reader.Read();
                thread = LineJson.Text(ref reader, TranscriptLimits.Word);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                message = LineJson.Text(ref reader, TranscriptLimits.Prompt);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                message = Inside(ref reader, "message"u8, TranscriptLimits.Prompt).Text;
            }
            else if (reader.ValueTextEquals("item"u8))
            {
                reader.Read();
                var (kind, text) = Inside(ref reader, "text"u8, TranscriptLimits.Whole);
                said = kind == "agent_message" ? text : "";
            }
            else
            {
                reader.Skip();
            }
        }

        switch (type)
        {
            case "thread.started":
                AgentId = thread;
                break;
            case "item.completed":
                _text.Say(said);
                break;
            case "error":
                // It may try again: only the end tells whether that was all.
                _error = message;
                break;
            case "turn.failed":
                (_failed, HasEnded, _error) = (true, true, message.Length > 0 ? message : _error);
                break;
            case "turn.completed":
                HasEnded = true;
                break;
        }
    }

    /// <summary>An object's type and one of its texts.</summary>
    private static (string Type, string Text) Inside(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, int longest)
    {
        string type = "", text = "";
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return (type, text);
        }

        while (LineJson.NextProperty(ref reader))
        {
            var (isType, isText) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals(name));
            reader.Read();
            if (isType)
            {
                type = LineJson.Text(ref reader, TranscriptLimits.Word);
            }
            else if (isText)
            {
                text = LineJson.Text(ref reader, longest);
            }
            else
            {
                reader.Skip();
            }
        }

        return (type, text);
    }
}
