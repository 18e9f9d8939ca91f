using System.Text.Json;

namespace Sesh.Agents.Pi;

/// <summary>Context windows of the models that the user configured in <c>models.json</c>: session files do not name them. Read when first asked for.</summary>
internal sealed class ModelWindows(string path)
{
    private readonly Lazy<Dictionary<string, long>> _windows = new(() => Load(path));

    public long? Of(string model) => _windows.Value.TryGetValue(model, out var window) ? window : null;

    private static Dictionary<string, long> Load(string path)
    {
        var windows = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            using var stream = TranscriptStream.Open(path);
            using var json = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (Member(json.RootElement, "providers") is { ValueKind: JsonValueKind.Object } providers)
            {
                foreach (var provider in providers.EnumerateObject())
                {
                    Take(provider.Value, windows);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            // Without the file windows are unknown, and so is the share of the context in use.
        }

        return windows;
    }

    private static void Take(JsonElement provider, Dictionary<string, long> windows)
    {
        if (Member(provider, "models") is not { ValueKind: JsonValueKind.Array } models)
        {
            return;
        }

        foreach (var model in models.EnumerateArray())
        {
            if (Member(model, "id") is { ValueKind: JsonValueKind.String } id && Member(model, "contextWindow") is { ValueKind: JsonValueKind.Number } window && window.TryGetInt64(out var tokens))
            {
                windows[id.GetString()!] = tokens;
            }
        }
    }

    private static JsonElement? Member(JsonElement from, string name) => from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var member) ? member : null;
}
