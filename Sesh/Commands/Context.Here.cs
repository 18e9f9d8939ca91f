using Sesh.Agents;
using Sesh.Agents.Reports;
using Sesh.Config;
using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sessions.Driving;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

/// <summary>What is on this machine: the agents, their transcripts, and what lives.</summary>
internal sealed partial class Context
{
    /// <summary>Whoever looked within this many milliseconds looked for us too.</summary>
    private const long FreshForMs = 1000;

    /// <summary>The same for a session that something holds: its turn may have ended a moment ago.</summary>
    private const long FreshForMsWhileLive = 250;

    public AgentEnvironment AgentEnvironment => field ??= AgentEnvironment.Of(Variable, Time);

    public IReadOnlyList<IAgent> Agents => field ??= KnownAgents.In(AgentEnvironment);

    public TranscriptCache TranscriptCache => field ??= new TranscriptCache(Path.Join(Home, "cache"));

    public Walk Walk => field ??= new Walk(Agents, Lookout, Facts, Tmux, Machine, Time) { Home = Home };

    public Launcher Launcher => field ??= new Launcher(Lookout, Tmux, Variable, Time);

    private Lookout Lookout => field ??= new Lookout(Agents, Tmux, ProcessTable.Open, new Reports(new ReportFolder(Home), Time));

    private PrivatePaths PrivatePaths => field ??= new PrivatePaths(Configuration.PrivatePaths, AgentEnvironment.Home);

    /// <param name="name">As the option gave it; null where it was not given.</param>
    public IAgent Agent(string? name) => Agents.FirstOrDefault(a => a.Name == name)
        ?? throw new UsageException("which agent?", $"give --agent {string.Join('|', Agents.Select(a => a.Name))}");

    public string Binary(IAgent agent) => AgentBinary.Find(agent.Name, Configuration.Agents.GetValueOrDefault(agent.Name), AgentEnvironment);

    public bool IsPrivate(string cwd) => PrivatePaths.Cover(cwd);

    /// <summary>A recorded session's name; empty where it has none.</summary>
    public string NameOf(SessionId session) => Snapshot.Find(session)?.Name ?? "";

    /// <summary>Through the cache. Throws where the transcript cannot be read.</summary>
    public TranscriptFacts ReadFacts(TranscriptFile file)
    {
        var facts = TranscriptCache.Facts(Agent(file.Agent), file);
        if (facts == new TranscriptFacts())
            File.OpenRead(file.Path).Dispose();
        return facts;
    }

    /// <summary>This machine's rows as last seen.</summary>
    public IReadOnlyCollection<LiveRow> HeldRows() => Live.Own();

    /// <summary>A complete look at what lives here. Written down are what it saw and ids that drifted.</summary>
    /// <param name="write">False: nothing is written.</param>
    public WalkResult LookAround(bool write) => LookAround([.. Snapshot.RecordsOf(Machine?.Text ?? "")], areAll: false, HeldRows(), write);

    /// <summary>
    /// After recording sessions: a look, so that nobody who lists them within the second finds them unknown; and panes in which sessions of ours live are stamped as theirs.
    /// </summary>
    public void LookAtRecorded()
    {
        Refresh();
        foreach (var owned in LookAround(write: true).All)
        {
            if (owned.Record is { Deleted: false } record && IsOwn(record))
                PaneStamp.Set(Tmux, owned.Sighting, record.Uuid);
        }
    }

    /// <summary>As it is now: looked at anew where it is ours and is at work, which may have ended a moment ago, or the last look is too old.</summary>
    public SessionView FreshView(SessionRecord record)
    {
        var held = Live.Find(record.Uuid, record.Machine);
        if (record.Deleted || !IsOwn(record) || (held is not null && IsFresh(held.Row.ObservedAt, held.Row.Live) && !(held.Row.Live ? held.Row.TurnStatus == TurnStatus.Busy : HasRunner(record.Uuid))))
            return new SessionView(record, held);
        var (row, _, result) = Walk.Observe(Snapshot, record, held?.Row);
        IdentityChange.Write(Store, result.Drifts);
        Live.Merge([row], complete: false);
        TranscriptCache.Save();
        Tell(result.Notices);
        if (result.Drifts.Count > 0)
            record = Refresh().Find(record.Uuid) ?? record;
        return new SessionView(record, new HeldRow(row, record.Machine, 0, Ours: true));
    }

    /// <summary>A turn has been begun of what nothing held when it was looked at.</summary>
    private bool HasRunner(SessionId session) => TurnFile.Read(TurnFile.PathOf(Home, session)) is { } file && file.IsRunning(ProcessTable.Open());

    /// <summary>For a verb that will ask for <see cref="FreshRows"/> whatever it reads before: tmux answers while it reads.</summary>
    public void ExpectFreshRows()
    {
        if (Machine is not null && (Now - Live.LastWalk) is < 0 or >= FreshForMs)
            Walk.Begin();
    }

    /// <summary>Every row that counts, after a look at this machine if the last is too old.</summary>
    /// <param name="records">In ascending order of uuid.</param>
    public IReadOnlyDictionary<SessionId, HeldRow> FreshRows(IReadOnlyList<SessionRecord> records)
    {
        var rows = Live.All(new OwnersInOrder(records).Of);
        if (Machine is not { } machine || IsFresh(Live.LastWalk, rows.Values.Any(h => h.Row.Live && h.Machine == machine.Text)))
            return rows;
        var result = LookAround(records, areAll: true, [.. rows.Values.Where(h => h.Machine == machine.Text).Select(h => h.Row)], write: true);
        var fresh = new Dictionary<SessionId, HeldRow>(rows);
        foreach (var (session, held) in rows)
        {
            if (!result.Complete || held.Machine != machine.Text)
                continue;
            // What a complete look did not see alive is not alive; unless it was seen after that look began.
            if (!held.Row.Live)
                fresh[session] = held with { Row = held.Row with { ObservedAt = Math.Max(held.Row.ObservedAt, result.Began) }, AgeMs = Math.Max(0, Math.Min(held.AgeMs, Now - result.Began)) };
            else if (!result.Rows.Any(r => r.Uuid == session))
                fresh[session] = Live.Find(session, machine.Text) ?? held;
        }

        foreach (var row in result.Rows)
            fresh[row.Uuid] = new HeldRow(row, machine.Text, Math.Max(0, Now - row.ObservedAt), Ours: true);
        return fresh;
    }

    // A look from the future is one from before the clock was set back.
    private bool IsFresh(long lookedAt, bool isLive) => Now - lookedAt is >= 0 and var age && age < (isLive ? FreshForMsWhileLive : FreshForMs);

    /// <summary>A session's agent and transcript. Only where it lives: what others hold of it is not the transcript.</summary>
    public (IAgent Agent, string Path) Transcript(SessionRecord record)
    {
        if (!IsOwn(record))
        {
            throw new SeshException("not-owner", $"session {record.Uuid} is owned by {record.Machine}: its transcript is there",
                $"run it on {record.Machine}: ssh {record.Machine} sesh …");
        }

        var agent = Agents.FirstOrDefault(a => a.Name == record.Agent)
            ?? throw new SeshException("unknown-agent", $"this sesh does not know the agent {record.Agent}", "upgrade sesh");
        return (agent, TranscriptNow(agent, record) ?? throw NoTranscript(record));
    }

    private SeshException NoTranscript(SessionRecord record) => Live.Find(record.Uuid, record.Machine)?.Row is { } row && TranscriptPlace.IsGone(row)
        ? new("no-transcript", $"the transcript of session {record.Uuid} is gone: {row.FilePath}", $"agents delete old ones; \"sesh explain {record.Uuid}\" tells what is known of it")
        : new("no-transcript", $"session {record.Uuid} has no transcript here", $"an agent writes it at the first turn; \"sesh explain {record.Uuid}\" tells what is known of it");

    /// <summary>Where the transcript lies now, by the record as it is now: the agent's id may have drifted. Null where there is none.</summary>
    public string? TranscriptNow(IAgent agent, SessionRecord record)
    {
        var now = Refresh().Find(record.Uuid) ?? record;
        return TranscriptPlace.Of(agent, now, null, Live.Find(now.Uuid, now.Machine)?.Row)?.Path;
    }

    private WalkResult LookAround(IReadOnlyList<SessionRecord> records, bool areAll, IReadOnlyCollection<LiveRow> held, bool write)
    {
        var began = Now;
        var result = Walk.Look(Snapshot, records, held, Live.LastWalk, areAll);
        if (write)
        {
            IdentityChange.Write(Store, result.Drifts);
            Live.Merge([.. result.Rows, .. result.Guests], result.Complete, began, tell: false);
        }

        TranscriptCache.Save();
        Tell(result.Notices);
        return result;
    }

    private TranscriptFacts? Facts(IAgent agent, TranscriptFile file, bool mayRead) =>
        mayRead ? TranscriptCache.Facts(agent, file) : TranscriptCache.Held(agent, file);

    private void Tell(IReadOnlyList<Notice> notices)
    {
        foreach (var notice in notices)
        {
            if (!notice.Quiet)
                Out.Warning(notice.Message, notice.Hint);
        }
    }
}
