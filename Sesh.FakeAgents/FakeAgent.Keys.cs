using System.Threading.Channels;

namespace Sesh.FakeAgents;

/// <summary>What each key does, by what the agent is at.</summary>
internal abstract partial class FakeAgent
{
    /// <summary>Null when nothing was pressed for the time of one animation step.</summary>
    private Key? NextKey(ChannelReader<Key> keys)
    {
        if (keys.TryRead(out var key))
        {
            return key;
        }

        using var step = CancellationTokenSource.CreateLinkedTokenSource(_leave.Token);
        step.CancelAfter(TimeSpan.FromMilliseconds(80));
        try
        {
            return keys.ReadAsync(step.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>False: leave.</summary>
    private bool Press(Key key)
    {
        if (key.Kind is KeyKind.Leave or KeyKind.End)
        {
            return false;
        }

        return State switch
        {
            FakeState.Trust => PressInTrust(key),
            FakeState.Waiting => PressInQuestion(key),
            _ => PressInBox(key),
        };
    }

    private bool PressInTrust(Key key)
    {
        _input += key.Kind == KeyKind.Text ? key.Text : "";
        if (key.Kind != KeyKind.Enter)
        {
            return true;
        }

        var refused = !_input.StartsWith('1') && OnTrustRefused();
        _input = "";
        Enter(FakeState.Idle);
        return !refused;
    }

    private bool PressInQuestion(Key key)
    {
        if (key.Kind == KeyKind.Enter || key.Text is "1" or "y")
        {
            Enter(FakeState.Busy);
            Answer(UseTool(_turn.Command!, called: true));
        }
        else if (key.Kind == KeyKind.Escape)
        {
            OnInterrupt();
            Enter(FakeState.Idle);
        }

        return true;
    }

    private bool PressInBox(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Text:
                _input += key.Text;
                break;
            case KeyKind.Backspace:
                _input = _input.Length > 0 ? _input[..^1] : "";
                break;
            case KeyKind.Clear:
                _input = "";
                break;
            case KeyKind.Escape when State == FakeState.Busy:
                OnInterrupt();
                _input = TakesBack && !_hasSaid && _input.Length == 0 ? _prompt : _input;
                Enter(FakeState.Idle);
                break;
            case KeyKind.Enter when _since.Elapsed.TotalSeconds < _deaf || Swallows(ref _input):
                break;
            case KeyKind.Enter when _input.Trim().Length > 0:
                var text = _input;
                _input = "";
                if (State == FakeState.Idle)
                {
                    return Submit(text);
                }

                OnQueued(text);
                break;
        }

        return true;
    }

    private bool Submit(string text)
    {
        if (IsShell(text))
        {
            Shown.Add($"ran by a shell: {text}");
            return true;
        }

        if (text.StartsWith('/') && !text.Contains('\n'))
        {
            var words = text[1..].Split(' ', 2);
            if (words[0] is "quit" or "exit")
            {
                return false;
            }

            if (OnCommand(words[0], words.Length > 1 ? words[1] : ""))
            {
                OnState();
                return true;
            }
        }

        Send(text);
        return true;
    }
}
