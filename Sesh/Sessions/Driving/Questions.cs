using Sesh.Sync;

namespace Sesh.Sessions.Driving;

/// <summary>What an agent asks, and how to answer it.</summary>
internal static class Questions
{
    public const int ExitCode = 6;

    public static string Of(PaneState now) => now.Turn.PendingQuestion.Length > 0 ? now.Turn.PendingQuestion : now.Dialog ?? "an answer";

    /// <summary>It stood there before anything was typed.</summary>
    public static SeshException Standing(DrivenPane pane, PaneState now) => now.Dialog is { } dialog
        ? new("dialog", $"{pane.Agent.Name} {dialog}; nothing was typed", Answer(pane), ExitCode)
        : new("blocked", $"{pane.Agent.Name} waits for an answer; nothing was typed: {Of(now)}", Answer(pane), ExitCode);

    public static string Answer(DrivenPane pane) => $"answer it there (\"sesh resume {pane.Session}\"), or by \"sesh pane-keys {pane.Session} KEY\" after \"sesh pane-capture {pane.Session}\"";
}
