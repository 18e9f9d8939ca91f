using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>The record as JSON: the contract of <c>info</c>, <c>list</c> and <c>find</c>. Properties are added at the end, and none ever goes.</summary>
internal static class SessionJson
{
    public static IReadOnlyList<string> Fields =>
    [
        "uuid", "name", "agent", "machine", "cwd", "turnStatus", "archived", "autoRename", "summary", "lastAutoNameTurnCount", "contextPct", "filePath", "tmux",
        "createdAt", "updatedAt", "originSeq", "tags", "deleted", "agentSessionId", "live", "observedAt", "stale", "model", "parent", "transcript", "private",
        "meta", "conflicts",
    ];

    public static void Write(JsonWriter json, SessionView view)
    {
        var record = view.Record;
        json.StartObject();
        json.Property("uuid"u8, record.Uuid);
        json.Property("name"u8, record.Name);
        json.Property("agent"u8, record.Agent);
        json.Property("machine"u8, record.Machine);
        json.Property("cwd"u8, record.Cwd);
        json.Property("turnStatus"u8, SessionView.Word(view.TurnStatus));
        json.Property("archived"u8, record.Archived);
        json.Property("autoRename"u8, record.AutoRename);
        json.Property("summary"u8, record.Summary);
        json.Property("lastAutoNameTurnCount"u8, record.LastAutoNameTurnCount);
        json.Name("contextPct"u8);
        if (view.ContextPct is { } percent)
            json.Value(percent);
        else
            json.Null();
        json.Property("filePath"u8, view.FilePath);
        WriteTmux(json, view);
        json.TimeProperty("createdAt"u8, record.CreatedAt);
        json.TimeProperty("updatedAt"u8, record.UpdatedAt);
        json.Property("originSeq"u8, record.OriginSeq);
        json.Name("tags"u8);
        json.StartArray();
        foreach (var tag in record.Tags)
            json.Value(tag);
        json.EndArray();
        json.Property("deleted"u8, record.Deleted);

        json.Property("agentSessionId"u8, record.AgentSessionId.Length > 0 ? record.AgentSessionId : null);
        json.Property("live"u8, view.Live);
        json.TimeProperty("observedAt"u8, view.Row?.ObservedAt ?? 0);
        json.Property("stale"u8, view.Stale);
        json.Property("model"u8, view.Model.Length > 0 ? view.Model : null);
        json.Name("parent"u8);
        if (record.Parent is { } parent)
            json.Value(parent);
        else
            json.Null();
        json.Property("transcript"u8, SessionView.Word(view.Transcript));
        json.Property("private"u8, record.Private);
        json.Name("meta"u8);
        json.StartObject();
        foreach (var (key, value) in record.Meta)
        {
            json.Key(key);
            json.Value(value);
        }

        json.EndObject();
        WriteConflicts(json, record);
        json.EndObject();
    }

    /// <summary>The property <c>tmux</c>; null without a pane.</summary>
    public static void WriteTmux(JsonWriter json, SessionView view)
    {
        json.Name("tmux"u8);
        if (view.Tmux is not { } tmux)
        {
            json.Null();
            return;
        }

        json.StartObject();
        json.Property("socket"u8, tmux.Socket);
        json.Property("session"u8, tmux.Session);
        json.Property("window"u8, tmux.Window);
        json.Property("pane"u8, tmux.Pane);
        json.EndObject();
    }

    private static void WriteConflicts(JsonWriter json, SessionRecord record)
    {
        json.Name("conflicts"u8);
        json.StartArray();
        foreach (var conflict in record.Conflicts)
        {
            json.StartObject();
            json.Property("field"u8, FieldNames.Of(conflict.Field));
            json.Property("key"u8, conflict.Key);
            json.Name("value"u8);
            ValueJson.Write(json, conflict.Field, conflict.Value);
            json.Property("machine"u8, conflict.Machine);
            json.TimeProperty("at"u8, conflict.Hlc.Milliseconds);
            json.EndObject();
        }

        json.EndArray();
    }
}
