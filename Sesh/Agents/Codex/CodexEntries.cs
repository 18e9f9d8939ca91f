namespace Sesh.Agents.Codex;

/// <summary>Readable entries of a rollout: the items of the conversation, without what the CLI injects.</summary>
internal sealed class CodexEntries
{
    private readonly CodexLine _line = new(TranscriptLimits.Whole);
    private readonly Dictionary<string, string> _tools = new(StringComparer.Ordinal);

    public void Read(ReadOnlySpan<byte> line, List<TranscriptEntry> into)
    {
        if (CodexLine.IsCompressed(line) || CodexLine.IsNoise(line))
        {
            return;
        }

        _line.Read(line);
        switch (_line.Type, _line.Kind)
        {
            case ("response_item", "message") when _line.Role is "user" or "assistant":
                var role = _line.Role == "user" ? EntryRole.User : EntryRole.Assistant;
                Add(into, role, role == EntryRole.User ? PromptText.OfUser(_line.Text) : _line.Text);
                break;
            case ("response_item", "function_call" or "custom_tool_call" or "local_shell_call"):
                var name = _line.Name.Length > 0 ? _line.Name : "shell";
                _tools[_line.CallId] = name;
                into.Add(new TranscriptEntry(EntryRole.Assistant, _line.Input, name, _line.At));
                break;
            case ("response_item", "function_call_output" or "custom_tool_call_output" or "local_shell_call_output"):
                into.Add(new TranscriptEntry(EntryRole.Tool, _line.Text, _tools.Remove(_line.CallId, out var tool) ? tool : "tool", _line.At));
                break;
            case ("event_msg", "turn_aborted"):
                Add(into, EntryRole.System, _line.Reason.Length > 0 ? $"turn aborted: {_line.Reason}" : "turn aborted");
                break;
            case ("event_msg", "error"):
                Add(into, EntryRole.System, _line.Text);
                break;
            case ("compacted", _):
                Add(into, EntryRole.System, "compacted");
                break;
        }
    }

    private void Add(List<TranscriptEntry> into, EntryRole role, string text)
    {
        if (text.Length > 0)
        {
            into.Add(new TranscriptEntry(role, text, "", _line.At));
        }
    }
}
