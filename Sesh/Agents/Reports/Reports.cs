using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Agents.Reports;

/// <summary>Adds to agents that were seen alive what their hooks reported of them.</summary>
internal sealed class Reports(ReportFolder folder, TimeProvider time)
{
    private const long CleanUpEvery = 60_000;

    private readonly Dictionary<(string Agent, int Pid, string Id), Report?> _read = [];
    private long _cleaned;

    public LiveAgent On(LiveAgent live)
    {
        if (live.Background || Of(live) is not { } report)
            return live;
        // What a codex is told to notify names threads, hidden ones too: it never says which one a process shows.
        return live.Agent == "codex" ? live with { Report = report } : WithId(live with { Report = report }, report);
    }

    /// <summary>A new look begins: what was read for the last one may have changed.</summary>
    public void Renew() => _read.Clear();

    /// <summary>Now and then, what is of no use any more goes.</summary>
    public void CleanUp(IProcesses processes)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (now - _cleaned is >= 0 and < CleanUpEvery)
            return;
        _cleaned = now;
        try
        {
            folder.CleanUp(processes, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A read-only home, or somebody else cleans up at the same moment.
        }
    }

    private Report? Of(LiveAgent live)
    {
        var key = (live.Agent, live.Pid, live.AgentId);
        if (!_read.TryGetValue(key, out var report))
        {
            report = live.Agent == "codex" ? folder.OfThread(live.Agent, live.AgentId) : folder.OfProcess(live.Agent, live.Pid) is { } told && told.Start == live.Start ? told : null;
            _read[key] = report;
        }

        return report;
    }

    private LiveAgent WithId(LiveAgent live, Report report)
    {
        var said = new Evidence("agentSessionId", report.AgentId, "reporter", report.Event, report.At);
        if (report.AgentId == live.AgentId)
            return live with { Evidence = [said, .. live.Evidence] };
        // The status file changes with the session too, and is looked at as it is now.
        var isKnown = live.Evidence.Any(e => e is { Fact: "agentSessionId", Source: "status file" } && e.Value == live.AgentId && e.Value.Length > 0);
        var age = time.GetUtcNow().ToUnixTimeMilliseconds() - report.At;
        return isKnown && age is < -1000 or >= ReportedTurn.AheadOfStatusFile
            ? live with { Report = null, Evidence = [.. live.Evidence, said] }
            : live with { AgentId = report.AgentId, Evidence = [said, .. live.Evidence] };
    }
}
