using System.Text;

namespace Sesh.Agents;

/// <summary>Counts turns and keeps the last one's answer and open tool calls while a transcript is read. The same for every agent; the parsers say when.</summary>
internal sealed class TurnTally
{
    private readonly List<(string Id, string Text)> _calls = [];
    private readonly StringBuilder _answer = new();
    private string _answerBefore = "";

    public long Turns { get; private set; }

    public string FirstPrompt { get; private set; } = "";

    public TurnEnd Last { get; private set; }

    public bool IsOpen => Last == TurnEnd.Open;

    /// <summary>Something was answered, or a tool called, in the turn.</summary>
    public bool Answered { get; private set; }

    /// <summary>All the text of the last turn that has any.</summary>
    public string LastReply => _answer.Length > 0 ? _answer.ToString() : _answerBefore;

    /// <summary>The oldest call that has no result.</summary>
    public string PendingTool => IsOpen && _calls.Count > 0 ? _calls[0].Text : "";

    public void Begin(string prompt)
    {
        Turns++;
        Reopen();
        if (FirstPrompt.Length == 0)
        {
            FirstPrompt = prompt;
        }
    }

    /// <summary>The prompt was taken back before anything was answered, and another one stands in its place.</summary>
    public void Replace(string prompt)
    {
        if (Turns <= 1)
        {
            FirstPrompt = prompt;
        }
    }

    /// <summary>A turn that is not counted: work without a prompt of the user's.</summary>
    public void Reopen()
    {
        _answerBefore = LastReply;
        _answer.Clear();
        _calls.Clear();
        Answered = false;
        Last = TurnEnd.Open;
    }

    /// <summary>What was said after an earlier point does not count, and of what was said before it only the number of turns is known.</summary>
    public void GoBack(long turns, TurnEnd last)
    {
        Turns = turns;
        Last = last;
        Answered = false;
        _answer.Clear();
        _answerBefore = "";
        _calls.Clear();
    }

    public void Say(string text)
    {
        Answered = true;
        if (text.Length == 0 || _answer.Length >= TranscriptLimits.Kept)
        {
            return;
        }

        if (_answer.Length > 0)
        {
            _answer.Append('\n');
        }

        _answer.Append(text.AsSpan(0, Math.Min(text.Length, TranscriptLimits.Kept - _answer.Length)));
    }

    public void Call(string id, string text)
    {
        Answered = true;
        if (_calls.Count < 64)
        {
            _calls.Add((id, text));
        }
    }

    public void Result(string id) => _calls.RemoveAll(call => call.Id == id);

    public void End(TurnEnd how)
    {
        Last = how;
        _calls.Clear();
    }

    public void Save(BinaryWriter into)
    {
        into.Write(Turns);
        into.Write(FirstPrompt);
        into.Write((byte)Last);
        into.Write(Answered);
        into.Write(_answer.ToString());
        into.Write(_answerBefore);
        into.Write((byte)_calls.Count);
        foreach (var (id, text) in _calls)
        {
            into.Write(id);
            into.Write(text);
        }
    }

    public void Load(BinaryReader from)
    {
        Turns = from.ReadInt64();
        FirstPrompt = from.ReadString();
        Last = (TurnEnd)from.ReadByte();
        Answered = from.ReadBoolean();
        _answer.Append(from.ReadString());
        _answerBefore = from.ReadString();
        for (var calls = from.ReadByte(); calls > 0; calls--)
        {
            _calls.Add((from.ReadString(), from.ReadString()));
        }
    }
}
