namespace Sesh.Agents.Claude;

/// <summary>
/// Facts of a Claude Code transcript. A turn begins with a prompt of the user's on the main chain (not a tool result, not an injected block, not a sub-agent's line), or
/// with an answer where no turn is open (a slash command's). It ends with an answer whose stop reason is not <c>tool_use</c>, an interruption, or an API error.
/// </summary>
internal sealed class ClaudeParser : ITranscriptParser
{
    private const string Interrupted = "[Request interrupted by user";

    private readonly ClaudeLine _line = new();
    private readonly TurnTally _turns = new();
    private readonly HashSet<string> _prompts = new(StringComparer.Ordinal);
    private string _id = "", _cwd = "", _model = "", _customTitle = "", _agentName = "", _aiTitle = "", _summary = "";
    private string _command = "", _promptParent = "", _lastMessage = "";
    private long? _context;
    private long _startedAt, _lastActivity, _strange, _mainLines, _sideLines;

    public void Feed(ReadOnlySpan<byte> line, bool whole)
    {
        if (ClaudeLine.IsNoise(line))
        {
            return;
        }

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
        switch (_line.Kind)
        {
            case ClaudeKind.Unknown:
                _strange++;
                break;
            case ClaudeKind.CustomTitle:
                _customTitle = _line.Title;
                break;
            case ClaudeKind.AgentName:
                _agentName = _line.Title;
                break;
            case ClaudeKind.AiTitle:
                _aiTitle = _line.Title;
                break;
            case ClaudeKind.Summary:
                _summary = _line.Title;
                break;
            case ClaudeKind.User or ClaudeKind.Assistant or ClaudeKind.System or ClaudeKind.Attachment:
                TakeMessage();
                break;
        }
    }

    private void TakeMessage()
    {
        if (_line.Sidechain)
        {
            _sideLines++;
            return;
        }

        _id = _id.Length == 0 ? _line.SessionId : _id;
        _cwd = _cwd.Length == 0 ? _line.Cwd : _cwd;
        _startedAt = _startedAt == 0 || (_line.At > 0 && _line.At < _startedAt) ? _line.At : _startedAt;
        switch (_line.Kind)
        {
            case ClaudeKind.User:
                _mainLines++;
                _lastActivity = Math.Max(_lastActivity, _line.At);
                TakeUser();
                break;
            case ClaudeKind.Assistant:
                _mainLines++;
                _lastActivity = Math.Max(_lastActivity, _line.At);
                TakeAssistant();
                break;
            case ClaudeKind.System when _line.Subtype == "compact_boundary":
                _context = null;
                break;
            case ClaudeKind.System when _line.Subtype == "turn_duration" && _turns.IsOpen:
                _turns.End(TurnEnd.Ended);
                break;
        }
    }

    private void TakeUser()
    {
        var results = false;
        foreach (var block in _line.Blocks)
        {
            if (block.Kind == ClaudeBlockKind.ToolResult)
            {
                _turns.Result(block.Id);
                results = true;
            }
        }

        var text = _line.Text;
        if (text.StartsWith(Interrupted, StringComparison.Ordinal))
        {
            _turns.End(TurnEnd.Interrupted);
            return;
        }

        if (results || _line.Meta)
        {
            return;
        }

        var prompt = PromptText.OfUser(text);
        if (prompt.Length == 0 && !HasImage())
        {
            _command = PromptText.Command(text) is { Length: > 0 } command ? command : _command;
            return;
        }

        BeginTurn(prompt);
    }

    private void BeginTurn(string prompt)
    {
        prompt = prompt.Length > TranscriptLimits.Prompt ? prompt[..TranscriptLimits.Prompt] : prompt;
        if (_line.Uuid.Length > 0 && !_prompts.Add(_line.Uuid))
        {
            return;
        }

        // Esc before any output takes the prompt back into the input box: the next one becomes its sibling.
        if (_turns.IsOpen && !_turns.Answered && _line.Parent == _promptParent && _line.Uuid.Length > 0)
        {
            _turns.Replace(prompt);
        }
        else
        {
            _turns.Begin(prompt);
        }

        _promptParent = _line.Parent;
        _command = "";
    }

    private void TakeAssistant()
    {
        if (_line.ApiError)
        {
            _turns.Say(_line.Text);
            _turns.End(TurnEnd.Failed);
            return;
        }

        // One message may be written as several lines, each with the same stop reason: the later ones are no turn of their own.
        if (!_turns.IsOpen && (_line.MessageId.Length == 0 || _line.MessageId != _lastMessage))
        {
            _turns.Begin(_command);
            _command = "";
        }

        _lastMessage = _line.MessageId;
        if (_line.Model.Length > 0 && _line.Model[0] != '<')
        {
            _model = _line.Model;
            _context = _line.Context ?? _context;
        }

        _turns.Say(_line.Text);
        foreach (var block in _line.Blocks)
        {
            if (block.Kind == ClaudeBlockKind.ToolUse)
            {
                _turns.Call(block.Id, block.Text.Length > 0 ? $"{block.Name}: {block.Text}" : block.Name);
            }
        }

        if (_line.StopReason is not ("" or "tool_use" or "pause_turn"))
        {
            _turns.End(TurnEnd.Ended);
        }
    }

    private bool HasImage() => _line.Blocks.Exists(block => block.Kind == ClaudeBlockKind.Other);

    public TranscriptFacts Facts() => new()
    {
        AgentId = _id,
        Cwd = _cwd,
        Title = FirstOf(_customTitle, _agentName, _aiTitle, _summary),
        FirstPrompt = _turns.FirstPrompt,
        LastReply = _turns.LastReply,
        Model = _model,
        Turns = _turns.Turns,
        ContextTokens = _context,
        LastTurn = _turns.Last,
        PendingTool = _turns.PendingTool,
        StartedAt = _startedAt,
        LastActivity = _lastActivity,
        Hidden = _sideLines > 0 && _mainLines == 0,
        StrangeLines = _strange,
    };

    private static string FirstOf(params ReadOnlySpan<string> titles)
    {
        foreach (var title in titles)
        {
            if (title.Length > 0)
            {
                return title;
            }
        }

        return "";
    }

    public bool Save(BinaryWriter into)
    {
        foreach (var text in (ReadOnlySpan<string>)[_id, _cwd, _model, _customTitle, _agentName, _aiTitle, _summary, _command, _promptParent, _lastMessage])
        {
            into.Write(text);
        }

        foreach (var number in (ReadOnlySpan<long>)[_context ?? -1, _startedAt, _lastActivity, _strange, _mainLines, _sideLines, _prompts.Count])
        {
            into.Write(number);
        }

        foreach (var prompt in _prompts)
        {
            into.Write(prompt);
        }

        _turns.Save(into);
        return true;
    }

    public void Load(BinaryReader from)
    {
        (_id, _cwd, _model, _customTitle, _agentName) = (from.ReadString(), from.ReadString(), from.ReadString(), from.ReadString(), from.ReadString());
        (_aiTitle, _summary, _command, _promptParent, _lastMessage) = (from.ReadString(), from.ReadString(), from.ReadString(), from.ReadString(), from.ReadString());
        _context = from.ReadInt64() is >= 0 and var context ? context : null;
        (_startedAt, _lastActivity, _strange, _mainLines, _sideLines) = (from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64());
        for (var prompts = from.ReadInt64(); prompts > 0; prompts--)
        {
            _prompts.Add(from.ReadString());
        }

        _turns.Load(from);
    }
}
