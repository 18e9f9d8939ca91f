using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sync.Store;

namespace Sesh.Commands;

/// <summary>A session's fields as people read them.</summary>
internal static class SessionCells
{
    /// <summary><c>● busy</c>, <c>○ detached</c>; an old observation with its age. Detached is said only where nothing can hold it.</summary>
    public static Cell Status(SessionView view)
    {
        if (view.Held is not { } held)
            return new Cell("? unknown", Style.Dim);
        var age = view.Stale ? $" {Age.Ago(held.AgeMs)}" : "";
        if (!view.Live)
            return new Cell((view.TurnStatus == TurnStatus.Unknown ? "? unknown" : "○ detached") + age, Style.Dim);
        var text = view.TurnStatus switch
        {
            TurnStatus.Busy => "◐ busy",
            TurnStatus.Blocked => "! blocked",
            TurnStatus.Idle => "● idle",
            _ => "● unknown",
        };
        var style = view.Stale ? Style.Dim : view.TurnStatus switch
        {
            TurnStatus.Busy => Style.Yellow,
            TurnStatus.Blocked => Style.Red,
            TurnStatus.Idle => Style.Green,
            _ => Style.Plain,
        };
        return new Cell(text + age, style);
    }

    /// <summary>A path below the user's home folder, by <c>~</c>.</summary>
    public static string Folder(string path, string? home) =>
        home is { Length: > 1 } && path.StartsWith(home, StringComparison.Ordinal) && (path.Length == home.Length || path[home.Length] == '/') ? "~" + path[home.Length..] : path;
}
