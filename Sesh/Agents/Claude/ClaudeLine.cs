using System.Text.Json;

namespace Sesh.Agents.Claude;

internal enum ClaudeKind : byte
{
    /// <summary>A kind nobody knows.</summary>
    Unknown,

    /// <summary>Known, and says nothing about the conversation.</summary>
    Noise,
    User,
    Assistant,
    System,
    Attachment,
    CustomTitle,
    AgentName,
    AiTitle,
    Summary,
}

/// <summary>One line of a Claude Code transcript, as far as it matters. Reused for every line of a file.</summary>
/// <param name="longest">Of a text, in UTF-16 units.</param>
internal sealed class ClaudeLine(int longest = TranscriptLimits.Kept)
{
    private string _text = "";

    public ClaudeKind Kind { get; private set; }
    public string Subtype { get; private set; } = "";
    public string Uuid { get; private set; } = "";
    public string Parent { get; private set; } = "";

    /// <summary>Of the line behind a compaction, which has no parent: the message it goes on from.</summary>
    public string LogicalParent { get; private set; } = "";
    public string SessionId { get; private set; } = "";
    public string Cwd { get; private set; } = "";
    public long At { get; private set; }
    public bool Sidechain { get; private set; }

    /// <summary>Not said by the user: injected, or the summary of what was compacted away.</summary>
    public bool Meta { get; private set; }
    public bool ApiError { get; private set; }

    /// <summary>What the user typed while the agent worked, on the line that hands it to the model in the middle of the turn.</summary>
    public string Queued { get; private set; } = "";

    /// <summary>A title or name, on lines that give one.</summary>
    public string Title { get; private set; } = "";

    public string MessageId { get; private set; } = "";
    public string Model { get; private set; } = "";
    public string StopReason { get; private set; } = "";

    /// <summary>Tokens that went into the answer; null without usage.</summary>
    public long? Context { get; private set; }
    public List<ClaudeBlock> Blocks { get; } = [];

    /// <summary>The text blocks, joined by newlines.</summary>
    public string Text => _text.Length > 0 || Blocks.Count == 0 ? _text : string.Join('\n', Blocks.Where(block => block.Kind == ClaudeBlockKind.Text).Select(block => block.Text));

    /// <summary>Told by the first bytes, without parsing. These lines can be 100 KB each, and there are many.</summary>
    public static bool IsNoise(ReadOnlySpan<byte> line) =>
        line.StartsWith("{\"type\":\""u8) && KindOf(Word(line[9..])) == ClaudeKind.Noise;

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
            ReadProperty(ref reader);
        }
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            Kind = reader.TokenType == JsonTokenType.String ? KindOf(reader.ValueSpan) : ClaudeKind.Unknown;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("message"u8))
        {
            reader.Read();
            ReadMessage(ref reader);
        }
        else if (reader.ValueTextEquals("uuid"u8))
        {
            Uuid = Word(ref reader);
        }
        else if (reader.ValueTextEquals("parentUuid"u8))
        {
            Parent = Word(ref reader);
        }
        else if (reader.ValueTextEquals("logicalParentUuid"u8))
        {
            LogicalParent = Word(ref reader);
        }
        else if (reader.ValueTextEquals("attachment"u8))
        {
            reader.Read();
            ReadAttachment(ref reader);
        }
        else if (reader.ValueTextEquals("sessionId"u8))
        {
            SessionId = Word(ref reader);
        }
        else if (reader.ValueTextEquals("subtype"u8))
        {
            Subtype = Word(ref reader);
        }
        else if (reader.ValueTextEquals("cwd"u8))
        {
            reader.Read();
            Cwd = LineJson.Text(ref reader, TranscriptLimits.Path);
        }
        else if (reader.ValueTextEquals("timestamp"u8))
        {
            reader.Read();
            At = LineJson.Time(ref reader);
        }
        else if (reader.ValueTextEquals("isSidechain"u8))
        {
            reader.Read();
            Sidechain = LineJson.Bool(ref reader);
        }
        else if (reader.ValueTextEquals("isMeta"u8) || reader.ValueTextEquals("isCompactSummary"u8))
        {
            reader.Read();
            Meta |= LineJson.Bool(ref reader);
        }
        else if (reader.ValueTextEquals("isApiErrorMessage"u8))
        {
            reader.Read();
            ApiError = LineJson.Bool(ref reader);
        }
        else if (reader.ValueTextEquals("customTitle"u8) || reader.ValueTextEquals("agentName"u8) || reader.ValueTextEquals("aiTitle"u8) || reader.ValueTextEquals("summary"u8))
        {
            reader.Read();
            Title = LineJson.Text(ref reader, TranscriptLimits.Title);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadAttachment(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        string type = "", prompt = "";
        while (LineJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = Word(ref reader);
            }
            else if (reader.ValueTextEquals("prompt"u8))
            {
                reader.Read();
                prompt = LineJson.Text(ref reader, longest);
            }
            else
            {
                reader.Skip();
            }
        }

        Queued = type == "queued_command" ? prompt : "";
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
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                ReadContent(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                Context = Usage(ref reader);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                StopReason = Word(ref reader);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                Model = Word(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                MessageId = Word(ref reader);
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
            _text = LineJson.Text(ref reader, longest);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                Blocks.Add(ClaudeBlock.Read(ref reader, longest));
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static long? Usage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        long? sum = null;
        while (LineJson.NextProperty(ref reader))
        {
            var counts = reader.ValueTextEquals("input_tokens"u8) || reader.ValueTextEquals("cache_creation_input_tokens"u8) || reader.ValueTextEquals("cache_read_input_tokens"u8);
            reader.Read();
            if (counts && LineJson.Count(ref reader) is { } tokens)
            {
                // Absurd counts must not overflow: three of them, each cut well below.
                sum = (sum ?? 0) + Math.Min(tokens, 1L << 50);
            }
            else
            {
                reader.Skip();
            }
        }

        return sum;
    }

    private void Clear()
    {
        Kind = ClaudeKind.Unknown;
        _text = Subtype = Uuid = Parent = LogicalParent = Queued = SessionId = Cwd = Title = MessageId = Model = StopReason = "";
        At = 0;
        Sidechain = Meta = ApiError = false;
        Context = null;
        Blocks.Clear();
    }

    private static string Word(ref Utf8JsonReader reader)
    {
        reader.Read();
        return LineJson.Text(ref reader, TranscriptLimits.Word);
    }

    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text) => text.IndexOf((byte)'"') is >= 0 and var end ? text[..end] : default;

    private static ClaudeKind KindOf(ReadOnlySpan<byte> type) => type switch
    {
        _ when type.SequenceEqual("user"u8) => ClaudeKind.User,
        _ when type.SequenceEqual("assistant"u8) => ClaudeKind.Assistant,
        _ when type.SequenceEqual("system"u8) => ClaudeKind.System,
        _ when type.SequenceEqual("attachment"u8) => ClaudeKind.Attachment,
        _ when type.SequenceEqual("custom-title"u8) => ClaudeKind.CustomTitle,
        _ when type.SequenceEqual("agent-name"u8) => ClaudeKind.AgentName,
        _ when type.SequenceEqual("ai-title"u8) => ClaudeKind.AiTitle,
        _ when type.SequenceEqual("summary"u8) => ClaudeKind.Summary,
        _ when type.StartsWith("api-request"u8) || type.StartsWith("file-history-"u8) => ClaudeKind.Noise,
        _ when type.SequenceEqual("queue-operation"u8) || type.SequenceEqual("last-prompt"u8) || type.SequenceEqual("cost-state"u8) || type.SequenceEqual("progress"u8) => ClaudeKind.Noise,
        _ when type.SequenceEqual("mode"u8) || type.SequenceEqual("permission-mode"u8) || type.SequenceEqual("atis-latch"u8) || type.SequenceEqual("tools-used"u8) => ClaudeKind.Noise,
        _ when type.SequenceEqual("agent-setting"u8) || type.SequenceEqual("agent-color"u8) || type.SequenceEqual("tag"u8) || type.SequenceEqual("pr-link"u8) => ClaudeKind.Noise,
        _ => ClaudeKind.Unknown,
    };
}
