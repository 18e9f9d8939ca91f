namespace Sesh.Tests.Agents;

/// <summary>Lines as Claude Code 2.1 writes them, cut to what is told here.</summary>
internal static class ClaudeLines
{
    public const string Id = "22222222-2222-4222-8222-222222222222";
    private const string Tail = "\"userType\":\"external\",\"cwd\":\"/src/my_app.v1\",\"sessionId\":\"" + Id + "\",\"version\":\"2.1.330\",\"gitBranch\":\"main\"}";

    public static string User(string text, string uuid = "u1", string? parent = null, string extra = "") =>
        $$$"""{"parentUuid":{{{Quote(parent)}}},"isSidechain":false,{{{extra}}}"type":"user","message":{"role":"user","content":{{{Quote(text)}}}},"uuid":"{{{uuid}}}","timestamp":"2026-11-22T21:50:36.235Z",{{{Tail}}}""";

    public static string Assistant(string text, string stop = "end_turn", string message = "m1", long input = 1747, string extra = "") =>
        $$$"""{"parentUuid":"u1","isSidechain":false,{{{extra}}}"message":{"id":"{{{message}}}","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":[{"type":"text","text":{{{Quote(text)}}}}],"stop_reason":{{{(stop.Length == 0 ? "null" : Quote(stop))}}},"usage":{"input_tokens":{{{input}}},"cache_creation_input_tokens":10,"cache_read_input_tokens":20,"output_tokens":3}},"type":"assistant","uuid":"a{{{message}}}","timestamp":"2026-11-22T21:50:39.380Z",{{{Tail}}}""";

    public static string ToolUse(string id, string name, string input, string message = "m1") =>
        $$$"""{"parentUuid":"u1","isSidechain":false,"message":{"id":"{{{message}}}","role":"assistant","model":"claude-sonnet-5-5","content":[{"type":"tool_use","id":"{{{id}}}","name":"{{{name}}}","input":{{{input}}}}],"stop_reason":"tool_use","usage":{"input_tokens":1}},"type":"assistant","uuid":"t{{{id}}}","timestamp":"2026-11-22T21:50:40.000Z",{{{Tail}}}""";

    public static string ToolResult(string id, string text) =>
        $$$"""{"parentUuid":"t{{{id}}}","isSidechain":false,"type":"user","message":{"role":"user","content":[{"tool_use_id":"{{{id}}}","type":"tool_result","content":{{{Quote(text)}}},"is_error":false}]},"uuid":"r{{{id}}}","timestamp":"2026-11-22T21:50:41.000Z",{{{Tail}}}""";

    public static string Quote(string? text) => text is null ? "null" : $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
