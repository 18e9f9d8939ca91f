using Sesh.Output;
using Sesh.Sync.Store;

namespace Sesh.Commands;

internal static class TmuxJson
{
    /// <summary>Null without a pane.</summary>
    public static void Write(JsonWriter json, TmuxPlace? place)
    {
        if (place is null)
        {
            json.Null();
            return;
        }

        json.StartObject();
        json.Property("socket"u8, place.Socket);
        json.Property("session"u8, place.Session);
        json.Property("window"u8, place.Window);
        json.Property("pane"u8, place.Pane);
        json.EndObject();
    }
}
