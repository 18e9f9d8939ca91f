using Sesh.Sync.Store;

namespace Sesh.Agents.Claude;

/// <summary>The turn status of a live claude: status file, else title, else screen, else transcript.</summary>
internal static class ClaudeTurn
{
    public static TurnReading Read(LiveAgent live, PaneView? pane, TranscriptFacts? facts, long now)
    {
        if (OfStatusFile(live, facts) is { } said)
        {
            return said;
        }

        if (pane is not null && OfPane(pane, facts, now) is { } seen)
        {
            return seen;
        }

        // An open turn proves nothing: Esc before any output leaves the prompt as the last line.
        return facts?.LastTurn is TurnEnd.Ended or TurnEnd.Interrupted or TurnEnd.Failed
            ? new TurnReading(TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "transcript", "the last turn has ended", facts.LastActivity)])
            : new TurnReading(TurnStatus.Unknown, "", []);
    }

    private static TurnReading? OfStatusFile(LiveAgent live, TranscriptFacts? facts)
    {
        var said = live.Evidence.FirstOrDefault(evidence => evidence is { Fact: "turnStatus", Source: "status file" });
        return said?.Value switch
        {
            "busy" => new TurnReading(TurnStatus.Busy, "", [said]),
            "idle" => new TurnReading(TurnStatus.Idle, "", [said]),
            "waiting" => new TurnReading(TurnStatus.Blocked, Question(live.Evidence.FirstOrDefault(evidence => evidence.Fact == "pendingQuestion")?.Value, facts), [said]),
            _ => null,
        };
    }

    private static TurnReading? OfPane(PaneView pane, TranscriptFacts? facts, long now)
    {
        if (ScreenText.Spins(pane.Title))
        {
            return new TurnReading(TurnStatus.Busy, "", [new Evidence("turnStatus", "busy", "title", pane.Title, now)]);
        }

        // The star stands for idle and for waiting alike, and another title for one that is not up yet: the screen tells.
        var lines = ScreenText.FromBelow(pane.Screen());
        var inputBox = ScreenText.Line(lines, 3, "for shortcuts", "esc to interrupt") is not null;
        if (!inputBox && ScreenText.Line(lines, 12, "Do you want to", "Would you like to proceed", "Yes, I trust this folder", "Enter to confirm", "Enter to select", "Esc to cancel") is { } question)
        {
            return new TurnReading(TurnStatus.Blocked, Question(Asked(question), facts), [new Evidence("turnStatus", "blocked", "screen", question, now)]);
        }

        if (ScreenText.Line(lines, 4, "esc to interrupt") is { } busy)
        {
            return new TurnReading(TurnStatus.Busy, "", [new Evidence("turnStatus", "busy", "screen", busy, now)]);
        }

        return pane.Title.StartsWith('✳') && lines.Any(line => line.StartsWith('❯'))
            ? new TurnReading(TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "title", pane.Title, now)])
            : null;
    }

    /// <summary>An answer to choose tells a reader less than what it answers.</summary>
    private static string Asked(string line) => line.Contains("Yes, I trust this folder", StringComparison.OrdinalIgnoreCase) ? "Do you trust this folder?" : line;

    private static string Question(string? what, TranscriptFacts? facts) => facts?.PendingTool is { Length: > 0 } tool
        ? string.IsNullOrEmpty(what) ? tool : $"{what}: {tool}"
        : what ?? "";
}
