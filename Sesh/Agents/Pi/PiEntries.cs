namespace Sesh.Agents.Pi;

/// <summary>Readable entries of a pi session, in the order written.</summary>
internal sealed class PiEntries
{
    private readonly PiLine _line = new(TranscriptLimits.Whole);

    public void Read(ReadOnlySpan<byte> line, List<TranscriptEntry> into)
    {
        _line.Read(line);
        switch (_line.Type, _line.Role)
        {
            case ("message", "user"):
                Add(into, EntryRole.User, PromptText.OfUser(_line.Text));
                break;
            case ("message", "assistant"):
                Add(into, EntryRole.Assistant, _line.Text);
                foreach (var (_, name, brief) in _line.Calls)
                {
                    into.Add(new TranscriptEntry(EntryRole.Assistant, brief, name, _line.At));
                }

                if (_line.StopReason is "aborted" or "error")
                {
                    Add(into, EntryRole.System, _line.Error.Length > 0 ? _line.Error : _line.StopReason);
                }

                break;
            case ("message", "toolResult"):
                into.Add(new TranscriptEntry(EntryRole.Tool, _line.Text, _line.Tool.Length > 0 ? _line.Tool : "tool", _line.At));
                break;
            case ("compaction", _):
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
