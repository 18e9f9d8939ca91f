namespace Sesh.Agents.Pi;

/// <summary>One turn in the tree of a pi session: the message, and what descends from it up to the next message typed when the turn was over.</summary>
internal sealed class PiTurnReader(string message) : ITurnReader
{
    private readonly SentText _sent = new(message);
    private readonly PiLine _line = new(TranscriptLimits.Whole);
    private readonly HashSet<string> _chain = new(StringComparer.Ordinal);
    private readonly TurnText _text = new();
    private bool _closed;

    public bool IsTaken { get; private set; }

    public TurnEnd End { get; private set; } = TurnEnd.Open;

    /// <summary>After an error pi may try again, and only its screen tells.</summary>
    public bool IsSettled => _closed || End == TurnEnd.Interrupted;

    public string Reply => _text.All;

    public bool IsCut => _text.IsCut;

    public string Failure { get; private set; } = "";

    public void Feed(ReadOnlySpan<byte> line)
    {
        if (_closed)
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

        if (!IsTaken)
        {
            if (_line is { Type: "message", Role: "user" } && (_sent.Is(_line.Text) || _sent.IsCommand))
            {
                IsTaken = true;
                _chain.Add(_line.Id);
            }
        }
        else if (_chain.Contains(_line.Parent))
        {
            Take();
        }
    }

    private void Take()
    {
        if (_line is { Type: "message", Role: "user" } && End != TurnEnd.Open)
        {
            _closed = true;
            return;
        }

        _chain.Add(_line.Id);
        if (_line is not { Type: "message", Role: "assistant" })
        {
            return;
        }

        _text.Say(_line.Text);
        (End, Failure) = _line.StopReason switch
        {
            "toolUse" or "" => (TurnEnd.Open, ""),
            "aborted" => (TurnEnd.Interrupted, ""),
            "error" => (TurnEnd.Failed, _line.Error.Length > 0 ? _line.Error : "the model failed"),
            _ => (TurnEnd.Ended, ""),
        };
    }
}
