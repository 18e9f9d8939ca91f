using System.Text.Json;

namespace Sesh.FakeAgents;

internal sealed class FakePi : FakeAgent
{
    public static readonly string[] WithValue = ["--session-id", "--session", "--fork", "--name", "-n", "--model", "--provider", "--session-dir", "--extension", "-e", "--mode", "--thinking", "--tools"];

    private readonly string _folder;
    private readonly string _model;
    private readonly bool _json;
    private readonly List<object> _waiting = [];
    private JsonlFile _file;
    private string _id, _name, _cwd = Cwd, _gone = "";
    private string? _leaf;
    private bool _written;

    public FakePi(Arguments arguments)
    {
        Headless = arguments.Has("-p", "--print");
        FirstPrompt = PromptOf(Headless, arguments.Words.FirstOrDefault()).Trim();
        JsonlFile.Ephemeral = arguments.Has("--no-session");
        _json = arguments["--mode"] == "json";
        _model = arguments["--model"] ?? "fake-model";
        _name = arguments["--name", "-n"] ?? "";
        var root = Environment.GetEnvironmentVariable("PI_CODING_AGENT_DIR") is { Length: > 0 } set ? set : Path.Join(Home, ".pi", "agent");
        _folder = arguments["--session-dir"] ?? Environment.GetEnvironmentVariable("PI_CODING_AGENT_SESSION_DIR")
            ?? Path.Join(root, "sessions", $"--{_cwd[1..].Replace('/', '-').Replace('\\', '-').Replace(':', '-')}--");
        _id = arguments["--session-id"] ?? Guid.CreateVersion7().ToString();
        var found = arguments["--session", "--fork"] is { } wanted ? Find(wanted) ?? throw new Refusal($"No session found matching '{wanted}'") : Find(_id);
        _file = new JsonlFile(found ?? Path.Join(_folder, $"{Now.Replace(':', '-').Replace('.', '-')}_{_id}.jsonl"));
        if (found is null)
        {
            NewSession();
            return;
        }

        Recall();
        if (arguments["--fork"] is not null)
        {
            var lines = File.ReadAllLines(found);
            _id = arguments["--session-id"] ?? Guid.CreateVersion7().ToString();
            _file = new JsonlFile(Path.Join(_folder, $"{Now.Replace(':', '-').Replace('.', '-')}_{_id}.jsonl"));
            Directory.CreateDirectory(_folder);
            _cwd = Cwd;
            lines[0] = JsonSerializer.Serialize(new { type = "session", version = 3, id = _id, timestamp = Now, cwd = _cwd, parentSession = found });
            File.WriteAllLines(_file.Path, lines);
            return;
        }

        Settle();
    }

    public override bool Headless { get; }

    protected override string FirstPrompt { get; }

    protected override string Prompt => "";

    protected override bool AsksPermission => false;

    private string? Find(string wanted) => wanted.Contains('/')
        ? File.Exists(wanted) ? wanted : null
        : Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, $"*_{wanted}*.jsonl").FirstOrDefault() : null;

    private void NewSession()
    {
        (_written, _leaf) = (false, null);
        _waiting.Clear();
        Entry(new { type = "session", version = 3, id = _id, timestamp = Now, cwd = _cwd });
        if (_name.Length > 0)
        {
            var id = NextId();
            Entry(new { type = "session_info", id, parentId = _leaf, timestamp = Now, name = _name });
            _leaf = id;
        }

        var change = NextId();
        Entry(new { type = "model_change", id = change, parentId = _leaf, timestamp = Now, provider = "fake", modelId = _model });
        _leaf = change;
    }

    private void Recall()
    {
        _written = true;
        foreach (var line in File.ReadLines(_file.Path))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var type = root.GetProperty("type").GetString();
            if (type == "session")
            {
                _id = root.GetProperty("id").GetString()!;
                _cwd = root.GetProperty("cwd").GetString()!;
                continue;
            }

            _leaf = root.GetProperty("id").GetString();
            _name = type == "session_info" ? root.GetProperty("name").GetString()! : _name;
            if (type == "message" && root.GetProperty("message").GetProperty("content")[0].TryGetProperty("text", out var text))
            {
                Shown.Add($" {text}");
            }
        }
    }

    /// <summary>It goes on in the folder that its file names; where that is gone it asks, or fails without a terminal. The file stays as it is.</summary>
    private void Settle()
    {
        if (Directory.Exists(_cwd))
        {
            return;
        }

        if (Headless)
        {
            throw new Refusal($"Stored session working directory does not exist: {_cwd}\nSession file: {_file.Path}\nCurrent working directory: {Cwd}");
        }

        (_gone, _cwd) = (_cwd, Cwd);
        AskFirst();
    }

    private static string NextId() => Guid.NewGuid().ToString()[..8];

    /// <summary>A new session is held back until its first answer; then each line is written as it comes.</summary>
    private void Entry(object line)
    {
        if (_written)
        {
            _file.Append(line);
        }
        else
        {
            _waiting.Add(line);
        }
    }

    private void Message(object message)
    {
        var id = NextId();
        Entry(new { type = "message", id, parentId = _leaf, timestamp = Now, message });
        _leaf = id;
    }

    private void Flush()
    {
        if (!_written)
        {
            _written = true;
            _waiting.ForEach(_file.Append);
            _waiting.Clear();
        }
    }

    protected override bool IsShell(string text) => text.TrimStart().StartsWith('!');

    protected override string Pasted(string text) => $"[paste #1 +{text.Count(c => c == '\n')} lines]";

    protected override void OnSay(string text) => Assistant(new { type = "text", text }, "toolUse", 1000);

    protected override void OnPrompt(string prompt)
    {
        if (_json)
        {
            Terminal.Write(JsonSerializer.Serialize(new { type = "session", version = 3, id = _id, timestamp = Now, cwd = _cwd }) + "\n" + JsonSerializer.Serialize(new { type = "agent_start" }) + "\n");
        }

        OnUser(prompt.Trim());
    }

    private void OnUser(string prompt) => Message(new { role = "user", content = new object[] { new { type = "text", text = prompt } }, timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });

    protected override void OnToolCall(string callId, string command) => Assistant(new { type = "toolCall", id = callId, name = "bash", arguments = new { command } }, "toolUse", 1000);

    protected override void OnToolResult(string callId, string output) =>
        Message(new { role = "toolResult", toolCallId = callId, toolName = "bash", content = new object[] { new { type = "text", text = output } }, isError = false });

    protected override void OnAnswer(string answer, long tokens, TimeSpan took)
    {
        Assistant(new { type = "text", text = answer }, "stop", tokens);
        Flush();
    }

    protected override void OnInterrupt()
    {
        Assistant(new { type = "text", text = "" }, "aborted", 0);
        Flush();
    }

    protected override void OnError(string message)
    {
        Assistant(new { type = "text", text = "" }, "error", 0, message);
        Flush();
    }

    private void Assistant(object block, string stopReason, long tokens, string? errorMessage = null)
    {
        Message(AssistantMessage(block, stopReason, tokens, errorMessage));
        if (_json)
        {
            Terminal.Write(JsonSerializer.Serialize(new { type = "message_end", message = AssistantMessage(block, stopReason, tokens, errorMessage) }) + "\n");
        }
    }

    private object AssistantMessage(object block, string stopReason, long tokens, string? errorMessage) => new
    {
        role = "assistant",
        content = new[] { block },
        api = "anthropic-messages",
        provider = "fake",
        model = _model,
        usage = new { input = tokens - 3, output = 3, cacheRead = 0, cacheWrite = 0, totalTokens = tokens },
        stopReason,
        errorMessage,
    };

    protected override bool OnCommand(string name, string rest)
    {
        switch (name)
        {
            case "new":
                _id = Guid.CreateVersion7().ToString();
                _file = new JsonlFile(Path.Join(_folder, $"{Now.Replace(':', '-').Replace('.', '-')}_{_id}.jsonl"));
                _name = "";
                Shown.Clear();
                NewSession();
                return true;
            case "compact" when _written:
                var compaction = NextId();
                Entry(new { type = "compaction", id = compaction, parentId = _leaf, timestamp = Now, summary = "a summary", tokensBefore = 1000 });
                _leaf = compaction;
                return true;
            case "compact":
                Shown.Add(" Error: Compaction failed: Nothing to compact (session too small)");
                return true;
            case "name":
                _name = rest;
                var id = NextId();
                Entry(new { type = "session_info", id, parentId = _leaf, timestamp = Now, name = rest });
                _leaf = id;
                return true;
            default:
                return false;
        }
    }

    protected override void PrintHeadless(string answer, bool failed) => Terminal.Write(_json ? JsonSerializer.Serialize(new { type = "agent_settled" }) + "\n" : answer + "\n");

    protected override string Title() => State == FakeState.Trust ? "pi" : $"π - {(_name.Length > 0 ? _name + " - " : "")}{Path.GetFileName(_cwd)}";

    protected override IEnumerable<string> Screen()
    {
        const string Rule = "────────────────────────────────────────────────────────────";
        yield return " pi v0.87.1";
        if (State == FakeState.Trust && _gone.Length > 0)
        {
            yield return Rule;
            yield return " cwd from session file does not exist";
            yield return $" {_gone}";
            yield return "";
            yield return " continue in current cwd";
            yield return $" {_cwd}";
            yield return " → Continue";
            yield return "   Cancel";
            yield return Rule;
            yield break;
        }

        if (State == FakeState.Trust)
        {
            yield return " Trust project folder?";
            yield return " → Yes";
            yield return "   No";
            yield break;
        }

        foreach (var line in Shown.TakeLast(12))
        {
            yield return line;
        }

        foreach (var queued in Queued)
        {
            yield return $" Steering: {queued}";
        }

        yield return "";
        yield return State == FakeState.Busy ? $"── {"⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"[Tick % 10]} Working ──────────────────────────────────────────────" : Rule;
        yield return Input + "\e[7m \e[0m";
        yield return Rule;
        yield return $"{_cwd} (main)";
        yield return "0.7%/200k (auto)                                  fake-model";
    }
}
