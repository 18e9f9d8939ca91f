using Sesh.Sync.Store;

namespace Sesh.Agents.Reports;

/// <summary>What a hook's telling means for what is held of its process. Pure.</summary>
internal static class HookRules
{
    /// <summary>
    /// Claude Code. There is no Stop after Esc and none on a declined permission, so nothing here is true for ever: see <see cref="ReportedTurn"/>. One question is told by two
    /// or three hooks at once, in any order: the first one's words stand until the turn goes on, for the others are vaguer.
    /// </summary>
    /// <param name="last">What was told of that process before; null for nothing.</param>
    /// <returns>What to hold now; <paramref name="last"/> itself where the telling means nothing; null where the process holds no session any more.</returns>
    public static Report? Claude(Report? last, HookEvent told, int pid, long start, long now)
    {
        if (told.SubAgent.Length > 0 || !Report.IsId(told.SessionId) || !Report.IsId(told.Name))
            return last;
        var same = last is not null && last.AgentId == told.SessionId ? last : null;
        Report Now(TurnStatus status, string question = "") => new("claude", pid, start, now, status, told.Name, told.SessionId, Line(question));
        Report Asks(string question) => same is { Status: TurnStatus.Blocked } ? same : Now(TurnStatus.Blocked, question);
        switch (told.Name)
        {
            case "UserPromptSubmit" or "PostToolUse" or "PostToolUseFailure":
                return Now(TurnStatus.Busy);
            case "Stop":
                return Now(TurnStatus.Idle);
            case "PreToolUse" when told.Tool is "AskUserQuestion" or "ExitPlanMode":
                return Asks(told.Input.Length > 0 && told.Tool == "AskUserQuestion" ? told.Input : told.Tool == "ExitPlanMode" ? "approve the plan" : told.Tool);
            case "PermissionRequest":
                return Asks(told.Input.Length > 0 ? $"{told.Tool}: {told.Input}" : told.Tool);
            case "Notification" when IsQuestion(told):
                return Asks(told.Message);
            case "Notification" when told.NotificationType == "idle_prompt":
                return Now(TurnStatus.Idle);
            case "SessionStart" when told.Source == "compact":
                // In the middle of a turn as well as by /compact: the id may be new, whose turn it is stays.
                return last is null ? Now(TurnStatus.Unknown) : last with { AgentId = told.SessionId };
            case "SessionStart":
                return Now(TurnStatus.Idle);
            case "SessionEnd" when told.Reason is not ("clear" or "resume"):
                return null;
            default:
                return last;
        }
    }

    /// <summary>Codex tells the end of a turn and nothing else.</summary>
    public static Report? Codex(Report? last, HookEvent told, int pid, long start, long now) =>
        told.Name == "agent-turn-complete" && Report.IsId(told.SessionId) ? new Report("codex", pid, start, now, TurnStatus.Idle, told.Name, told.SessionId, "") : last;

    /// <summary>The reminder that it waits for input is no question.</summary>
    private static bool IsQuestion(HookEvent told) => told.NotificationType switch
    {
        "permission_prompt" or "elicitation_dialog" => true,
        "" => told.Message.Contains("permission", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static string Line(string text)
    {
        var line = ToolBrief.OneLine(text);
        return line.Length <= Report.LongestQuestion ? line : line[..Report.LongestQuestion];
    }
}
