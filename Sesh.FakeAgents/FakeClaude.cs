using System.Text.Json;

namespace Sesh.FakeAgents;

internal sealed partial class FakeClaude : FakeAgent
{
    public static readonly string[] WithValue =
        ["--session-id", "--resume", "-r", "--name", "-n", "--model", "--output-format", "--permission-mode", "--settings", "--system-prompt", "--tools", "--allowedTools", "--append-system-prompt", "--mcp-config", "--add-dir", "--disallowedTools"];

    private readonly string _configuration = Environment.GetEnvironmentVariable("CLAUDE_CONFIG_DIR") is { Length: > 0 } set ? set : Path.Join(Home, ".claude");
    private readonly string _statusFile;
    private readonly string _model, _format;
    private readonly long _startedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private JsonlFile _file;
    private string _id, _name;
    private string? _leaf;
    private int _message;
    private bool _begun, _told;

    public FakeClaude(Arguments arguments)
    {
        Headless = arguments.Has("-p", "--print");
        FirstPrompt = PromptOf(Headless, arguments.Words.FirstOrDefault());
        JsonlFile.Ephemeral = arguments.Has("--no-session-persistence");
        _model = arguments["--model"] is { } model && model.StartsWith("claude-", StringComparison.Ordinal) ? model : $"claude-{arguments["--model"] ?? "sonnet"}-5-5";
        _format = arguments["--output-format"] ?? "text";
        _name = arguments["--name", "-n"] ?? "";
        _statusFile = Path.Join(_configuration, "sessions", $"{Environment.ProcessId}.json");
        _id = arguments["--session-id"] ?? Guid.NewGuid().ToString();
        var found = Directory.Exists(Projects) ? Directory.EnumerateFiles(Projects, $"{arguments["--resume", "-r"] ?? _id}.jsonl", SearchOption.AllDirectories).FirstOrDefault() : null;
        if (arguments["--resume", "-r"] is { } resumed)
        {
            _file = new JsonlFile(found ?? throw new Refusal($"No conversation found with session ID: {resumed}"));
            _begun = true;
            _id = resumed;
            Recall();
            if (arguments.Has("--fork-session"))
            {
                Fork();
            }

            return;
        }

        _file = found is null ? new JsonlFile(FileOf(_id)) : throw new Refusal($"Error: Session ID {_id} is already in use.");
    }

    /// <summary>The real one runs them beside its work; here the work waits, so that their order is the order of what happened.</summary>
    private void Hook(string name, string tool = "", object? input = null, string source = "", string reason = "", string type = "", string message = "")
    {
        var told = new Dictionary<string, object> { ["session_id"] = _id, ["transcript_path"] = _file.Path, ["cwd"] = Cwd, ["hook_event_name"] = name };
        foreach (var (key, value) in new (string, object?)[] { ("tool_name", tool), ("tool_input", input), ("source", source), ("reason", reason), ("notification_type", type), ("message", message) })
        {
            if (value is not (null or ""))
            {
                told[key] = value;
            }
        }

        SettingsHooks.Run(Path.Join(_configuration, "settings.json"), name, tool, JsonSerializer.SerializeToUtf8Bytes(told));
    }

    private string Projects => Path.Join(_configuration, "projects");

    public override bool Headless { get; }

    protected override string FirstPrompt { get; }

    protected override string Prompt => "❯";

    private string FileOf(string id) => Path.Join(Projects, string.Concat(RealPath(Cwd).Select(unit => char.IsAsciiLetterOrDigit(unit) ? unit : '-')), $"{id}.jsonl");

    private void Recall()
    {
        foreach (var line in File.ReadLines(_file.Path))
        {
            using var json = JsonDocument.Parse(line);
            _leaf = json.RootElement.TryGetProperty("uuid", out var uuid) ? uuid.GetString() : _leaf;
            _name = json.RootElement.TryGetProperty("customTitle", out var title) ? title.GetString()! : _name;
            if (json.RootElement.TryGetProperty("message", out var message) && message.TryGetProperty("content", out var content))
            {
                Shown.Add(content.ValueKind == JsonValueKind.String ? $"❯ {content}" : content[0].TryGetProperty("text", out var text) ? $"● {text}" : "●");
            }
        }
    }

    /// <summary>As the real one: the conversation copied to a new file, message ids kept, session id rewritten.</summary>
    private void Fork()
    {
        var (lines, old) = (File.ReadAllLines(_file.Path), _id);
        _id = Guid.NewGuid().ToString();
        _file = new JsonlFile(FileOf(_id));
        File.WriteAllLines(_file.Path, lines.Select(line => line.Replace(old, _id)));
    }

    protected override void OnPrompt(string prompt)
    {
        if (Headless && _format == "stream-json")
        {
            Terminal.Write(JsonSerializer.Serialize(new { type = "system", subtype = "init", cwd = Cwd, session_id = _id, model = _model }) + "\n");
        }

        if (!_begun && _name.Length > 0)
        {
            WriteTitle();
        }

        var first = !_begun;
        _begun = true;
        Hook("UserPromptSubmit");
        var uuid = Guid.NewGuid().ToString();
        _file.Append(new
        {
            parentUuid = _leaf,
            isSidechain = false,
            promptId = Guid.NewGuid(),
            type = "user",
            message = new { role = "user", content = prompt },
            uuid,
            timestamp = Now,
            userType = "external",
            entrypoint = "cli",
            cwd = Cwd,
            sessionId = _id,
            version = "2.1.330",
            gitBranch = "main",
        });
        _leaf = uuid;
        if (first)
        {
            _file.Append(new { parentUuid = uuid, isSidechain = false, attachment = new { type = "environment", snapshot = new { workingDirectory = Cwd } }, type = "attachment", uuid = Guid.NewGuid(), timestamp = Now, cwd = Cwd, sessionId = _id });
        }
    }

    private void WriteTitle()
    {
        _file.Append(new { type = "custom-title", customTitle = _name, sessionId = _id });
        _file.Append(new { type = "agent-name", agentName = _name, sessionId = _id });
    }

    protected override void OnToolCall(string callId, string command)
    {
        Assistant(new object[] { new { type = "tool_use", id = callId, name = "Bash", input = new { command, description = "fake call" } } }, "tool_use", 1000);
        Hook("PreToolUse", "Bash", new { command });
    }

    protected override void OnQuestion(string command)
    {
        Hook("PermissionRequest", "Bash", new { command });
        Hook("Notification", type: "permission_prompt", message: "Claude needs your permission");
    }

    protected override void OnToolResult(string callId, string output)
    {
        User(new object[] { new { tool_use_id = callId, type = "tool_result", content = output, is_error = false } });
        Hook("PostToolUse", "Bash");
    }

    protected override void OnAnswer(string answer, long tokens, TimeSpan took)
    {
        Assistant(new object[] { new { type = "text", text = answer } }, "end_turn", tokens);
        _file.Append(Headless
            ? new { type = "last-prompt", lastPrompt = FirstPrompt, leafUuid = _leaf, sessionId = _id }
            : new { parentUuid = _leaf, isSidechain = false, type = "system", subtype = "turn_duration", durationMs = (long)took.TotalMilliseconds, timestamp = Now, uuid = Guid.NewGuid(), isMeta = false, cwd = Cwd, sessionId = _id });
        Hook("Stop");
    }

    /// <summary>Before any output nothing is written; after a declined tool the interruption is.</summary>
    protected override void OnInterrupt()
    {
        if (Asked is not null || HasSaid)
        {
            User(new object[] { new { type = "text", text = Asked is null ? "[Request interrupted by user]" : "[Request interrupted by user for tool use]" } });
        }
    }

    protected override bool TakesBack => true;

    protected override void OnSay(string text)
    {
        Stream(text);
        Assistant(new object[] { new { type = "text", text } }, "tool_use", 1000);
    }

    protected override void OnQueued(string text)
    {
        _file.Append(new { type = "queue-operation", operation = "enqueue", timestamp = Now, sessionId = _id, content = text });
        base.OnQueued(text);
    }

    protected override void OnDequeued() => _file.Append(new { type = "queue-operation", operation = "dequeue", timestamp = Now, sessionId = _id });

    protected override void OnError(string message) => Assistant(new object[] { new { type = "text", text = message } }, "stop_sequence", 0, apiError: true);

    private void Assistant(object[] content, string stopReason, long tokens, bool apiError = false)
    {
        var uuid = Guid.NewGuid().ToString();
        _file.Append(new
        {
            parentUuid = _leaf,
            isSidechain = false,
            message = new
            {
                id = $"msg_fake_{Environment.ProcessId}_{++_message}",
                type = "message",
                role = "assistant",
                model = apiError ? "<synthetic>" : _model,
                content,
                stop_reason = stopReason,
                usage = new { input_tokens = tokens, cache_creation_input_tokens = 0, cache_read_input_tokens = 0, output_tokens = 3 },
            },
            isApiErrorMessage = apiError,
            type = "assistant",
            uuid,
            timestamp = Now,
            cwd = Cwd,
            sessionId = _id,
            version = "2.1.330",
        });
        _leaf = uuid;
    }

    private void User(object[] content)
    {
        var uuid = Guid.NewGuid().ToString();
        _file.Append(new { parentUuid = _leaf, isSidechain = false, type = "user", message = new { role = "user", content }, uuid, timestamp = Now, cwd = Cwd, sessionId = _id, version = "2.1.330" });
        _leaf = uuid;
    }

    protected override bool OnCommand(string name, string rest)
    {
        switch (name)
        {
            case "clear":
                Hook("SessionEnd", reason: "clear");
                _id = Guid.NewGuid().ToString();
                _file = new JsonlFile(FileOf(_id));
                (_leaf, _begun) = (null, false);
                Shown.Clear();
                Hook("SessionStart", source: "clear");
                return true;
            case "compact":
                Compact();
                return true;
            case "rename":
                _name = rest;
                WriteTitle();
                return true;
            case "title":
                _file.Append(new { type = "ai-title", aiTitle = rest, sessionId = _id });
                return true;
            default:
                return false;
        }
    }

    private void Compact()
    {
        var boundary = Guid.NewGuid().ToString();
        _file.Append(new { parentUuid = (string?)null, logicalParentUuid = _leaf, isSidechain = false, type = "system", subtype = "compact_boundary", content = "Conversation compacted", uuid = boundary, timestamp = Now, cwd = Cwd, sessionId = _id });
        _leaf = boundary;
        User(new object[] { new { type = "text", text = "<command-name>/compact</command-name>" } });
        User(new object[] { new { type = "text", text = "<local-command-stdout>\e[2mCompacted\e[22m</local-command-stdout>" } });
        Shown.Add("Compacted");
    }

    /// <summary>Replaced as a whole, within the moment the state changes.</summary>
    protected override void OnState()
    {
        if (State == FakeState.Trust)
        {
            return;
        }

        if (!_told)
        {
            _told = true;
            Hook("SessionStart", source: _begun ? "resume" : "startup");
        }

        if (Environment.GetEnvironmentVariable("FAKE_NO_STATUS") == "1")
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_statusFile)!);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var start = File.ReadAllText("/proc/self/stat");
        var status = new Dictionary<string, object>
        {
            ["pid"] = Environment.ProcessId,
            ["sessionId"] = _id,
            ["cwd"] = Cwd,
            ["startedAt"] = _startedAt,
            ["procStart"] = start[(start.LastIndexOf(')') + 2)..].Split(' ')[19],
            ["version"] = "2.1.330",
            ["kind"] = Environment.GetEnvironmentVariable("FAKE_BACKGROUND") == "1" ? "bg" : "interactive",
            ["entrypoint"] = Headless ? "sdk-cli" : "cli",
            ["name"] = _name,
            ["status"] = State switch { FakeState.Busy => "busy", FakeState.Waiting => "waiting", _ => "idle" },
            ["updatedAt"] = now,
            ["statusUpdatedAt"] = now,
        };
        if (State == FakeState.Waiting)
        {
            status["waitingFor"] = "permission prompt";
        }

        File.WriteAllBytes(_statusFile + ".tmp", JsonSerializer.SerializeToUtf8Bytes(status));
        File.Move(_statusFile + ".tmp", _statusFile, overwrite: true);
    }

    protected override bool OnTrustRefused() => true;

    protected override void PrintHeadless(string answer, bool failed)
    {
        if (_format == "stream-json" && !failed)
        {
            Stream(answer);
        }

        Terminal.Write((_format is "json" or "stream-json"
            ? JsonSerializer.Serialize(new { type = "result", subtype = failed ? "error_during_execution" : "success", result = answer, session_id = _id, num_turns = 1, is_error = failed })
            : answer) + "\n");
    }

    /// <summary>A line of <c>stream-json</c>; before the first one the line that says how it begins.</summary>
    private void Stream(string text)
    {
        if (_format != "stream-json" || !Headless)
        {
            return;
        }

        Terminal.Write(JsonSerializer.Serialize(new { type = "assistant", message = new { role = "assistant", content = new object[] { new { type = "text", text } } }, parent_tool_use_id = (string?)null, session_id = _id }) + "\n");
    }

    public override void Dispose()
    {
        Hook("SessionEnd", reason: "other");
        File.Delete(_statusFile);
        base.Dispose();
    }
}
