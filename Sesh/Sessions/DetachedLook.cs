using Sesh.Agents;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>
/// Sessions that nothing holds. There may be ten thousand, and next to nothing happens to them: each is looked at when it has no row, when it was live before, and else
/// once a minute, a sixtieth of them for each second that passed since the last look. Transcripts that are not in the cache are read only while
/// there is time; what is left has no row yet, and its turn at the next look.
/// </summary>
internal sealed class DetachedLook(IReadOnlyList<IAgent> agents, FactsReader facts, Scene scene, RunnersAtWork runners, IReadOnlyList<Owned> owned, TimeProvider time, long now)
{
    private const int Slices = 60;

    /// <summary>Above this many, one listing of the folders is cheaper than looking for each.</summary>
    private const int FewEnoughToLocate = 8;

    private static readonly TimeSpan s_readingTime = TimeSpan.FromMilliseconds(50);

    private readonly List<Sighting> _unclear = [.. owned.Where(o => o.Record is null && o.Sighting.Agent is { AgentId.Length: 0, Background: false }).Select(o => o.Sighting)];
    private readonly List<LiveRow> _rows = [];
    private readonly List<(SessionRecord Record, LiveRow? Last)> _sought = [];
    private long _begun;

    public void Consider(SessionRecord record, LiveRow? last, long lastWalk)
    {
        if (last is null || last.Live)
        {
            _sought.Add((record, last));
            return;
        }

        if (!IsDue(record.Uuid, lastWalk))
        {
            // Only the doubt can have come or gone meanwhile.
            if (HasOtherStatus(record, last))
                _rows.Add(Row(record, last, null, null, keep: true));
        }
        else if (last.FilePath.Length == 0 || (TranscriptPlace.IsGone(last) && !File.Exists(last.FilePath)))
        {
            // Looking for what was not there costs a listing: only after a whole minute.
            if (now - lastWalk >= Slices * 1000)
                _sought.Add((record, last));
        }
        else
        {
            var agent = RowMaker.AgentOf(agents, record.Agent);
            var file = agent is null ? null : TranscriptFolder.File(agent.Name, last.FilePath, record.AgentSessionId);
            if (file is null)
                _sought.Add((record, last));
            else if (file.Size != last.FileSize || file.ModifiedAt != last.FileTime || HasOtherStatus(record, last))
                AddRow(agent!, record, last, file);
        }
    }

    public IReadOnlyList<LiveRow> Rows()
    {
        var listed = _sought.Count > FewEnoughToLocate ? ListAll() : null;
        foreach (var (record, last) in _sought)
        {
            var agent = RowMaker.AgentOf(agents, record.Agent);
            var file = agent is null || record.AgentSessionId.Length == 0 ? null
                : listed is null ? TranscriptPlace.Of(agent, record, null, last)
                : Listed(listed, agent, record);
            AddRow(agent, record, last, file);
        }

        _sought.Clear();
        return _rows;
    }

    /// <summary>One session, looked at whatever the hour.</summary>
    public LiveRow Look(SessionRecord record, LiveRow? last)
    {
        var agent = RowMaker.AgentOf(agents, record.Agent);
        var file = agent is null ? null : TranscriptPlace.Of(agent, record, null, last);
        var read = file is null ? null : facts(agent!, file, mayRead: true);
        return Row(record, last, file, read, keep: false);
    }

    private void AddRow(IAgent? agent, SessionRecord record, LiveRow? last, TranscriptFile? file)
    {
        if (_begun == 0)
            _begun = time.GetTimestamp();
        var read = file is null ? null : facts(agent!, file, mayRead: time.GetElapsedTime(_begun) < s_readingTime);
        // Unread for want of time: without a row it comes again. One that was live must be said to be detached now.
        if (file is null || read is not null || last is { Live: true })
            _rows.Add(Row(record, last, file, read, keep: false));
    }

    private bool IsDue(SessionId session, long lastWalk)
    {
        var slice = (long)(ulong)(session.Bits % Slices);
        var (from, to) = (lastWalk / 1000, now / 1000);
        return to - from >= Slices || to < from || ((slice - from - 1) % Slices + Slices) % Slices < to - from;
    }

    private Dictionary<(string Agent, string Id), List<TranscriptFile>> ListAll()
    {
        var listed = new Dictionary<(string, string), List<TranscriptFile>>();
        foreach (var agent in agents)
        {
            foreach (var file in agent.Transcripts())
            {
                var key = (agent.Name, file.AgentId.ToLowerInvariant());
                if (!listed.TryGetValue(key, out var same))
                    listed[key] = same = [];
                same.Add(file);
            }
        }

        return listed;
    }

    private static TranscriptFile? Listed(Dictionary<(string Agent, string Id), List<TranscriptFile>> listed, IAgent agent, SessionRecord record) =>
        listed.TryGetValue((agent.Name, record.AgentSessionId.ToLowerInvariant()), out var same)
            // pi's ids are per folder: of namesakes the agent itself must tell which.
            ? same.Count == 1 ? same[0] : agent.Locate(record.AgentSessionId, record.Cwd) ?? same[0]
            : null;

    /// <summary>
    /// Nothing holds it, so it is idle, whatever its transcript leaves open; unless a runner of ours is starting its agent, or one of its kind runs in its folder and does not
    /// show which session it holds.
    /// </summary>
    private (TurnStatus Status, Evidence Evidence) Status(SessionRecord record)
    {
        if (runners.Of(record.Uuid, now) is { } running)
            return (TurnStatus.Busy, running);
        foreach (var sighting in _unclear)
        {
            var live = sighting.Agent;
            if (live.Agent == record.Agent && (live.Cwd.Length == 0 || live.Cwd == record.Cwd))
            {
                return (TurnStatus.Unknown, new Evidence(
                    "turnStatus", "unknown", "process", $"{live.Agent} in {sighting.Where} does not show which session it holds; it may be this one", now));
            }
        }

        return (TurnStatus.Idle, new Evidence("turnStatus", "idle", "process", "no process holds it", now));
    }

    // Of ten thousand, nearly all are idle and were; without a doubt that need not be put into words.
    private bool HasOtherStatus(SessionRecord record, LiveRow last) =>
        last.TurnStatus != (_unclear.Count == 0 && !runners.Any ? TurnStatus.Idle : Status(record).Status);

    private LiveRow Row(SessionRecord record, LiveRow? last, TranscriptFile? file, TranscriptFacts? read, bool keep)
    {
        var (status, why) = Status(record);
        var evidence = new List<Evidence> { new("live", "false", "process", "no agent process shows its id", now), why };
        if (scene.Blind.Count > 0)
            evidence.Add(new Evidence("live", "unknown", "process", $"no answer from the tmux server at {string.Join(", ", scene.Blind)}", now));
        if (read?.LastTurn == TurnEnd.Open && status == TurnStatus.Idle)
            evidence.Add(new Evidence("turnStatus", "idle", "transcript", "its last turn was cut off: begun, and not ended in the file", read.LastActivity));
        if (keep)
            return last! with { ObservedAt = now, TurnStatus = status, Live = false, Tmux = null, Pid = 0, PidStart = 0, PendingQuestion = "", Evidence = evidence };
        return new LiveRow
        {
            Uuid = record.Uuid,
            ObservedAt = now,
            TurnStatus = status,
            ContextPct = read is null ? last?.ContextPct : read.ContextPct,
            Model = read is null ? last?.Model ?? "" : read.Model,
            FilePath = file?.Path ?? TranscriptPlace.WhereItLay(record.AgentSessionId, last),
            FileSize = file?.Size ?? 0,
            FileTime = file?.ModifiedAt ?? 0,
            LastActivity = read is { LastActivity: > 0 } ? read.LastActivity : file?.ModifiedAt ?? last?.LastActivity ?? 0,
            Evidence = evidence,
        };
    }
}
