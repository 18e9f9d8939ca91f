namespace Sesh.Agents.Codex;

/// <summary>One turn in a rollout: from the task in which the message stands to that task's end.</summary>
internal sealed class CodexTurnReader(string message) : ITurnReader
{
    private readonly SentText _sent = new(message);
    private readonly CodexLine _line = new(TranscriptLimits.Whole);
    private readonly TurnText _text = new();
    private string _current = "", _turn = "";

    public bool IsTaken { get; private set; }

    public TurnEnd End { get; private set; } = TurnEnd.Open;

    /// <summary>A task has one end, and the rollout has it.</summary>
    public bool IsSettled => End != TurnEnd.Open;

    public string Reply => _text.All;

    public bool IsCut => _text.IsCut;

    public string Failure { get; private set; } = "";

    public void Feed(ReadOnlySpan<byte> line)
    {
        if (IsSettled || CodexLine.IsNoise(line))
        {
            return;
        }

        try
        {
            _line.Read(line);
        }
        catch (Exception failure) when (TranscriptReading.IsUnreadable(failure))
        {
            // A strange line is none of this turn's.
            return;
        }

        switch (_line.Type)
        {
            case "event_msg":
                TakeEvent();
                break;
            case "response_item" when _line.Kind == "message":
                TakeMessage();
                break;
        }
    }

    private void TakeMessage()
    {
        if (_line.Role == "assistant" && IsTaken)
        {
            _text.Say(_line.Text);
        }
        else if (_line.Role == "user" && !IsTaken && (_sent.Is(_line.Text) || (_sent.IsCommand && PromptText.OfUser(_line.Text).Length > 0)))
        {
            IsTaken = true;
            _turn = _current;
        }
    }

    private void TakeEvent()
    {
        switch (_line.Kind)
        {
            case "task_started" or "turn_started":
                _current = _line.TurnId;
                break;
            case "error" when IsTaken:
                Failure = _line.Text;
                break;
            case "task_complete" or "turn_complete" when IsTaken && IsOurs:
                if (_text.IsEmpty)
                {
                    _text.Say(_line.Text);
                }

                Failure = _line.Error.Length > 0 ? _line.Error : Failure;
                End = _line.Error.Length > 0 || (Failure.Length > 0 && _text.IsEmpty) ? TurnEnd.Failed : TurnEnd.Ended;
                break;
            case "turn_aborted" when IsTaken && IsOurs:
                End = TurnEnd.Interrupted;
                break;
        }
    }

    /// <summary>A message that steered a turn begun before the reading has no task of its own: then the next end is its.</summary>
    private bool IsOurs => _turn.Length == 0 || _line.TurnId.Length == 0 || _line.TurnId == _turn;
}
