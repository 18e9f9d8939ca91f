namespace Sesh.Agents.Codex;

/// <summary>
/// Facts of a Codex rollout. A turn is what lies between <c>task_started</c> and <c>task_complete</c> or <c>turn_aborted</c> and has a prompt in it; rollouts of older
/// versions have no tasks, there each prompt is a turn. The first <c>session_meta</c> is the thread's own: a fork copies its parent's lines behind it, meta and all.
/// </summary>
internal sealed class CodexParser : ITranscriptParser
{
    private readonly CodexLine _line = new();
    private readonly TurnTally _turns = new();
    private string _id = "", _cwd = "", _model = "";
    private long? _context, _window;
    private long _startedAt, _lastActivity, _strange;
    private bool _hidden, _tasks, _prompted, _failed, _compressed;

    public void Feed(ReadOnlySpan<byte> line, bool whole)
    {
        _compressed |= CodexLine.IsCompressed(line);
        if (_compressed || CodexLine.IsNoise(line))
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
        // Opening a thread writes its settings down, and does nothing in it.
        _lastActivity = _line.Type is "event_msg" or "response_item" && _line.Kind != "thread_settings_applied" ? Math.Max(_lastActivity, _line.At) : _lastActivity;
        switch (_line.Type)
        {
            case "session_meta" when _id.Length == 0:
                _id = _line.Id;
                _cwd = _line.Cwd;
                _startedAt = _line.At;
                _hidden = _line.OfSubagent || _line.ThreadSource is not ("" or "user");
                break;
            case "turn_context":
                _cwd = _line.Cwd.Length > 0 ? _line.Cwd : _cwd;
                _model = _line.Model.Length > 0 ? _line.Model : _model;
                break;
            case "event_msg":
                TakeEvent();
                break;
            case "response_item":
                TakeItem();
                break;
            case "compacted":
                _context = null;
                break;
            case "session_meta" or "world_state" or "token_usage_record" or "inter_agent_communication":
                break;
            default:
                _strange++;
                break;
        }
    }

    private void TakeEvent()
    {
        _window = _line.Window ?? _window;
        switch (_line.Kind)
        {
            case "task_started" or "turn_started":
                _tasks = true;
                _prompted = _failed = false;
                _turns.Reopen();
                break;
            case "task_complete" or "turn_complete":
                if (!_turns.Answered)
                {
                    _turns.Say(_line.Text);
                }

                _turns.End(_failed || _line.Error.Length > 0 ? TurnEnd.Failed : TurnEnd.Ended);
                break;
            case "turn_aborted":
                _turns.End(_line.Reason is "" or "interrupted" ? TurnEnd.Interrupted : TurnEnd.Ended);
                break;
            case "error":
                _failed = true;
                break;
            case "user_message" when !_tasks:
                Prompt(_line.Text);
                break;
            case "token_count":
                _context = _line.Tokens ?? _context;
                break;
            case "thread_settings_applied":
                _model = _line.Model.Length > 0 ? _line.Model : _model;
                break;
        }
    }

    private void TakeItem()
    {
        switch (_line.Kind)
        {
            case "message" when _line.Role == "user":
                Prompt(_line.Text);
                break;
            case "message" when _line.Role == "assistant":
                _prompted &= _tasks;
                _turns.Say(_line.Text);
                break;
            case "function_call" or "custom_tool_call" or "local_shell_call":
                var name = _line.Name.Length > 0 ? _line.Name : "shell";
                _turns.Call(_line.CallId, _line.Input.Length > 0 ? $"{name}: {_line.Input}" : name);
                break;
            case "function_call_output" or "custom_tool_call_output" or "local_shell_call_output":
                _turns.Result(_line.CallId);
                break;
        }
    }

    private void Prompt(string text)
    {
        var prompt = PromptText.OfUser(text);
        if (prompt.Length == 0 || (_tasks && _prompted))
        {
            return;
        }

        // Without tasks a prompt stands twice, as event and as item, with nothing answered between.
        if (!_tasks && _prompted && !_turns.Answered)
        {
            return;
        }

        _prompted = true;
        _turns.Begin(prompt.Length > TranscriptLimits.Prompt ? prompt[..TranscriptLimits.Prompt] : prompt);
        if (!_tasks)
        {
            // Old rollouts do not say where a turn ends; whether it has is then for the lock and the screen to tell.
            _turns.End(TurnEnd.Unknown);
        }
    }

    public TranscriptFacts Facts() => new()
    {
        AgentId = _id,
        Cwd = _cwd,
        FirstPrompt = _turns.FirstPrompt,
        LastReply = _turns.LastReply,
        Model = _model,
        Turns = _turns.Turns,
        ContextTokens = _context,
        ContextWindow = _window,
        LastTurn = _turns.Last,
        PendingTool = _turns.PendingTool,
        StartedAt = _startedAt,
        LastActivity = _lastActivity,
        Hidden = _hidden,
        StrangeLines = _strange,
    };

    public bool Save(BinaryWriter into)
    {
        if (_compressed)
        {
            return false;
        }

        into.Write(_id);
        into.Write(_cwd);
        into.Write(_model);
        foreach (var number in (ReadOnlySpan<long>)[_context ?? -1, _window ?? -1, _startedAt, _lastActivity, _strange])
        {
            into.Write(number);
        }

        foreach (var flag in (ReadOnlySpan<bool>)[_hidden, _tasks, _prompted, _failed])
        {
            into.Write(flag);
        }

        _turns.Save(into);
        return true;
    }

    public void Load(BinaryReader from)
    {
        (_id, _cwd, _model) = (from.ReadString(), from.ReadString(), from.ReadString());
        _context = from.ReadInt64() is >= 0 and var context ? context : null;
        _window = from.ReadInt64() is >= 0 and var window ? window : null;
        (_startedAt, _lastActivity, _strange) = (from.ReadInt64(), from.ReadInt64(), from.ReadInt64());
        (_hidden, _tasks, _prompted, _failed) = (from.ReadBoolean(), from.ReadBoolean(), from.ReadBoolean(), from.ReadBoolean());
        _turns.Load(from);
    }
}
