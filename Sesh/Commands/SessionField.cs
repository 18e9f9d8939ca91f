using System.Globalization;
using Sesh.Output;
using Sesh.Sessions;

namespace Sesh.Commands;

/// <summary>The fields of a session as columns of <c>list --columns</c>, in the order in which help names them.</summary>
internal static class SessionField
{
    public static IReadOnlyList<string> Columns =>
    [
        "uuid", "name", "agent", "machine", "status", "cwd", "tags", "archived", "tmux-socket", "tmux-session", "tmux-window", "tmux-pane", "live",
        "autoRename", "summary", "lastAutoNameTurnCount", "contextPct", "filePath", "createdAt", "updatedAt", "originSeq", "deleted", "agentSessionId",
        "observedAt", "stale", "model", "parent", "transcript", "private", "meta", "conflicts", "lastActivity",
    ];

    /// <summary>The column's name as <see cref="Columns"/> has it; capitals and hyphens do not count, and the JSON name <c>turnStatus</c> means status.</summary>
    public static string? Named(string column)
    {
        var name = Plain(column);
        return name == "turnstatus" ? "status" : Columns.FirstOrDefault(c => Plain(c) == name);
    }

    /// <summary>Empty for none, <c>true</c> and <c>false</c>, tags joined by commas.</summary>
    public static string Text(SessionView view, string column)
    {
        var record = view.Record;
        return column switch
        {
            "uuid" => record.Uuid.ToString(),
            "name" => record.Name,
            "agent" => record.Agent,
            "machine" => record.Machine,
            "status" => SessionView.Word(view.TurnStatus),
            "cwd" => record.Cwd,
            "tags" => string.Join(',', record.Tags),
            "archived" => Text(record.Archived),
            "tmux-socket" => view.Tmux?.Socket ?? "",
            "tmux-session" => view.Tmux?.Session ?? "",
            "tmux-window" => view.Tmux?.Window ?? "",
            "tmux-pane" => view.Tmux?.Pane ?? "",
            "live" => Text(view.Live),
            "autoRename" => Text(record.AutoRename),
            "summary" => record.Summary,
            "lastAutoNameTurnCount" => Text(record.LastAutoNameTurnCount),
            "contextPct" => view.ContextPct is { } percent ? Text(percent) : "",
            "filePath" => view.FilePath,
            "createdAt" => Time(record.CreatedAt),
            "updatedAt" => Time(record.UpdatedAt),
            "originSeq" => Text(record.OriginSeq),
            "deleted" => Text(record.Deleted),
            "agentSessionId" => record.AgentSessionId,
            "observedAt" => Time(view.Row?.ObservedAt ?? 0),
            "stale" => Text(view.Stale),
            "model" => view.Model,
            "parent" => record.Parent?.ToString() ?? "",
            "transcript" => SessionView.Word(view.Transcript) ?? "",
            "private" => Text(record.Private),
            "meta" => string.Join(',', record.Meta.Select(m => $"{m.Key}={m.Value}")),
            "conflicts" => Text(record.Conflicts.Length),
            "lastActivity" => Time(view.LastActivity),
            _ => throw new ArgumentException($"no such column: {column}"),
        };
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(long milliseconds) => milliseconds == 0 ? "" : Timestamp.Of(milliseconds);
}
