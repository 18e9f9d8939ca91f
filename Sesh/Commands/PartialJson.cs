using Sesh.Output;

namespace Sesh.Commands;

/// <param name="Code">Of what keeps it from being asked, as in the JSON of errors.</param>
internal sealed record Unreachable(string Machine, string Code, string Message, string? Hint);

/// <summary>An answer of several machines, some of which could not be asked: never a silently shorter list.</summary>
internal static class PartialJson
{
    /// <param name="results">Writes what there is, as one value.</param>
    public static void Write(JsonWriter json, IReadOnlyList<Unreachable> unreachable, Action results)
    {
        if (unreachable.Count == 0)
        {
            results();
            return;
        }

        json.StartEnvelope();
        json.Name("results"u8);
        results();
        json.Name("unreachable"u8);
        json.StartArray();
        foreach (var away in unreachable)
        {
            json.StartEnvelope();
            json.Property("machine"u8, away.Machine);
            json.Property("code"u8, away.Code);
            json.Property("message"u8, away.Message);
            json.Property("hint"u8, away.Hint);
            json.EndEnvelope();
        }

        json.EndArray();
        json.EndEnvelope();
    }
}
