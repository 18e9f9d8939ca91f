using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions.Driving;

/// <summary>A session's agent in its pane at one moment.</summary>
/// <param name="Live">Null: it is gone, or the pane is.</param>
/// <param name="Draft">What stands in its input box; null where there is none to be seen.</param>
/// <param name="Dialog">What a dialog that is no question of a turn asks; null for none.</param>
internal sealed record PaneState(LiveAgent? Live, TurnReading Turn, string? Draft, string? Dialog, string Screen)
{
    public static PaneState Gone { get; } = new(null, new TurnReading(TurnStatus.Unknown, "", []), null, null, "");

    public TurnStatus Status => Turn.Status;

    /// <summary>It waits for a message, and nothing stands where it would be typed.</summary>
    public bool IsReady => Live is not null && Status == TurnStatus.Idle && Dialog is null && Draft is { Length: 0 };
}

/// <summary>A session's agent in its pane, to be looked at as often as needed and typed into.</summary>
internal sealed class DrivenPane(IAgent agent, TmuxServer server, string pane, LiveAgent live, SessionRecord record, Func<IProcesses> openProcesses, FactsReader facts)
{
    private string _id = live.AgentId.Length > 0 ? live.AgentId : record.AgentSessionId;
    private TranscriptFile? _file;
    private long _sought;

    public IAgent Agent => agent;

    public IDriving Driving { get; } = agent.Driving ?? throw new SeshException("unknown-agent", $"this sesh cannot drive {agent.Name}", "upgrade sesh");

    public SessionId Session => record.Uuid;

    public int Pid => live.Pid;

    /// <summary>How long the agent has been running.</summary>
    public TimeSpan Age(TimeProvider time) =>
        TimeSpan.FromMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds() - ProcessTimes.StartedAt(new ProcessRow(live.Pid, 0, live.Start, agent.Name)));

    /// <exception cref="SeshException">tmux does not answer.</exception>
    public PaneState Look()
    {
        if (server.Shot(pane) is not { Dead: false } shot)
            return PaneState.Gone;
        var processes = openProcesses();
        if (processes.Find(live.Pid) is not { } process || process.Start != live.Start || agent.Identify(process, processes) is not { } now)
            return PaneState.Gone;
        _id = now.AgentId.Length > 0 ? now.AgentId : _id;
        var screen = StyledScreen.Parse(shot.Screen);
        var view = new PaneView(shot.Title, () => screen.Text);
        var turn = agent.ReadTurn(now, view, null);
        // What it asks for is told better with the transcript at hand, which is not read otherwise.
        if (turn.Status == TurnStatus.Blocked && Transcript() is { } file)
            turn = agent.ReadTurn(now, view, facts(agent, file, mayRead: true));
        return new PaneState(now, turn, Driving.Draft(screen), Driving.Dialog(new PaneFace(shot.Title, screen)), screen.Text);
    }

    /// <summary>The session's transcript as it is now; null while there is none.</summary>
    public TranscriptFile? Transcript()
    {
        if (_id.Length == 0)
            return null;
        if (_file is not null && _file.AgentId == _id && TranscriptFolder.File(agent.Name, _file.Path, _id) is { } there)
            return _file = there;
        // Looking for what is not there yet may cost a listing of folders.
        var now = Environment.TickCount64;
        if (_file?.AgentId != _id || now - _sought > 250)
        {
            _sought = now;
            _file = agent.Locate(_id, record.Cwd);
        }

        return _file?.AgentId == _id ? _file : null;
    }

    /// <summary>Puts a text into the input box and presses Enter; false where the agent is gone.</summary>
    public bool Paste(string text) => server.Paste(pane, text);

    public void Press(params IReadOnlyList<string> keys) => server.Press(pane, keys);

    /// <summary>Empties the input box; false where it does not get empty.</summary>
    public bool Clear(CancellationToken cancel)
    {
        const int Rounds = 100;
        List<string> keys = [];
        for (var i = 0; i < 8; i++)
            keys.AddRange(Driving.ClearingKeys);
        for (var round = 0; round < Rounds; round++)
        {
            Press(keys);
            Pause.For(TimeSpan.FromMilliseconds(60), cancel);
            if (Look() is { Draft: "" or null } now)
                return now.Draft is not null;
        }

        return false;
    }

    public SeshException Ended(string when) => new("agent-ended", $"{agent.Name} ended {when}", $"see \"sesh transcript {record.Uuid}\"; go on with \"sesh resume {record.Uuid}\"");
}
