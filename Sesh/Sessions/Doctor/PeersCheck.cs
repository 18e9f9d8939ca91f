using System.Globalization;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Doctor;

/// <param name="Unreachable">Why it could not be asked; null where it was.</param>
internal sealed record PeerFindings(Peer Peer, IReadOnlyList<Finding> Findings, SeshException? Unreachable);

/// <summary>
/// How it stands with each peer, from both ends: whether this shell reaches it, which sesh runs there, what it lets this machine do, how its clock differs, and what its own doctor
/// finds, in the environment that an ssh login has there.
/// </summary>
/// <param name="dial">A link to it, made for this.</param>
/// <param name="lastHeard">Of a machine that only dials in, in words.</param>
/// <param name="version">Of this sesh.</param>
/// <param name="words">A duration as people read it.</param>
/// <param name="agentsOf">The agents of that machine's sessions.</param>
internal sealed class PeersCheck(
    Func<Peer, CancellationToken, Task<Link>> dial, Func<Peer, string> lastHeard, string version, Func<TimeSpan, string> words, Func<string, IReadOnlySet<string>> agentsOf, TimeProvider time)
{
    /// <summary>A peer that is slow must not keep the others' findings back for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan SkewThatMatters = TimeSpan.FromMinutes(1);

    /// <summary>Each is asked by itself, all at once.</summary>
    public async Task<IReadOnlyList<PeerFindings>> LookAsync(IReadOnlyList<Peer> peers, CancellationToken cancel) =>
        await Task.WhenAll(peers.Select(p => LookAsync(p, cancel))).ConfigureAwait(false);

    private async Task<PeerFindings> LookAsync(Peer peer, CancellationToken cancel)
    {
        var name = peer.Name.Text;
        if (peer.Destination is null)
            return new PeerFindings(peer, [Finding.Ok(name, $"dials in, and may {peer.Allow.Word()}; {lastHeard(peer)}")], null);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return new PeerFindings(peer, await AskAsync(peer, either.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Away(peer, new SeshException("silent", $"{name} did not answer within {Patience.TotalSeconds:0} s", $"\"sesh peer test {name}\" shows how far it comes"));
        }
        catch (SeshException e)
        {
            return Away(peer, e);
        }
    }

    // Who is off is off; what somebody must mend is a fault.
    private static PeerFindings Away(Peer peer, SeshException e) =>
        new(peer, [new Finding(Routing.NeedsPerson(e.Code) ? Health.Fail : Health.Warn, peer.Name.Text, e.Message, e.Hint)], e);

    private async Task<List<Finding>> AskAsync(Peer peer, CancellationToken cancel)
    {
        var link = await dial(peer, cancel).ConfigureAwait(false);
        var skew = TimeSpan.FromMilliseconds(link.Peer.SkewMs);
        await using var closing = link.ConfigureAwait(false);
        var trip = await link.PingAsync(cancel).ConfigureAwait(false);
        var name = peer.Name.Text;
        List<Finding> findings =
        [
            Finding.Ok(name, string.Create(CultureInfo.InvariantCulture,
                $"reached by {peer.Transport.Word()}, {Math.Ceiling(trip.TotalMilliseconds):0} ms away; lets this machine {link.Peer.Allow.Word()}, may {peer.Allow.Word()} here")),
        ];
        if (link.Peer.Version != version)
            findings.Add(Finding.Warn(name, $"runs sesh {link.Peer.Version}, this machine {version}: warm links are lent only between equals", "upgrade the older of the two"));
        if (skew.Duration() > SkewThatMatters)
        {
            findings.Add(Finding.Warn(
                name, $"its clock is {words(TimeSpan.FromSeconds(Math.Floor(skew.Duration().TotalSeconds)))} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this machine's",
                "set the clocks; nothing is lost by it, but times will look odd"));
        }

        try
        {
            findings.AddRange((await AskedFindings.OverAsync(link, [], cancel).ConfigureAwait(false)).Where(f => Matters(peer, f)).Select(f => f with { Subject = $"{name}: {f.Subject}" }));
        }
        catch (SeshException e) when (e.Code is "not-allowed" or "unknown-verb" or "doctor-version")
        {
            findings.Add(Finding.Warn(name, $"what its own doctor finds is not told: {e.Message}", e.Hint));
        }

        return findings;
    }

    // An agent that nobody uses there is not missed.
    private bool Matters(Peer peer, Finding finding) =>
        finding.Health != Health.Ok && (finding.Subject is not ("claude" or "codex" or "pi") || finding.Health == Health.Fail || agentsOf(peer.Name.Text).Contains(finding.Subject));
}
