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
            output.Text(EntryText.Plain(entry));
    }

    public static void Json(Printer output, IEnumerable<TranscriptEntry> entries) => output.WriteJson(json =>
    {
        json.StartArray();
        foreach (var entry in entries)
        {
            json.StartObject();
            json.Property("role"u8, EntryText.RoleName(entry.Role));
            json.Property("text"u8, entry.Text);
            json.Property("tool"u8, entry.Tool.Length > 0 ? entry.Tool : null);
            json.TimeProperty("at"u8, entry.At);
            json.EndObject();
        }

        json.EndArray();
    });
}
