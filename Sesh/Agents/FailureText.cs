using System.Text.Json;

namespace Sesh.Agents;

/// <summary>Why a turn failed, for a person: agents hand on what the model's server said, which may be JSON with a message in it.</summary>
internal static class FailureText
{
    public static string Of(string said) => Inside(said, levels: 4);

    private static string Inside(string said, int levels)
    {
        var from = said.IndexOf('{', StringComparison.Ordinal);
        if (from < 0 || levels == 0)
            return said;
        try
        {
            using var json = JsonDocument.Parse(said.AsMemory(from));
            var at = json.RootElement;
            if (at.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
                at = error;
            return at.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String && message.GetString() is { Length: > 0 } text
                ? said[..from] + Inside(text, levels - 1)
                : said;
        }
        catch (JsonException)
        {
            // A brace in a sentence.
            return said;
        }
    }
}
