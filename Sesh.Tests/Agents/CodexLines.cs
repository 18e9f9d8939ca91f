namespace Sesh.Tests.Agents;

/// <summary>Lines as Codex 0.169 writes them, cut to what is told here.</summary>
internal static class CodexLines
{
    public const string Id = "01a2053d-7567-7e62-8e5e-2525d8b69a9f";

    public static string Line(string type, string payload, int second = 44) =>
        "{\"timestamp\":\"2026-11-22T21:50:" + second + ".228Z\",\"ordinal\":1,\"type\":\"" + type + "\",\"payload\":" + payload + "}";

    public static string Meta(string more = "", string id = Id) => Line("session_meta", "{\"id\":\"" + id + "\",\"cwd\":\"/src/a\",\"source\":\"cli\",\"thread_source\":\"user\"" + more + "}");

    public static string Event(string payload, int second = 45) => Line("event_msg", payload, second);

    public static string Started { get; } = Event("""{"type":"task_started","turn_id":"t","model_context_window":258400}""");

    public static string Complete(string text = "null") => Event("{\"type\":\"task_complete\",\"turn_id\":\"t\",\"last_agent_message\":" + text + "}", 47);

    public static string User(string text) => Line("response_item", "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":" + ClaudeLines.Quote(text) + "}]}");

    public static string Agent(string text) => Line("response_item", "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":" + ClaudeLines.Quote(text) + "}]}");

    public static string Tokens(long last) =>
        Event("{\"type\":\"token_count\",\"info\":{\"total_token_usage\":{\"total_tokens\":99999},\"last_token_usage\":{\"total_tokens\":" + last + "},\"model_context_window\":258400}}");
}
