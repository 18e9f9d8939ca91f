using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>What a process knows of ways to other machines.</summary>
internal sealed record RoutingOptions
{
    public required string Home { get; init; }

    /// <summary>This one.</summary>
    public required MachineName Machine { get; init; }

    /// <summary>Of this program: only a daemon of the same one is asked.</summary>
    public required string Version { get; init; }

    /// <summary>A link of this process's own over which that machine is reached now; null where there is none.</summary>
    public Func<MachineName, Link?> Held { get; init; } = _ => null;

    /// <summary>The daemon's socket; null where the daemon itself asks.</summary>
    public string? DaemonSocket { get; init; }

    /// <summary>The entries of <c>peers.json</c>, read when they are needed.</summary>
    public required Func<IReadOnlyList<Peer>> Peers { get; init; }

    /// <summary>Connects and says hello. Remembers how that went.</summary>
    public required Func<Peer, CancellationToken, Task<Link>> Dial { get; init; }

    public required Func<MachineName, Contact> Contact { get; init; }

    /// <summary>When anything of that machine was last heard, from whomever, in words. Asked where it cannot be reached.</summary>
    public Func<MachineName, string> LastHeard { get; init; } = _ => "";

    /// <summary>Sees to it that somebody hears of it where the daemon does not answer at once.</summary>
    public Func<Task<Link?>, Task<Link?>> Slow { get; init; } = answer => answer;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// Finds a way to a machine and asks it: a link that this process holds, the daemon, a process here that serves that machine's own link, a connection made for this, and
/// last another peer that may pass the request on.
/// </summary>
internal sealed class Routing(RoutingOptions options)
{
    /// <summary>Who failed within this many milliseconds is not tried again: whoever asks for many sessions would wait for a time-out each.</summary>
    private const long GoneForMs = 30_000;

    /// <param name="repeatable">See <see cref="PermittedRequest"/>.</param>
    /// <param name="insist">Try also who has just failed.</param>
    /// <exception cref="SeshException"><c>unreachable</c>, with all that was tried; or what the machine itself said.</exception>
    /// <exception cref="OperationCanceledException"/>
    public Task<int> AskAsync(MachineName target, Request request, RequestStreams streams, bool repeatable, bool insist, CancellationToken cancel) =>
        new Attempt(options, this, target, request with { Target = target.Text }, streams, repeatable, insist, cancel).RunAsync();

    /// <summary>How its own connection failed just now; null where it did not, or that is a while ago.</summary>
    public string? JustFailed(MachineName machine)
    {
        var contact = options.Contact(machine);
        var age = options.Time.GetUtcNow().ToUnixTimeMilliseconds() - contact.LastTried;
        return contact.LastError.Length > 0 && !NeedsPerson(contact.LastErrorCode) && age is >= 0 and < GoneForMs ? $"{contact.LastError}, {age / 1000} s ago" : null;
    }

    /// <summary>It fails at once and until somebody mends it: not for want of a way, so it is told as it is.</summary>
    public static bool NeedsPerson(string code) => code is not ("" or "unreachable" or "link-lost" or "silent");

    /// <summary>A link to a process of this machine; null where none listens there.</summary>
    /// <param name="called">What it is called where it is lost.</param>
    public async Task<Link?> LocalAsync(string socket, string called, CancellationToken cancel)
    {
        if (await LocalSocket.ConnectAsync(socket, cancel).ConfigureAwait(false) is not { } connection)
            return null;
        return await Link.OpenAsync(
            connection,
            new LinkOptions { Machine = options.Machine, Version = options.Version, Sharing = NothingShared.Instance, Expected = options.Machine, Called = called, Time = options.Time },
            cancel).ConfigureAwait(false);
    }
}
