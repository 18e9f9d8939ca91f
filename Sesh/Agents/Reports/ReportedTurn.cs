using Sesh.Sync.Store;

namespace Sesh.Agents.Reports;

/// <summary>
/// The turn status of a live agent with what its hooks reported beside what else tells it. A report is exact when it is made and can be missing afterwards (no Stop
/// after Esc), so it outranks title and screen, and for a bounded time only where they positively say otherwise. Pure.
/// </summary>
internal static class ReportedTurn
{
    /// <summary>Younger, it is ahead of what the agent paints and writes; older, they count where they contradict it. Milliseconds.</summary>
    public const long AheadOfPane = 10_000;

    /// <summary>The same for questions: nothing is painted over them, and their screens are the ones that change most between versions.</summary>
    public const long QuestionAheadOfPane = 120_000;

    /// <summary>The agent's own status file is as exact, and behind by half a second at most.</summary>
    public const long AheadOfStatusFile = 2_000;

    /// <param name="own">By the agent's own rules; may look at the screen, so it is asked only where it can matter.</param>
    public static TurnReading Of(LiveAgent live, TranscriptFacts? facts, long now, Func<TurnReading> own)
    {
        if (live.Report is not { Status: not TurnStatus.Unknown } report)
            return own();
        if (report.Agent == "codex")
            return OfEnd(report, facts, own());
        if (StatusFile(live) is { } status)
        {
            var said = own();
            return said.Status == report.Status ? Agreed(report, said)
                : said.Status == TurnStatus.Unknown || (IsYounger(report, now, AheadOfStatusFile) && report.At >= status.At) ? Alone(report, said)
                : Outdone(report, said);
        }

        if (IsYounger(report, now, report.Status == TurnStatus.Blocked ? QuestionAheadOfPane : AheadOfPane))
            return Alone(report, null);
        var seen = own();
        return seen.Status == report.Status ? Agreed(report, seen)
            : seen.Status == TurnStatus.Unknown || IsOlderTranscript(seen, report) ? Alone(report, seen)
            : Outdone(report, seen);
    }

    /// <summary>Only ends are told: never against anything that shows a later start, and where there is nothing else to go by.</summary>
    private static TurnReading OfEnd(Report report, TranscriptFacts? facts, TurnReading said)
    {
        if (said.Status == TurnStatus.Idle)
            return Agreed(report, said);
        var startedSince = facts is { LastTurn: TurnEnd.Open } && facts.LastActivity > report.At;
        return said.Status == TurnStatus.Unknown && !startedSince ? Alone(report, said) : Outdone(report, said);
    }

    public static Evidence Evidence(Report report) => new("turnStatus", report.StatusWord, "reporter", report.Event, report.At);

    private static TurnReading Agreed(Report report, TurnReading said) =>
        said with { PendingQuestion = report.Question.Length > 0 ? report.Question : said.PendingQuestion, Evidence = [Evidence(report), .. said.Evidence] };

    private static TurnReading Alone(Report report, TurnReading? said) => new(report.Status, report.Question, [Evidence(report), .. said?.Evidence ?? []]);

    private static TurnReading Outdone(Report report, TurnReading said) => said with { Evidence = [.. said.Evidence, Evidence(report)] };

    private static Evidence? StatusFile(LiveAgent live) => live.Evidence.FirstOrDefault(e => e is { Fact: "turnStatus", Source: "status file" });

    // A report from the future is one from before the clock was set back.
    private static bool IsYounger(Report report, long now, long than) => now - report.At is >= -1000 and var age && age < than;

    /// <summary>A transcript says how its last turn ended, not that none began since.</summary>
    private static bool IsOlderTranscript(TurnReading seen, Report report) =>
        seen.Evidence.FirstOrDefault(e => e.Fact == "turnStatus") is { Source: "transcript" } evidence && evidence.At <= report.At;
}
