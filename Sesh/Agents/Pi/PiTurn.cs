using Sesh.Sync.Store;

namespace Sesh.Agents.Pi;

/// <summary>The turn status of a live pi: an extension's status file, or that it was started for one turn, else the screen, else the session file.</summary>
internal static class PiTurn
{
    public static TurnReading Read(LiveAgent live, PaneView? pane, TranscriptFacts? facts, long now)
    {
        var said = live.Evidence.FirstOrDefault(evidence => evidence is { Fact: "turnStatus", Source: "status file" or "reporter" or "stamp" });
        if (said?.Value is "busy" or "idle")
        {
            return new TurnReading(said.Value == "busy" ? TurnStatus.Busy : TurnStatus.Idle, "", [said]);
        }

        if (pane is not null)
        {
            return OfScreen(pane, now);
        }

        // The prompt is written when it is sent, so an open turn in a known, live session is a turn that runs. A first turn is not written until it ends.
        return live.AgentId.Length == 0 ? new TurnReading(TurnStatus.Unknown, "", []) : facts?.LastTurn switch
        {
            TurnEnd.Open when ProcessTimes.IsYoungerThan(live, facts.LastActivity) => new TurnReading(
                TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "transcript", "the last turn was cut off: nothing was written since before this process was started", facts.LastActivity)]),
            TurnEnd.Open => new TurnReading(TurnStatus.Busy, "", [new Evidence("turnStatus", "busy", "transcript", "a prompt without its answer, and a live process", facts.LastActivity)]),
            TurnEnd.Ended or TurnEnd.Interrupted or TurnEnd.Failed => new TurnReading(TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "transcript", "the last turn has ended", facts.LastActivity)]),
            _ => new TurnReading(TurnStatus.Unknown, "", []),
        };
    }

    private static TurnReading OfScreen(PaneView pane, long now)
    {
        var lines = ScreenText.FromBelow(pane.Screen());
        if ((ScreenText.Line(lines, 16, "Trust project folder?") ?? AsksForFolder(pane.Title, lines)) is { } question)
        {
            return new TurnReading(TurnStatus.Blocked, question, [new Evidence("turnStatus", "blocked", "screen", question, now)]);
        }

        if (lines.FirstOrDefault(IsWorkingBorder) is { } busy)
        {
            return new TurnReading(TurnStatus.Busy, "", [new Evidence("turnStatus", "busy", "screen", busy[..Math.Min(busy.Length, 24)], now)]);
        }

        // Up is what shows its title and the two borders of its input box.
        return pane.Title.StartsWith('π') && lines.Count(line => line.StartsWith("────", StringComparison.Ordinal)) >= 2
            ? new TurnReading(TurnStatus.Idle, "", [new Evidence("turnStatus", "idle", "screen", "the input box is open and nothing works", now)])
            : new TurnReading(TurnStatus.Unknown, "", []);
    }

    /// <summary>Before it is up, by path and where the folder that the session file names is gone; null where it does not.</summary>
    public static string? AsksForFolder(string title, IReadOnlyList<string> lines) =>
        title.StartsWith('π') ? null : ScreenText.Line(lines, 16, "cwd from session file does not exist");

    /// <summary><c>── ⠏ Working ───</c>, or another word in the same place.</summary>
    private static bool IsWorkingBorder(string line) => line.StartsWith("── ", StringComparison.Ordinal) && ScreenText.Spins(line.AsSpan(3)) && line.EndsWith('─');
}
