namespace Sesh.Tests.Agents;

/// <summary>Lines as pi 0.87 writes them, cut to what is told here.</summary>
internal static class PiLines
{
    public const string Session = """{"type":"session","version":3,"id":"my-fix","timestamp":"2026-11-22T21:50:55.977Z","cwd":"/src/a"}""";

    public static string Message(string id, string? parent, string message) =>
        "{\"type\":\"message\",\"id\":\"" + id + "\",\"parentId\":" + ClaudeLines.Quote(parent) + ",\"timestamp\":\"2026-11-22T21:50:57.291Z\",\"message\":" + message + "}";

    public static string User(string id, string? parent, string text) => Message(id, parent, "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":" + ClaudeLines.Quote(text) + "}]}");

    public static string Assistant(string id, string? parent, string text, string stop = "stop", long tokens = 1447) => Message(id, parent,
        "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":" + ClaudeLines.Quote(text) + "}],\"model\":\"fake-model\",\"usage\":{\"input\":1,\"totalTokens\":" + tokens + "},\"stopReason\":\"" + stop + "\"}");

    public static string Call(string id, string? parent) => Message(id, parent,
        """{"role":"assistant","content":[{"type":"toolCall","id":"c1","name":"bash","arguments":{"command":"echo hi"}}],"usage":{"totalTokens":5},"stopReason":"toolUse"}""");

    public static string Result(string id, string? parent) => Message(id, parent,
        """{"role":"toolResult","toolCallId":"c1","toolName":"bash","content":[{"type":"text","text":"hi"}],"isError":false}""");
}
