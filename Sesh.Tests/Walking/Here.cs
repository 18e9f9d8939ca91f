using Sesh.Agents;
using Sesh.Agents.Reports;
using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Tmux;

namespace Sesh.Tests.Walking;

/// <summary>What one command of a world has to work with, put together as the program does.</summary>
internal sealed class Here(World world, TmuxSurroundings tmux)
{
    private readonly IReadOnlyList<IAgent> _agents = KnownAgents.In(world.Agents);
    private readonly TranscriptCache _cache = new(Path.Combine(world.Store.Options.Home, "cache"));

    public Lookout Lookout => new(_agents, tmux, ProcessTable.Open, new Reports(new ReportFolder(world.Store.Options.Home), TimeProvider.System));

    public Walk Walk => new(_agents, Lookout, (agent, file, _) => _cache.Facts(agent, file), tmux, World.Name, TimeProvider.System);

    public Launcher Launcher => new(Lookout, tmux, world.Variable, TimeProvider.System);

    public PaneOwner PaneOwner => new(world.Live, tmux, ProcessTable.Open);

    public PaneResolving PaneResolving => new(Walk, tmux, World.Name);

    public PaneDriving PaneDriving => new(Walk, world.Live, tmux, World.Name, world.Store.Options.Home);

    public Starting Starting => new(world.Store, world.Live, World.Name, Walk, Launcher, tmux, _ => false, TimeProvider.System);

    public Resuming Resuming => new(world.Store, world.Live, World.Name, _agents, Walk, Launcher, new Going(tmux, () => world.IsTerminal), tmux, world.IsPrivate, TimeProvider.System);

    /// <summary>The whole look, kept as <c>list</c> keeps it.</summary>
    public WalkResult Look()
    {
        var snapshot = world.Store.Read();
        var held = world.Live.All().Values.Where(h => h.Ours).Select(h => h.Row).ToArray();
        var result = Walk.Look(snapshot, [.. snapshot.Records()], held, world.Live.LastWalk);
        world.Live.Merge([.. result.Rows, .. result.Guests], result.Complete, result.Began);
        IdentityChange.Write(world.Store, result.Drifts);
        return result;
    }
}
