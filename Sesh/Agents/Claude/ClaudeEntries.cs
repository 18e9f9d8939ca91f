namespace Sesh.Agents.Claude;

/// <summary>Readable entries of a Claude Code transcript: the main chain, without what the CLI injects.</summary>
internal sealed class ClaudeEntries
{
    private readonly ClaudeLine _line = new(TranscriptLimits.Whole);
    private readonly Dictionary<string, string> _tools = new(StringComparer.Ordinal);

    public void Read(ReadOnlySpan<byte> line, List<TranscriptEntry> into)
    {
        if (ClaudeLine.IsNoise(line))
        {
            return;
        }

        _line.Read(line);
        if (_line.Sidechain || _line.Meta || _line.Kind is not (ClaudeKind.User or ClaudeKind.Assistant))
        {
            if (_line is { Kind: ClaudeKind.System, Subtype: "compact_boundary", Sidechain: false })
            {
                into.Add(new TranscriptEntry(EntryRole.System, "compacted", "", _line.At));
            }

            return;
        }

        var role = _line.Kind == ClaudeKind.User ? EntryRole.User : EntryRole.Assistant;
        var text = role == EntryRole.User ? UserText(_line.Text) : _line.Text;
        if (text.Length > 0)
        {
            into.Add(new TranscriptEntry(role, text, "", _line.At));
        }

        foreach (var block in _line.Blocks)
        {
            if (block.Kind == ClaudeBlockKind.ToolUse)
            {
                _tools[block.Id] = block.Name;
                into.Add(new TranscriptEntry(EntryRole.Assistant, block.Text, block.Name, _line.At));
            }
            else if (block.Kind == ClaudeBlockKind.ToolResult)
            {
                into.Add(new TranscriptEntry(EntryRole.Tool, block.Text, _tools.Remove(block.Id, out var name) ? name : "tool", _line.At));
            }
        }
    }

    private static string UserText(string text) => PromptText.OfUser(text) is { Length: > 0 } prompt ? prompt : PromptText.Command(text);
}
