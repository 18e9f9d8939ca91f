namespace Sesh.Agents.Pi;

/// <summary>
/// Facts of a pi session: a tree of entries by id and parent, of which the last entry is the leaf pi goes on from. Turns, context and model are those of the leaf's path;
/// where the file goes back to an earlier entry, counting goes on from what was known there.
/// </summary>
internal sealed class PiParser : ITranscriptParser
{
    /// <summary>Entries remembered to go back to; what lies behind is taken as one path.</summary>
    private const int MostNodes = 200_000;

    private readonly PiLine _line = new();
    private readonly TurnTally _turns = new();
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private string _id = "", _cwd = "", _name = "", _model = "", _leaf = "";
    private long? _context;
    private long _startedAt, _lastActivity, _strange;
    private bool _calling;

    private readonly record struct Node(long Turns, TurnEnd Last, long? Context, string Model, bool Calling);

    public void Feed(ReadOnlySpan<byte> line, bool whole)
    {
        try
        {
            _line.Read(line);
        }
        catch (Exception failure) when (TranscriptReading.IsUnreadable(failure))
        {
            // Counted; the next line is none the worse. A half line at the end is not even strange.
            _strange += whole ? 1 : 0;
            return;
        }

        Take();
    }

    public void PassOver(long lines) => _strange += lines;

    private void Take()
    {
        if (_line.Type == "session")
        {
            (_id, _cwd, _startedAt) = _id.Length == 0 ? (_line.Id, _line.Cwd, _line.At) : (_id, _cwd, _startedAt);
            return;
        }

        if (_line.Parent.Length > 0 && _line.Parent != _leaf && _nodes.TryGetValue(_line.Parent, out var from))
        {
            GoBackTo(from);
        }

        switch (_line.Type)
        {
            case "message":
                TakeMessage();
                break;
            case "session_info":
                _name = _line.Name;
                break;
            case "model_change":
                _model = _line.ModelId.Length > 0 ? _line.ModelId : _model;
                break;
            case "compaction":
                _context = null;
                break;
            case "thinking_level_change" or "branch_summary" or "custom" or "custom_message" or "label" or "context_edit" or "active_tools_change":
                break;
            default:
                _strange++;
                break;
        }

        _leaf = _line.Id;
        if (_leaf.Length > 0 && _nodes.Count < MostNodes)
        {
            _nodes[_leaf] = new Node(_turns.Turns, _turns.Last, _context, _model, _calling);
        }
    }

    private void GoBackTo(Node node)
    {
        _turns.GoBack(node.Turns, node.Last);
        (_context, _model, _calling) = (node.Context, node.Model, node.Calling);
    }

    private void TakeMessage()
    {
        _lastActivity = Math.Max(_lastActivity, _line.At);
        switch (_line.Role)
        {
            case "user":
                TakeUser();
                break;
            case "assistant":
                TakeAssistant();
                break;
            case "toolResult":
                _turns.Result(_line.CallId);
                break;
        }
    }

    private void TakeUser()
    {
        // Typed while tools run, a message steers the turn; it does not begin one.
        if (_turns.IsOpen && _calling)
        {
            return;
        }

        var prompt = PromptText.OfUser(_line.Text);
        if (prompt.Length > 0 || _line.HasImage)
        {
            _turns.Begin(prompt.Length > TranscriptLimits.Prompt ? prompt[..TranscriptLimits.Prompt] : prompt);
            _calling = false;
        }
    }

    private void TakeAssistant()
    {
        if (!_turns.IsOpen)
        {
            _turns.Reopen();
        }

        _model = _line.Model.Length > 0 ? _line.Model : _model;
        _context = _line.Tokens is > 0 and var tokens ? tokens : _context;
        _turns.Say(_line.Text);
        foreach (var (id, name, brief) in _line.Calls)
        {
            _turns.Call(id, brief.Length > 0 ? $"{name}: {brief}" : name);
        }

        _calling = _line.StopReason == "toolUse";
        switch (_line.StopReason)
        {
            case "toolUse" or "":
                break;
            case "aborted":
                _turns.End(TurnEnd.Interrupted);
                break;
            case "error":
                _turns.End(TurnEnd.Failed);
                break;
            default:
                _turns.End(TurnEnd.Ended);
                break;
        }
    }

    public TranscriptFacts Facts() => new()
    {
        AgentId = _id,
        Cwd = _cwd,
        Title = _name,
        FirstPrompt = _turns.FirstPrompt,
        LastReply = _turns.LastReply,
        Model = _model,
        Turns = _turns.Turns,
        ContextTokens = _context,
        LastTurn = _turns.Last,
        PendingTool = _turns.PendingTool,
        StartedAt = _startedAt,
        LastActivity = _lastActivity,
        StrangeLines = _strange,
    };

    /// <summary>The tree would have to be kept with it; pi's files are small, so they are read again.</summary>
    public bool Save(BinaryWriter into) => false;

    public void Load(BinaryReader from) => throw new NotSupportedException("a pi session is always read from its beginning");
}
