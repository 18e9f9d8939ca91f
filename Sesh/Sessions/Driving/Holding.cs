using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions.Driving;

/// <summary>Who holds a session of this machine now, and the way to it.</summary>
internal sealed class Holding(
    SessionStore store, LiveStore live, MachineName machine, IReadOnlyList<IAgent> agents, Walk walk, FactsReader facts, TmuxSurroundings surroundings, Func<IProcesses> openProcesses)
{
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(150);

    /// <exception cref="SeshException"><c>not-owner</c>; <c>unknown-agent</c>.</exception>
    public IAgent AgentOf(SessionRecord record)
    {
        if (record.Machine != machine.Text)
            throw new SeshException("not-owner", $"session {record.Uuid} is owned by {record.Machine}", $"run on {record.Machine}");
        return RowMaker.AgentOf(agents, record.Agent) is { Driving: not null } agent
            ? agent
            : throw new SeshException("unknown-agent", $"this sesh cannot drive the agent {record.Agent}", "upgrade sesh");
    }

    /// <summary>As last looked at, by whoever; null where nobody has.</summary>
    public LiveRow? Last(SessionRecord record) => live.Find(record.Uuid, machine.Text)?.Row;

    /// <summary>A look at it alone, written down; with who holds it, null for nobody.</summary>
    public (LiveRow Row, Owned? Seen) Look(SessionRecord record)
    {
        var (row, seen, result) = walk.Observe(store.Read(), record, live.Find(record.Uuid, machine.Text)?.Row);
        IdentityChange.Write(store, result.Drifts);
        live.Merge([row], complete: false);
        return (row, seen);
    }

    /// <summary>Who holds it without a pane, and is just ending, is waited for.</summary>
    /// <param name="before">As seen before that look; null for nothing.</param>
    /// <param name="others">How long to wait for one that holds it without a pane for any other reason: it may run a single turn.</param>
    public (LiveRow Row, Owned? Seen) AwaitEnd(SessionRecord record, LiveRow? before, LiveRow row, Owned? seen, TimeSpan others, TimeProvider time, Action<string> note, CancellationToken cancel)
    {
        var ending = new Ending(openProcesses, time);
        // Of one that may well mean to stay nobody is told that it is about to end.
        return ending.Is(before, row)
            ? ending.Wait(row, seen, Ending.Longest, () => Look(record), note, cancel)
            : ending.Wait(row, seen, others, () => Look(record), _ => { }, cancel);
    }

    /// <summary>Two agents in one conversation write over one another: whoever is told something here, the other does not know of it. One of them may just be ending.</summary>
    /// <exception cref="SeshException"><c>live-twice</c>.</exception>
    public (LiveRow Row, Owned? Seen) OneHolder(SessionRecord record, LiveRow row, Owned? seen, TimeProvider time, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (seen?.AlsoIn is { } other)
        {
            if (time.GetElapsedTime(begun) > s_ending)
            {
                throw new SeshException(
                    "live-twice", $"session {record.Uuid} is live twice, in {seen.Sighting.Where} and in {other}: told something in one, its history would fork",
                    "end one of the two, or give --force, which means the first");
            }

            Pause.For(s_poll, cancel);
            (row, seen) = Look(record);
        }

        return (row, seen);
    }

    /// <exception cref="SeshException"><c>live-on-other</c>.</exception>
    public void RefuseElsewhere(SessionRecord record) => OtherMachines.CheckBeforeMessage(live, record);

    /// <summary>Null where it has none.</summary>
    public DrivenPane? Pane(SessionRecord record, IAgent agent, LiveRow row, Owned? seen) => row is { Live: true, Tmux: { } place } && seen is not null
        ? new DrivenPane(agent, TmuxServer.Open(surroundings, place.Socket), place.Pane, seen.Sighting.Agent, record, openProcesses, facts)
        : null;
}
