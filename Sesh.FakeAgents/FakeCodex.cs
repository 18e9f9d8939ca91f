using System.Globalization;
using System.Text.Json;

namespace Sesh.FakeAgents;

internal sealed class FakeCodex : FakeAgent
{
    public static readonly string[] WithValue =
        ["-c", "--config", "--model", "-m", "-C", "--cd", "--sandbox", "-s", "--ask-for-approval", "-a", "--enable", "--disable", "-o", "--output-last-message", "--profile", "-p", "--thread", "--message"];

    private readonly string _home = Environment.GetEnvironmentVariable("CODEX_HOME") is { Length: > 0 } set ? set : Path.Join(Home, ".codex");
    private readonly List<IDisposable> _held = [];
    private readonly string _model, _folder;
    private readonly bool _exec, _json;
    private JsonlFile? _rollout;
    private string _id, _title = "", _turn = "";
    private int _ordinal;

    public FakeCodex(Arguments arguments)
    {
        var words = arguments.Words;
        _exec = words is ["exec", ..];
        _json = arguments.Has("--json");
        _model = arguments["--model", "-m"] ?? "gpt-6-sol";
        _folder = arguments["-C", "--cd"] ?? Cwd;
        JsonlFile.Ephemeral = arguments.Has("--ephemeral");
        if (_exec)
        {
            words.RemoveAt(0);
        }

        if (words is ["resume" or "fork", ..])
        {
            var id = words.Count > 1 ? words[1] : "";
            var found = Directory.Exists(Sessions) ? Directory.EnumerateFiles(Sessions, $"rollout-*-{id}.jsonl", SearchOption.AllDirectories).LastOrDefault() : null;
            if (id.Length == 0 || found is null)
            {
                throw new Refusal($"Error: thread/resume failed: no rollout found for thread id {id}");
            }

            _id = words[0] == "fork" ? Guid.CreateVersion7().ToString() : id;
            Lock(_id);
            Recall(found, words[0] == "fork" ? id : null);
            FirstPrompt = PromptOf(_exec, words.Count > 2 ? words[2] : "");
        }
        else
        {
            _id = Guid.CreateVersion7().ToString();
            Lock(_id);
            FirstPrompt = PromptOf(_exec, words.FirstOrDefault());
        }
    }

    private string Sessions => Path.Join(_home, "sessions");

    public override bool Headless => _exec;

    protected override string FirstPrompt { get; }

    protected override string Prompt => "›";

    /// <summary>flock'ed from the start on; the file stays when the process is gone.</summary>
    private void Lock(string id)
    {
        var path = Path.Join(_home, "thread-writer-locks", $"{id}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            _held.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new Refusal($"Error: thread {id} already has an active writer");
        }
    }

    private void Recall(string path, string? forkedFrom)
    {
        var lines = File.ReadAllLines(path);
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("payload") is { ValueKind: JsonValueKind.Object } payload && payload.TryGetProperty("role", out var role))
            {
                Shown.Add($"{(role.GetString() == "user" ? "›" : "•")} {payload.GetProperty("content")[0].GetProperty("text")}");
            }
        }

        if (forkedFrom is null)
        {
            _rollout = new JsonlFile(path);
            _rollout.KeepOpen();
            _held.Add(_rollout);
            _ordinal = lines.Length;
            return;
        }

        Begin(forkedFrom);
        File.AppendAllLines(_rollout!.Path, lines);
    }

    /// <summary>Folder and name are the start in local time; the file comes with the first message.</summary>
    private void Begin(string? forkedFrom = null)
    {
        var now = DateTime.Now;
        _rollout = new JsonlFile(Path.Join(
            Sessions, now.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture), $"rollout-{now.ToString("yyyy-MM-dd'T'HH-mm-ss", CultureInfo.InvariantCulture)}-{_id}.jsonl"));
        _rollout.KeepOpen();
        _held.Add(_rollout);
        Line("session_meta", new Dictionary<string, object?>
        {
            ["session_id"] = _id,
            ["id"] = _id,
            ["forked_from_id"] = forkedFrom,
            ["timestamp"] = Now,
            ["cwd"] = _folder,
            ["originator"] = _exec ? "codex_exec" : "codex-tui",
            ["cli_version"] = "0.169.0",
            ["source"] = _exec ? "exec" : "cli",
            ["thread_source"] = "user",
            ["model_provider"] = "fake",
        });
    }

    private void Line(string type, object payload) => _rollout!.Append(new { timestamp = Now, ordinal = _ordinal++, type, payload });

    private void Event(object payload) => Line("event_msg", payload);

    /// <summary><c>codex queue --thread ID --message TEXT</c>: the real one keeps a database; a terminal that is idle looks into it.</summary>
    public static int QueueMessage(Arguments arguments)
    {
        var home = Environment.GetEnvironmentVariable("CODEX_HOME") is { Length: > 0 } set ? set : Path.Join(Home, ".codex");
        Directory.CreateDirectory(Path.Join(home, "fake-queue"));
        File.WriteAllText(Path.Join(home, "fake-queue", arguments["--thread"]!), arguments["--message"]!);
        return 0;
    }

    protected override string? FromOutside()
    {
        var path = Path.Join(_home, "fake-queue", _id);
        if (!File.Exists(path))
        {
            return null;
        }

        var text = File.ReadAllText(path);
        File.Delete(path);
        return text;
    }

    protected override string Pasted(string text) => $"[Pasted Content {text.Length} chars]";

    protected override void OnPrompt(string prompt)
    {
        if (_exec && _json)
        {
            Terminal.Write(JsonSerializer.Serialize(new { type = "thread.started", thread_id = _id }) + "\n" + JsonSerializer.Serialize(new { type = "turn.started" }) + "\n");
        }

        if (_rollout is null)
        {
            Begin();
        }

        _turn = Guid.CreateVersion7().ToString();
        Event(new { type = "task_started", turn_id = _turn, started_at = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), model_context_window = 258400 });
        Line("response_item", Message("user", "input_text", $"<environment_context>\n  <cwd>{_folder}</cwd>\n</environment_context>"));
        Line("turn_context", new { turn_id = _turn, cwd = _folder, approval_policy = "on-request", model = _model });
        OnUser(prompt);
    }

    private void OnUser(string prompt)
    {
        Line("response_item", Message("user", "input_text", prompt.Trim()));
        Event(new { type = "item_completed", thread_id = _id, turn_id = _turn, item = new { type = "UserMessage", content = new object[] { new { type = "text", text = prompt } } } });
    }

    private static object Message(string role, string kind, string text) => new { type = "message", role, content = new object[] { new { type = kind, text } } };

    protected override void OnToolCall(string callId, string command) =>
        Line("response_item", new { type = "function_call", name = "exec_command", arguments = JsonSerializer.Serialize(new { cmd = command }), call_id = callId });

    protected override void OnToolResult(string callId, string output) => Line("response_item", new { type = "function_call_output", call_id = callId, output });

    protected override void OnAnswer(string answer, long tokens, TimeSpan took)
    {
        Event(new { type = "item_completed", thread_id = _id, turn_id = _turn, item = new { type = "AgentMessage", content = new object[] { new { type = "Text", text = answer } } } });
        Line("response_item", Message("assistant", "output_text", answer));
        var usage = new { input_tokens = tokens - 3, output_tokens = 3, total_tokens = tokens };
        Event(new { type = "token_count", info = new { total_token_usage = usage, last_token_usage = usage, model_context_window = 258400 } });
        Event(new { type = "task_complete", turn_id = _turn, last_agent_message = answer, duration_ms = (long)took.TotalMilliseconds });
        var told = new Dictionary<string, object> { ["type"] = "agent-turn-complete", ["thread-id"] = _id, ["turn-id"] = _turn, ["cwd"] = Cwd, ["last-assistant-message"] = answer };
        SettingsHooks.Notify(Path.Join(_home, "config.toml"), JsonSerializer.Serialize(told));
    }

    /// <summary>Steers: the running request is dropped, and the turn goes on with both messages.</summary>
    protected override void OnQueued(string text)
    {
        OnUser(text);
        Restart(text);
    }

    /// <summary>A word that a menu is open for is chosen from it by Enter, and a message too long is refused.</summary>
    protected override bool Swallows(ref string input)
    {
        if (input.Length > 1 << 20)
        {
            Shown.Add($"■ Message exceeds the maximum length of 1048576 characters ({input.Length} provided).");
            return true;
        }

        if (!input.Split(' ', '\n')[^1].StartsWith('@'))
        {
            return false;
        }

        input += " ";
        return true;
    }

    protected override void OnSay(string text)
    {
        Line("response_item", Message("assistant", "output_text", text));
        if (_exec && _json)
        {
            Terminal.Write(JsonSerializer.Serialize(new { type = "item.completed", item = new { id = "item_0", type = "agent_message", text } }) + "\n");
        }
    }

    protected override void OnInterrupt() => Event(new { type = "turn_aborted", turn_id = _turn, reason = "interrupted" });

    protected override void OnError(string message)
    {
        Event(new { type = "task_complete", turn_id = _turn, last_agent_message = (string?)null, error = new { message, codex_error_info = "other" } });
    }

    protected override bool OnCommand(string name, string rest)
    {
        switch (name)
        {
            case "new":
                _id = Guid.CreateVersion7().ToString();
                Lock(_id);
                (_rollout, _ordinal, _title) = (null, 0, "");
                Shown.Clear();
                return true;
            case "compact" when _rollout is not null:
                Line("compacted", new { message = "a summary" });
                Shown.Add("• Context compacted · 0s");
                return true;
            case "compact":
                Shown.Add("■ nothing to compact");
                return true;
            case "rename" or "title":
                _title = rest;
                File.AppendAllText(Path.Join(_home, "session_index.jsonl"), JsonSerializer.Serialize(new { id = _id, thread_name = rest, updated_at = Now }) + "\n");
                return true;
            default:
                return false;
        }
    }

    protected override void PrintHeadless(string answer, bool failed)
    {
        if (!_json)
        {
            Terminal.Write(answer + "\n");
            return;
        }

        Terminal.Write((failed
            ? JsonSerializer.Serialize(new { type = "error", message = answer }) + "\n" + JsonSerializer.Serialize(new { type = "turn.failed", error = new { message = answer } })
            : JsonSerializer.Serialize(new { type = "item.completed", item = new { id = "item_1", type = "agent_message", text = answer } }) + "\n"
                + JsonSerializer.Serialize(new { type = "turn.completed", usage = new { input_tokens = 10 } })) + "\n");
    }

    protected override string Title()
    {
        var name = (_title.Length > 0 ? _title + " | " : "") + Path.GetFileName(_folder);
        return State switch
        {
            FakeState.Trust => "codex",
            FakeState.Busy => $"{"⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"[Tick % 10]} {name}",
            FakeState.Waiting => $"{(Tick / 6 % 2 == 0 ? "[ ! ]" : "[ . ]")} Action Required | {name}",
            _ => name,
        };
    }

    protected override IEnumerable<string> Screen()
    {
        yield return "  >_ OpenAI Codex (v0.169.0)";
        yield return $"     {_folder}";
        yield return "";
        if (State == FakeState.Trust && AsksLogin)
        {
            yield return "› 1. Sign in with ChatGPT";
            yield return "  2. Provide your own API key";
            yield break;
        }

        if (State == FakeState.Trust)
        {
            yield return "  Trust this folder?";
            yield return "› 1. Yes, continue";
            yield return "  2. No, quit";
            yield return "  Press enter to continue";
            yield break;
        }

        foreach (var line in Shown.TakeLast(12))
        {
            yield return line;
        }

        yield return "";
        if (State == FakeState.Waiting)
        {
            yield return "  Would you like to run the following command?";
            yield return $"  $ {Asked}";
            yield return "› 1. Yes, proceed (y)";
            yield return "  2. No, and tell Codex what to do differently (esc)";
            yield return "  Press enter to confirm or esc to cancel";
            yield break;
        }

        if (State == FakeState.Busy)
        {
            yield return $"• Working ({Tick / 12}s • esc to interrupt)";
            yield return "";
        }

        yield return Input.Length > 0 ? $"\e[1m›\e[0m {Input}" : "\e[1m›\e[0m \e[2mAsk Codex to do anything\e[0m";
        yield return "";
        yield return $"  GPT-6-Sol default · {_folder}";
        yield return "  ← for agents · ? for shortcuts";
    }

    public override void Dispose()
    {
        _held.ForEach(held => held.Dispose());
        base.Dispose();
    }
}
