using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sesh.FakeAgents;

internal enum FakeState
{
    Trust,
    Idle,
    Busy,
    Waiting,
}

/// <summary>What the three have in common: a prompt, work that can be seen and interrupted, a question, an answer. The subclasses write the files and paint the screen.</summary>
internal abstract partial class FakeAgent : IDisposable
{
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenSource _leave = new();
    private Directives _turn = new("");
    private TimeSpan _workUntil;
    private readonly Queue<string> _queued = new();
    private readonly double _deaf = double.TryParse(Environment.GetEnvironmentVariable("FAKE_DEAF"), CultureInfo.InvariantCulture, out var deaf) ? deaf : 0;
    private string _input = "";
    private string _prompt = "";
    private bool _hasSaid;

    protected static string Cwd { get; } = Environment.CurrentDirectory;

    protected static string Home => Environment.GetEnvironmentVariable("HOME") ?? "/";

    protected FakeState State { get; private set; } = Environment.GetEnvironmentVariable("FAKE_TRUST") == "1" || AsksLogin ? FakeState.Trust : FakeState.Idle;

    /// <summary>The first question is for a login.</summary>
    protected static bool AsksLogin { get; } = Environment.GetEnvironmentVariable("FAKE_LOGIN") == "1";

    /// <summary>It asks something before it is up; Enter: yes.</summary>
    protected void AskFirst() => State = FakeState.Trust;

    /// <summary>What has been said, for the screen.</summary>
    protected List<string> Shown { get; } = [];

    /// <summary>What stands in the box; a long paste as a word for it.</summary>
    protected string Input => _input.Length > 800 ? Pasted(_input) : _input.Replace('\n', ' ');

    protected virtual string Pasted(string text) => $"[Pasted text #1 +{text.Count(c => c == '\n')} lines]";

    protected int Tick { get; private set; }

    public abstract bool Headless { get; }

    protected abstract string FirstPrompt { get; }

    protected virtual bool AsksPermission => true;

    protected abstract void OnPrompt(string prompt);

    protected abstract void OnToolCall(string callId, string command);

    protected virtual void OnQuestion(string command)
    {
    }

    protected abstract void OnToolResult(string callId, string output);

    protected abstract void OnAnswer(string answer, long tokens, TimeSpan took);

    protected abstract void OnInterrupt();

    protected abstract void OnError(string message);

    /// <summary>Something said on the way, before the turn goes on.</summary>
    protected abstract void OnSay(string text);

    /// <summary>Enter while it works: claude and pi keep the message for later, codex takes it into the turn.</summary>
    protected virtual void OnQueued(string text) => _queued.Enqueue(text);

    /// <summary>A queued message's turn comes.</summary>
    protected virtual void OnDequeued()
    {
    }

    protected IEnumerable<string> Queued => _queued;

    /// <summary>Esc before any output puts the prompt back into the box.</summary>
    protected virtual bool TakesBack => false;

    protected bool HasSaid => _hasSaid;

    /// <summary>Enter would choose from a menu, or the message is refused: nothing is sent. May change the text.</summary>
    protected virtual bool Swallows(ref string input) => false;

    /// <summary>Is it one for a shell?</summary>
    protected virtual bool IsShell(string text) => text.StartsWith('!');

    /// <summary>A message that came by another way than the keyboard; null for none.</summary>
    protected virtual string? FromOutside() => null;

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

        if (_turn.Say is { } said)
        {
            OnSay(said);
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
            if (State == FakeState.Idle && (_queued.Count > 0 || FromOutside() is { } outside && Queue(outside)))
            {
                OnDequeued();
                Send(_queued.Dequeue());
            }

            Terminal.Title(Title());
            Terminal.Paint(Screen());
            var key = NextKey(keys);
            if (key is { } pressed && !Press(pressed))
            {
                break;
            }

            Tick++;
        }

        if (double.TryParse(Environment.GetEnvironmentVariable("FAKE_LINGER"), CultureInfo.InvariantCulture, out var linger))
        {
            Thread.Sleep(TimeSpan.FromSeconds(linger));
        }

        Terminal.Restore();
        return 0;
    }

    private bool Queue(string text)
    {
        _queued.Enqueue(text);
        return true;
    }

    private void Send(string prompt)
    {
        _prompt = prompt;
        Restart(prompt);
        OnPrompt(prompt);
        _hasSaid = _turn.Say is not null;
        if (_turn.Say is { } said)
        {
            Shown.Add(said);
            OnSay(said);
        }

        Enter(FakeState.Busy);
    }

    /// <summary>Works on this from now.</summary>
    protected void Restart(string prompt)
    {
        _turn = new Directives(prompt);
        _workUntil = _since.Elapsed + _turn.Sleep;
        Shown.Add($"{Prompt} {(prompt.Length > 200 ? prompt[..200] : prompt).Replace('\n', ' ')}");
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
            OnQuestion(command);
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
        Shown.AddRange((answer.Length > 2000 ? answer[..2000] : answer).Split('\n'));
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

    /// <summary>The words, or what comes on standard input: without words, or for a lone dash.</summary>
    protected static string PromptOf(bool headless, string? words)
    {
        if (!headless || words is not (null or "" or "-"))
        {
            return words ?? "";
        }

        using var input = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(0, false), FileAccess.Read, 0);
        using var text = new StreamReader(input);
        return text.ReadToEnd();
    }

    /// <summary>Where an agent's links lead, as its own rules want it.</summary>
    protected static string RealPath(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    protected static string Stamp(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    protected static string Now => Stamp(DateTime.UtcNow);
}
