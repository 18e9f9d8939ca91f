using System.Text.Json;

namespace Sesh.Agents.Reports;

/// <summary>What a hook was told, as far as it concerns us. Everything is optional: formats change, and a long text may end before the rest was read.</summary>
internal sealed record HookEvent
{
    /// <summary><c>hook_event_name</c> of Claude, <c>type</c> of Codex.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>session_id</c>, <c>thread-id</c>.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>A sub-agent's; empty for the session itself.</summary>
    public string SubAgent { get; init; } = "";

    public string Tool { get; init; } = "";

    /// <summary>The tool's input in a line.</summary>
    public string Input { get; init; } = "";

    public string Message { get; init; } = "";

    public string NotificationType { get; init; } = "";

    /// <summary>Why a session started: <c>startup</c>, <c>resume</c>, <c>clear</c>, <c>compact</c>.</summary>
    public string Source { get; init; } = "";

    /// <summary>Why it ended.</summary>
    public string Reason { get; init; } = "";

    /// <summary>From the first bytes of a JSON object, whole or cut short; anything else says nothing.</summary>
    public static HookEvent Parse(ReadOnlySpan<byte> json)
    {
        var told = new HookEvent();
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 512 }));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return told;
            while (LineJson.NextProperty(ref reader))
            {
                var name = reader.ValueIsEscaped ? "" : reader.GetString();
                if (!reader.Read())
                    break;
                var start = (int)reader.TokenStartIndex;
                // Cut short within the value: all before it was read.
                if (!reader.TrySkip())
                    break;
                var value = LineJson.Reader(json[start..(int)reader.BytesConsumed]);
                value.Read();
                told = told.With(name, ref value);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON from here on: what came before it stands.
        }

        return told;
    }

    private HookEvent With(string? name, ref Utf8JsonReader value)
    {
        switch (name)
        {
            case "hook_event_name" or "type":
                return this with { Name = Word(ref value) };
            case "session_id" or "thread-id":
                return this with { SessionId = Word(ref value) };
            case "agent_id":
                return this with { SubAgent = Word(ref value) };
            case "tool_name":
                return this with { Tool = Word(ref value) };
            case "tool_input":
                return this with { Input = ToolBrief.Of(ref value) };
            case "message":
                return this with { Message = LineJson.Text(ref value, Report.LongestQuestion) };
            case "notification_type":
                return this with { NotificationType = Word(ref value) };
            case "source":
                return this with { Source = Word(ref value) };
            case "reason":
                return this with { Reason = Word(ref value) };
            default:
                value.Skip();
                return this;
        }
    }

    private static string Word(ref Utf8JsonReader value) => LineJson.Text(ref value, TranscriptLimits.Word);
}
