using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>One request on its search for a way.</summary>
internal sealed class Attempt(
    RoutingOptions options, Routing routing, MachineName target, Request request, RequestStreams streams, bool repeatable, bool insist, CancellationToken cancel)
{
    /// <summary>Until then relays are tried: a machine that is off behind a dozen peers that are off too must not cost a minute.</summary>
    private static readonly TimeSpan RelaysWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan NewsWithin = TimeSpan.FromSeconds(5);

    private readonly HeardStreams _heard = new(streams);
    private readonly List<string> _tried = [];
    private SeshException? _toMend;

    public async Task<int> RunAsync()
    {
        if (await ByDaemonAsync().ConfigureAwait(false) is { } asked)
            return asked;
        var peers = options.Peers();
        var entry = peers.FirstOrDefault(p => p.Name == target);
        if (await ByAsync(target, entry, relay: false).ConfigureAwait(false) is { } answered)
            return answered;
        // Each link that the request crosses adds to its path, on the other side.
        if (request.Path.Length + 2 <= Request.MaxHops && await ByRelaysAsync(peers).ConfigureAwait(false) is { } relayed)
            return relayed;
        throw _toMend ?? Unreachable(entry);
    }

    /// <summary>The daemon knows all of these ways too: what it says is the last word.</summary>
    private async Task<int?> ByDaemonAsync()
    {
        if (options.DaemonSocket is not { } socket)
            return null;
        Link? daemon;
        try
        {
            daemon = await options.Slow(routing.LocalAsync(socket, "the daemon", cancel)).ConfigureAwait(false);
        }
        catch (SeshException)
        {
            // It starts, stops, or is of a version that speaks otherwise: everything works without it.
            return null;
        }

        if (daemon is null)
            return null;
        await using var closing = daemon.ConfigureAwait(false);
        if (daemon.Peer.Version != options.Version)
            return null;
        return await OverAsync(daemon, "the daemon", e => e.Code == "link-lost").ConfigureAwait(false);
    }

    private async Task<int?> ByRelaysAsync(IReadOnlyList<Peer> peers)
    {
        var began = options.Time.GetTimestamp();
        foreach (var peer in peers.Where(p => p.Name != target && !request.Path.Contains(p.Name.Text)).OrderByDescending(p => options.Contact(p.Name).LastContact))
        {
            if (options.Time.GetElapsedTime(began) > RelaysWithin)
                break;
            if (await ByAsync(peer.Name, peer, relay: true).ConfigureAwait(false) is { } status)
                return status;
        }

        return null;
    }

    /// <summary>Asks that machine; null where it cannot be reached or, as a relay, does not reach the target.</summary>
    private async Task<int?> ByAsync(MachineName machine, Peer? entry, bool relay)
    {
        if (options.Held(machine) is { } held && await OverAsync(held, Name(machine, relay, "the open link"), e => MayGoOn(e, relay)).ConfigureAwait(false) is { } done)
            return done;
        if (await TheirsAsync(machine).ConfigureAwait(false) is { } theirs)
        {
            await using var closing = theirs.ConfigureAwait(false);
            if (await OverAsync(theirs, Name(machine, relay, "its own link to this machine"), e => MayGoOn(e, relay)).ConfigureAwait(false) is { } answered)
                return answered;
        }

        if (entry?.Destination is not { } destination)
            return null;
        var name = Name(machine, relay, $"ssh {destination}");
        if (!insist && routing.JustFailed(machine) is { } failed)
        {
            if (!relay)
                _tried.Add($"{name} ({failed})");
            return null;
        }

        Link dialled;
        try
        {
            dialled = await options.Dial(entry, cancel).ConfigureAwait(false);
        }
        catch (SeshException e)
        {
            // Somebody in between, perhaps: nothing is done by other ways that would hide it.
            if (e.Code == "host-key-changed")
                throw;
            if (!relay && Routing.NeedsPerson(e.Code))
                _toMend = e;
            _tried.Add($"{name} ({e.Message})");
            return null;
        }

        await using var end = dialled.ConfigureAwait(false);
        var status = await OverAsync(dialled, name, e => MayGoOn(e, relay)).ConfigureAwait(false);
        if (status is not null && !repeatable)
            await TakeNewsAsync(dialled).ConfigureAwait(false);
        return status;
    }

    /// <summary>What was done there changed something that whoever asked will want to see here.</summary>
    private async Task TakeNewsAsync(Link link)
    {
        try
        {
            // The first exchange began with the link, before anything was done.
            await link.SyncAsync(cancel).WaitAsync(NewsWithin, options.Time, cancel).ConfigureAwait(false);
            await link.SyncAsync(cancel).WaitAsync(NewsWithin, options.Time, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SeshException or TimeoutException)
        {
            // It is done, and comes with the next exchange.
        }
    }

    /// <summary>By the process here that serves that machine's own link; null where it holds none.</summary>
    private async Task<Link?> TheirsAsync(MachineName machine)
    {
        try
        {
            return await routing.LocalAsync(LinkOffer.SocketOf(options.Home, machine), machine.Text, cancel).ConfigureAwait(false);
        }
        catch (SeshException)
        {
            // It ends at this moment.
            return null;
        }
    }

    /// <param name="mayGoOn">Whether after that failure another way may be tried.</param>
    private async Task<int?> OverAsync(Link link, string name, Func<SeshException, bool> mayGoOn)
    {
        try
        {
            return await link.AskAsync(request, _heard.Again(), cancel).ConfigureAwait(false);
        }
        catch (SeshException e) when (!_heard.Any && mayGoOn(e))
        {
            _tried.Add($"{name} ({e.Message})");
            return null;
        }
    }

    // What was refused was not done; of what was lost on the way nobody knows.
    private bool MayGoOn(SeshException e, bool relay) => e.Code switch
    {
        "link-lost" => repeatable,
        "unreachable" or "no-relay" or "loop" or "too-far" or "unknown-verb" or "not-allowed" or "busy" => relay,
        _ => false,
    };

    private static string Name(MachineName machine, bool relay, string how) => relay ? $"through {machine}" : how;

    private SeshException Unreachable(Peer? entry)
    {
        var heard = options.LastHeard(target) is { Length: > 0 } words ? $"{target} cannot be reached; {words}" : $"{target} cannot be reached";
        if (_tried.Count > 0)
            return new SeshException("unreachable", $"{heard}; tried {string.Join(", ", _tried.Distinct(StringComparer.Ordinal))}", "look at \"sesh peer list\"");
        return new SeshException(
            "unreachable",
            entry is null ? $"{heard}; it is no peer of this machine" : $"{heard}; it dials in, and no link of its is open",
            entry is null ? $"add it with \"sesh peer add {target} DEST\", or run this there" : "wait until it is there, or run this there");
    }
}
