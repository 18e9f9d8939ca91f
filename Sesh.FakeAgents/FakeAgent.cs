using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Sesh.FakeAgents;

internal enum FakeState
{
    Trust,
    Idle,
    Busy,
    Waiting,
}

/// <summary>What the three have in common: a prompt, work that can be seen and interrupted, a question, an answer. The subclasses write the files and paint the screen.</summary>
internal abstract class FakeAgent : IDisposable
{
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenSource _leave = new();
    private Directives _turn = new("");
    private TimeSpan _workUntil;
    private string _input = "";

    protected static string Cwd { get; } = Environment.CurrentDirectory;

    protected static string Home => Environment.GetEnvironmentVariable("HOME") ?? "/";

    protected FakeState State { get; private set; } = Environment.GetEnvironmentVariable("FAKE_TRUST") == "1" ? FakeState.Trust : FakeState.Idle;

    /// <summary>What has been said, for the screen.</summary>
    protected List<string> Shown { get; } = [];

    protected string Input => _input.Replace('\n', ' ');

    protected int Tick { get; private set; }

    public abstract bool Headless { get; }

    protected abstract string FirstPrompt { get; }

    protected virtual bool AsksPermission => true;

    protected abstract void OnPrompt(string prompt);

    protected abstract void OnToolCall(string callId, string command);

    protected abstract void OnToolResult(string callId, string output);

    protected abstract void OnAnswer(string answer, long tokens, TimeSpan took);

    protected abstract void OnInterrupt();

    protected abstract void OnError(string message);

    /// <summary>A line that begins with a slash; false where it is none of the agent's.</summary>
    protected abstract bool OnCommand(string name, string rest);

    protected abstract void PrintHeadless(string answer, bool failed);

    protected abstract string Title();

    protected abstract IEnumerable<string> Screen();

    protected virtual void OnState()
    {
    }

    /// <summary>True: leave.</summary>
    protected virtual bool OnTrustRefused() => false;

    public int RunOnce()
    {
        HandleSignals();
        _turn = new Directives(FirstPrompt);
        Enter(FakeState.Busy);
        OnPrompt(FirstPrompt);
        if (_leave.Token.WaitHandle.WaitOne(_turn.Sleep))
        {
            return 1;
        }

        if (_turn.Error is { } code)
        {
            OnError($"API Error: {code}");
            Enter(FakeState.Idle);
            PrintHeadless($"API Error: {code}", failed: true);
            return 1;
        }

        var answer = _turn.Answer(_turn.Command is { } command ? UseTool(command) : null);
        OnAnswer(answer, _turn.Tokens, _since.Elapsed);
        Enter(FakeState.Idle);
        PrintHeadless(answer, failed: false);
        return 0;
    }

    public int RunScreen()
    {
        HandleSignals();
        if (double.TryParse(Environment.GetEnvironmentVariable("FAKE_SLOW"), CultureInfo.InvariantCulture, out var slow))
        {
            _leave.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(slow));
        }

        var keys = Terminal.Open();
        OnState();
        if (FirstPrompt.Length > 0 && State == FakeState.Idle)
        {
            Send(FirstPrompt);
        }

        while (!_leave.IsCancellationRequested)
        {
            Work();
            Terminal.Title(Title());
            Terminal.Paint(Screen());
            var key = NextKey(keys);
            if (key is { } pressed && !Press(pressed))
            {
                break;
            }

            Tick++;
        }

        Terminal.Restore();
        return 0;
    }

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
                Enter(FakeState.Idle);
                break;
            case KeyKind.Enter when _input.Trim().Length > 0 && State == FakeState.Idle:
                var text = _input;
                _input = "";
                return Submit(text);
        }

        return true;
    }

    private bool Submit(string text)
    {
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

    private void Send(string prompt)
    {
        _turn = new Directives(prompt);
        _workUntil = _since.Elapsed + _turn.Sleep;
        Shown.Add($"{Prompt} {prompt.Replace('\n', ' ')}");
        OnPrompt(prompt);
        Enter(FakeState.Busy);
    }

    protected abstract string Prompt { get; }

    private void Work()
    {
        if (State != FakeState.Busy || _since.Elapsed < _workUntil)
        {
            return;
        }

        if (_turn.Error is { } code)
        {
            OnError($"API Error: {code}");
            Shown.Add($"API Error: {code}");
            Enter(FakeState.Idle);
        }
        else if (_turn.Command is { } command && AsksPermission && !_turn.Allowed)
        {
            OnToolCall("call_1", command);
            Enter(FakeState.Waiting);
        }
        else
        {
            Answer(_turn.Command is { } allowed ? UseTool(allowed) : null);
        }
    }

    protected string? Asked => State == FakeState.Waiting ? _turn.Command : null;

    private void Answer(string? output)
    {
        var answer = _turn.Answer(output);
        Shown.AddRange(answer.Split('\n'));
        OnAnswer(answer, _turn.Tokens, _turn.Sleep);
        Enter(FakeState.Idle);
    }

    private string UseTool(string command, bool called = false)
    {
        if (!called)
        {
            OnToolCall("call_1", command);
        }

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        shell.StandardInput.Close();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        OnToolResult("call_1", output);
        return output;
    }

    private void Enter(FakeState state)
    {
        State = state;
        OnState();
    }

    private void HandleSignals()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGHUP, PosixSignal.SIGTERM, PosixSignal.SIGINT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _leave.Cancel();
            }));
        }
    }

    public virtual void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _leave.Dispose();
    }

    /// <summary>Where an agent's links lead, as its own rules want it.</summary>
    protected static string RealPath(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    protected static string Stamp(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    protected static string Now => Stamp(DateTime.UtcNow);
}
