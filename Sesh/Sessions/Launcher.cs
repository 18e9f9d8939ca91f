using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>A pane with a placeholder in it, waiting for its agent.</summary>
internal sealed record OpenPane(TmuxServer Server, string Id);

/// <summary>
/// Starts an agent in a new tmux window and watches whether it lives. In three steps, so that a session is recorded before its pane bears its stamp, and stamped
/// before its agent lives.
/// </summary>
internal sealed class Launcher(Lookout lookout, TmuxSurroundings surroundings, Func<string, string?> variable, TimeProvider time)
{
    /// <summary>Who is alive after this is taken to stay.</summary>
    public static readonly TimeSpan Probation = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(40);

    /// <summary>
    /// What the agent must find as we do, whatever the environment the tmux server was born with: its own programs, and its own folders. Secrets
    /// are not among them: they would stand in a command line.
    /// </summary>
    private static readonly string[] s_handedOn =
        ["PATH", "HOME", "CLAUDE_CONFIG_DIR", "CODEX_HOME", "PI_CODING_AGENT_DIR", "PI_CODING_AGENT_SESSION_DIR"];

    public OpenPane Open(TmuxTarget target, string name, string folder)
    {
        var server = TmuxServer.Open(surroundings, target.Socket);
        var window = TmuxArgument.Name(name);
        if (target.IsOwn)
            return new OpenPane(server, server.NewWindow(OwnSession(server, target), window, folder));
        Directory.CreateDirectory(Path.GetDirectoryName(target.Socket)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!server.HasSession(target.Session) && server.NewSession(target.Session, window, folder) is { } pane)
            return new OpenPane(server, pane);
        return new OpenPane(server, server.NewWindow("=" + target.Session, window, folder));
    }

    /// <summary>
    /// Puts the agent into the pane and waits until it is positively there, or has lived for <see cref="Probation"/>. Dead before that: the pane is taken away,
    /// and its last words are the error. Cancelled: the pane is taken away. Returns what was seen; null where it lives and shows nothing.
    /// </summary>
    public Sighting? Start(OpenPane pane, SessionId session, IAgent agent, LaunchPlan plan, CancellationToken cancel)
    {
        try
        {
            pane.Server.Respawn(pane.Id, session, plan.Cwd, Environment(session, plan), Command(pane, plan));
            var seen = Watch(pane, agent, cancel);
            pane.Server.Settle(pane.Id, session, Settled(pane, seen));
            return seen;
        }
        catch
        {
            // Whatever went wrong, a launch that is not reported must not go on living.
            pane.Server.KillPane(pane.Id);
            throw;
        }
    }

    private ProcessRow? Settled(OpenPane pane, Sighting? seen)
    {
        var processes = lookout.Processes();
        if (seen is not null)
            return processes.Find(seen.Agent.Pid);
        return pane.Server.Pane(pane.Id) is { } alive ? processes.Find(alive.Pid) : null;
    }

    private Sighting? Watch(OpenPane pane, IAgent agent, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        Sighting? seen = null;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var now = pane.Server.Pane(pane.Id)
                ?? throw new SeshException("launch-failed", $"{agent.Name} and its pane are gone", "start it by hand in a terminal to see why");
            if (now.Dead)
                throw Died(pane, agent);
            seen = lookout.InPane(now, lookout.Processes());
            if (seen is not null && IsUp(pane.Server, agent, seen, now))
                return seen;
            if (time.GetElapsedTime(begun) > Probation)
                return seen;
            cancel.WaitHandle.WaitOne(s_poll);
        }
    }

    /// <summary>It announces itself by a file or a lock of its own, or what its pane shows tells its state.</summary>
    private static bool IsUp(TmuxServer server, IAgent agent, Sighting seen, TmuxPane pane) =>
        seen.Agent.Agent == agent.Name
        && (seen.IdIsPositive || (agent.ChoosesId && agent.ReadTurn(seen.Agent, new PaneView(pane.Title, () => server.Screen(pane.Id)), null).Status != TurnStatus.Unknown));

    private static SeshException Died(OpenPane pane, IAgent agent)
    {
        var words = LastWords.Of(pane.Server.Capture(pane.Id, 50));
        return new SeshException(
            "launch-failed",
            words.Length == 0 ? $"{agent.Name} ended at once and said nothing" : $"{agent.Name} ended at once: {words}",
            "start it by hand in a terminal to see more");
    }

    private Dictionary<string, string> Environment(SessionId session, LaunchPlan plan)
    {
        var set = new Dictionary<string, string>();
        foreach (var name in s_handedOn)
        {
            if (variable(name) is { Length: > 0 } value)
                set[name] = value;
        }

        foreach (var (name, value) in plan.Set)
            set[name] = value;
        set["SESH_SESSION_ID"] = session.ToString();
        return set;
    }

    /// <summary>tmux has no way to take a variable from a new pane's environment; env(1) has, and is gone at once.</summary>
    private static List<string> Command(OpenPane pane, LaunchPlan plan)
    {
        var command = new List<string>();
        if (plan.Unset.Count > 0)
        {
            foreach (var name in pane.Server.EnvironmentNames(pane.Id))
            {
                if (ProcessEnvironment.Matches(name, plan.Unset) && !plan.Set.ContainsKey(name))
                    command.AddRange(["-u", name]);
            }
        }

        if (command.Count > 0)
            command.Insert(0, "/usr/bin/env");
        command.AddRange(plan.Arguments);
        return command;
    }

    /// <summary>The pane we run in may have been moved to another session since it was born.</summary>
    private string OwnSession(TmuxServer server, TmuxTarget target) =>
        surroundings.Pane is { Length: > 0 } pane && server.Pane(pane) is { } now ? now.SessionId : target.Session;
}
