using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>What a daemon brings along.</summary>
public sealed record DaemonOptions
{
    /// <summary>Absolute.</summary>
    public required string Home { get; init; }

    /// <summary>Where it listens for commands of this machine: <c>daemon.sock</c>.</summary>
    public required string Socket { get; init; }

    /// <summary>How links are made. Its requests are the daemon's to set: see <see cref="Requests"/>.</summary>
    public required DiallerOptions Dialling { get; init; }

    /// <summary>Reads the peers, again after each change of <c>peers.json</c>. A <see cref="SeshException"/> is logged, and those of before are kept.</summary>
    public required Func<IReadOnlyList<Peer>> Peers { get; init; }

    /// <summary>Reads <c>[sync] metered</c>, again after each change of <c>config.toml</c>; faults as of <see cref="Peers"/>.</summary>
    public Func<bool> Metered { get; init; } = () => false;

    /// <summary>Makes what serves requests, of commands of this machine and of peers, with the links that it may lend. Null: the daemon serves its own alone.</summary>
    public Func<IHeldLinks, DaemonRequests>? Requests { get; init; }

    /// <summary>Looks at this machine and writes down what it saw; told whether documents may have changed since the last look. One call at a time. Null: nobody looks.</summary>
    public Func<bool, WalkOutcome>? Look { get; init; }

    /// <summary>Whether a look is due before its time, told by what costs next to nothing. Never called during a look.</summary>
    public Func<bool> Peek { get; init; } = () => false;

    /// <summary>Told of every change in the home that is noticed, whoever made it; must not wait.</summary>
    public Action<StoreChanges> Noticed { get; init; } = _ => { };

    /// <summary>How many sessions are known, for the status.</summary>
    public Func<int> Sessions { get; init; } = () => 0;

    /// <summary>Of the documents that this program writes, for the status.</summary>
    public int SchemaVersion { get; init; } = 1;

    public Random Random { get; init; } = Random.Shared;
}

/// <summary>Who serves requests, by whether those who ask are of this machine: they may have anything passed on.</summary>
public sealed record DaemonRequests(IRequestHandler ForHere, IRequestHandler ForPeers);
