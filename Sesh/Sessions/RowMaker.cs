using Sesh.Agents;
using Sesh.Agents.Reports;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>Rows of live sessions. Screens are captured only for agents whose cheaper evidence does not decide, all of one server by one call.</summary>
internal sealed class RowMaker(IReadOnlyList<IAgent> agents, FactsReader facts, TmuxSurroundings surroundings, Scene scene, RunnersAtWork runners, long now)
{
    private const string LostPane = "its pane is gone, and its process not yet: it is about to end";

    private readonly List<LiveRow> _rows = [];

    public IReadOnlyList<LiveRow> Rows => _rows;

    public void AddLive(IEnumerable<Owned> winners, IReadOnlyDictionary<SessionId, LiveRow> before)
    {
        var undecided = new List<(int Row, Owned Owned, TranscriptFacts? Facts)>();
        foreach (var owned in winners)
        {
            var agent = AgentOf(agents, owned.Sighting.Agent.Agent);
            if (agent is null)
                continue;
            var last = before.GetValueOrDefault(owned.Record!.Uuid);
            var file = TranscriptPlace.Of(agent, owned.Record!, owned.Sighting.Agent, last);
            var read = file is null ? null : facts(agent, file, mayRead: true);
            var screenWanted = false;
            var turn = Read(agent, owned, read, () =>
            {
                screenWanted = true;
                return "";
            });
            if (screenWanted)
                undecided.Add((_rows.Count, owned, read));
            _rows.Add(Row(owned, last, file, read, Corrected(owned, last, turn)));
        }

        DecideByScreen(undecided);
    }

    public static IAgent? AgentOf(IReadOnlyList<IAgent> agents, string name)
    {
        foreach (var agent in agents)
        {
            if (agent.Name == name)
                return agent;
        }

        return null;
    }

    private void DecideByScreen(List<(int Row, Owned Owned, TranscriptFacts? Facts)> undecided)
    {
        foreach (var server in undecided.GroupBy(u => u.Owned.Sighting.Pane!.Socket))
        {
            var screens = new TmuxServer(surroundings.Program!, server.Key).Screens([.. server.Select(u => u.Owned.Sighting.Pane!.Id)]);
            foreach (var (row, owned, read) in server)
            {
                if (!screens.TryGetValue(owned.Sighting.Pane!.Id, out var screen))
                    continue;
                var turn = Read(AgentOf(agents, owned.Sighting.Agent.Agent)!, owned, read, () => screen);
                _rows[row] = _rows[row] with { TurnStatus = turn.Status, PendingQuestion = turn.PendingQuestion, Evidence = EvidenceOf(owned, turn) };
            }
        }
    }

    private TurnReading Read(IAgent agent, Owned owned, TranscriptFacts? read, Func<string> screen)
    {
        var pane = owned.Sighting.Pane is { } p ? new PaneView(p.Title, screen) : null;
        return ReportedTurn.Of(owned.Sighting.Agent, read, now, () => agent.ReadTurn(owned.Sighting.Agent, pane, read));
    }

    /// <summary>Of an agent without a pane: at work for a runner of ours, whether it has said so yet or not; and not at work any more where its pane is gone, whatever it said last.</summary>
    private TurnReading Corrected(Owned owned, LiveRow? last, TurnReading turn)
    {
        if (owned.Sighting.Pane is not null)
            return turn;
        if (turn.Status != TurnStatus.Busy && runners.Of(owned.Record!.Uuid, now) is { } running)
            return new TurnReading(TurnStatus.Busy, "", [running, .. turn.Evidence]);
        return turn.Status is TurnStatus.Busy or TurnStatus.Blocked && HasLostItsPane(owned.Sighting.Agent, last)
            ? new TurnReading(TurnStatus.Unknown, "", [.. turn.Evidence, new Evidence("turnStatus", "unknown", "process", LostPane, now)])
            : turn;
    }

    private bool HasLostItsPane(LiveAgent live, LiveRow? last) => last is { Live: true } && last.Pid == live.Pid && last.PidStart == live.Start
        && (last.Tmux is { } place ? !scene.Blind.Contains(place.Socket) : last.Evidence.Any(e => e.Detail == LostPane));

    private LiveRow Row(Owned owned, LiveRow? last, TranscriptFile? file, TranscriptFacts? read, TurnReading turn)
    {
        var (sighting, live) = (owned.Sighting, owned.Sighting.Agent);
        // A server that does not answer keeps its panes: a process seen in one of them is still there.
        var place = sighting.Pane?.Place
            ?? (last is { Tmux: { } known } && last.Pid == live.Pid && last.PidStart == live.Start && scene.Blind.Contains(known.Socket) ? known : null);
        return new LiveRow
        {
            Uuid = owned.Record!.Uuid,
            ObservedAt = now,
            TurnStatus = turn.Status,
            PendingQuestion = turn.PendingQuestion,
            Live = true,
            Tmux = place,
            Pid = live.Pid,
            PidStart = live.Start,
            ContextPct = read?.ContextPct,
            Model = read?.Model ?? "",
            FilePath = file?.Path ?? TranscriptPlace.WhereItLay(live.AgentId, last),
            FileSize = file?.Size ?? 0,
            FileTime = file?.ModifiedAt ?? 0,
            LastActivity = read is { LastActivity: > 0 } ? read.LastActivity : file?.ModifiedAt ?? 0,
            Evidence = EvidenceOf(owned, turn),
        };
    }

    private List<Evidence> EvidenceOf(Owned owned, TurnReading turn)
    {
        var sighting = owned.Sighting;
        var evidence = new List<Evidence> { new("live", "true", "process", sighting.Where, now) };
        if (sighting.Agent.Background)
            evidence.Add(new Evidence("live", "true", "process", "held by the agent's own background manager", now));
        evidence.AddRange(sighting.Agent.Evidence);
        evidence.AddRange(owned.Evidence);
        evidence.AddRange(turn.Evidence);
        return evidence;
    }
}
