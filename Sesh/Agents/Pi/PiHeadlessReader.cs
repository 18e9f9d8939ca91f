namespace Sesh.Agents.Pi;

/// <summary>What <c>pi -p --mode json</c> prints: the session's first line, then an event a line, with messages as the session file has them.</summary>
internal sealed class PiHeadlessReader : IHeadlessReader
{
    private readonly PiLine _line = new(TranscriptLimits.Whole);
    private readonly TurnText _text = new();

    public string AgentId { get; private set; } = "";

    public string Reply => _text.All;

    public bool IsCut => _text.IsCut;

    public string Failure { get; private set; } = "";

    public bool HasEnded { get; private set; }

    public void Feed(ReadOnlySpan<byte> line)
    {
        // Every piece of an answer comes as a line of its own: only whole messages are of interest.
        if (line.StartsWith("{\"type\":\"message_update\""u8))
        {
            return;
        }

        try
        {
            _line.Read(line);
        }
        catch (Exception failure) when (TranscriptReading.IsUnreadable(failure))
        {
            // A warning between the lines.
            return;
        }

        switch (_line.Type)
        {
            case "session":
                AgentId = _line.Id;
                break;
            case "message_end" when _line.Role == "assistant":
                _text.Say(_line.Text);
                Failure = _line.StopReason is "error" or "aborted" ? _line.Error.Length > 0 ? _line.Error : _line.StopReason : "";
                break;
            case "agent_settled":
                HasEnded = true;
                break;
        }
    }
}
