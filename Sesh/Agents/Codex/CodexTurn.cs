using Sesh.Sync.Store;

namespace Sesh.Agents.Codex;

/// <summary>The turn status of a live codex: title, else screen, else rollout. That it is live is the lock's part of the evidence.</summary>
internal static class CodexTurn
{
    public static TurnReading Read(LiveAgent live, PaneView? pane, TranscriptFacts? facts, long now)
    {
        if (pane is not null && !live.Background)
        {
            return OfTitle(live, pane, facts, now) is { } titled && (titled.Status != TurnStatus.Idle || !ShowsChoices(ScreenText.FromBelow(pane.Screen()))) ? titled : OfScreen(pane, facts, now);
        }

        return facts?.LastTurn switch
        {
            TurnEnd.Open when ProcessTimes.IsYoungerThan(live, facts.LastActivity) => new TurnReading(
                TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "transcript", "the last turn was cut off: nothing was written since before this process was started", facts.LastActivity)]),
            TurnEnd.Open => new TurnReading(TurnStatus.Busy, "", [new Evidence("turnStatus", "busy", "transcript", "a turn is begun and not ended, and a live process holds the thread", facts.LastActivity)]),
            TurnEnd.Ended or TurnEnd.Interrupted or TurnEnd.Failed => new TurnReading(TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "transcript", "the last turn has ended", facts.LastActivity)]),
            _ => new TurnReading(TurnStatus.Unknown, "", []),
        };
    }

    private static TurnReading? OfTitle(LiveAgent live, PaneView pane, TranscriptFacts? facts, long now)
    {
        if (pane.Title.Contains("Action Required", StringComparison.Ordinal))
        {
            var lines = ScreenText.FromBelow(pane.Screen());
            return new TurnReading(TurnStatus.Blocked, Question(lines, facts), [new Evidence("turnStatus", "blocked", "title", pane.Title, now)]);
        }

        if (ScreenText.Spins(pane.Title))
        {
            return new TurnReading(TurnStatus.Busy, "", [new Evidence("turnStatus", "busy", "title", pane.Title, now)]);
        }

        // A title that ends with the folder is codex's own, without a spinner: idle, unless the rollout has a turn open (then titles may be switched off).
        var folder = Path.GetFileName(live.Cwd);
        var own = folder.Length > 0 && (pane.Title == folder || pane.Title.EndsWith($"| {folder}", StringComparison.Ordinal));
        return own && facts?.LastTurn is TurnEnd.Ended or TurnEnd.Interrupted or TurnEnd.Failed
            ? new TurnReading(TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "title", pane.Title, now)])
            : null;
    }

    private static TurnReading OfScreen(PaneView pane, TranscriptFacts? facts, long now)
    {
        var lines = ScreenText.FromBelow(pane.Screen());
        if (ScreenText.Line(lines, 6, "esc to interrupt") is { } busy)
        {
            return new TurnReading(TurnStatus.Busy, "", [new Evidence("turnStatus", "busy", "screen", busy, now)]);
        }

        if (ScreenText.Line(lines, 3, "Press enter to confirm", "enter to submit", "press enter to continue", "enter continue", "enter/esc confirm", "r retry") is { } dialog)
        {
            return new TurnReading(TurnStatus.Blocked, Question(lines, facts), [new Evidence("turnStatus", "blocked", "screen", dialog, now)]);
        }

        if (ShowsChoices(lines))
        {
            var choice = lines.First(IsChosen);
            var asked = lines.Take(12).FirstOrDefault(line => line.TrimEnd().EndsWith('?'))?.Trim() ?? "a choice from a list";
            return new TurnReading(TurnStatus.Blocked, asked, [new Evidence("turnStatus", "blocked", "screen", choice, now)]);
        }

        return lines.Take(6).FirstOrDefault(line => line.StartsWith('›')) is { } prompt
            ? new TurnReading(TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "screen", prompt, now)])
            : new TurnReading(TurnStatus.Unknown, "", []);
    }

    /// <summary>A list in the input box's place, of which no title tells: the lowest line with the prompt's sign is one of several numbered ones.</summary>
    private static bool ShowsChoices(IReadOnlyList<string> fromBelow)
    {
        var low = fromBelow.Take(12).ToList();
        return low.FirstOrDefault(line => line.StartsWith('›')) is { } lowest && IsChosen(lowest)
            && low.Exists(line => line.TrimStart() is [>= '1' and <= '9', '.', ' ', ..] && line.StartsWith("  ", StringComparison.Ordinal));
    }

    private static bool IsChosen(string line) => line is ['›', ' ', >= '1' and <= '9', '.', ' ', ..];

    /// <summary>The question on the screen with the command it is about; without one the call that the rollout leaves open.</summary>
    private static string Question(IReadOnlyList<string> fromBelow, TranscriptFacts? facts)
    {
        var question = fromBelow.Take(24).FirstOrDefault(line => line.TrimEnd().EndsWith('?'))?.Trim() ?? "";
        var command = fromBelow.Take(24).FirstOrDefault(line => line.TrimStart().StartsWith("$ ", StringComparison.Ordinal))?.Trim() ?? facts?.PendingTool ?? "";
        return question.Length > 0 && command.Length > 0 ? $"{question} {command}" : question + command;
    }
}
