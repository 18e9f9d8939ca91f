using Sesh.Agents;
using Sesh.Output;
using Sesh.Sessions.Reading;

namespace Sesh.Commands;

internal static class EntriesView
{
    public static void Print(Printer output, IEnumerable<TranscriptEntry> entries)
    {
        if (output.Json)
        {
            Json(output, entries);
            return;
        }

        foreach (var entry in entries)
            output.Text(EntryText.Plain(Fitting(output, entry, out _)));
    }

    /// <summary>As much of it as is ever shown; where that is not all, it is said.</summary>
    public static TranscriptEntry Fitting(Printer output, TranscriptEntry entry, out bool isCut)
    {
        isCut = entry.Text.Length > TranscriptLimits.Reply;
        if (!isCut)
            return entry;
        output.Warning($"an entry is longer than {TranscriptLimits.Reply >> 20} million characters: this is its beginning", "--raw has all of it");
        return entry with { Text = TranscriptLimits.Cut(entry.Text, TranscriptLimits.Reply).ToString() };
    }

    public static void Json(Printer output, IEnumerable<TranscriptEntry> entries) => output.WriteJson(json =>
    {
        json.StartArray();
        foreach (var whole in entries)
        {
            var entry = Fitting(output, whole, out var isCut);
            json.StartObject();
            json.Property("role"u8, EntryText.RoleName(entry.Role));
            json.Property("text"u8, entry.Text);
            json.Property("truncated"u8, isCut);
            json.Property("tool"u8, entry.Tool.Length > 0 ? entry.Tool : null);
            json.TimeProperty("at"u8, entry.At);
            json.EndObject();
        }

        json.EndArray();
    });
}
