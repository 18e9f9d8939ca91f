using System.Globalization;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
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
/// <param name="own">Who serves the peer's own link here; null where none is open.</param>
/// <param name="authorized">What lines of authorized_keys let it do here.</param>
/// <param name="lastHeard">Of a machine that only dials in, in words.</param>
/// <param name="version">Of this sesh.</param>
/// <param name="words">A duration as people read it.</param>
/// <param name="agentsOf">The agents of that machine's sessions.</param>
internal sealed class PeersCheck(
    Func<Peer, CancellationToken, Task<Link>> dial, Func<MachineName, CancellationToken, Task<DaemonClient?>> own, Func<Peer, IReadOnlyList<AuthorizedGrant>> authorized, Func<Peer, string> lastHeard, string version, Func<TimeSpan, string> words, Func<string, IReadOnlySet<string>> agentsOf, TimeProvider time)
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
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var lines = authorized(peer);
        List<Finding> grants = [.. Differing(peer, lines)];
        try
        {
            return peer.Destination is null
                ? new PeerFindings(peer, [.. await OverItsOwnAsync(peer, lines, either.Token).ConfigureAwait(false), .. grants], null)
                : new PeerFindings(peer, [.. await DialAsync(peer, either.Token).ConfigureAwait(false), .. grants], null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Away(peer, new SeshException("silent", $"{name} did not answer within {Patience.TotalSeconds:0} s", $"\"sesh peer test {name}\" shows how far it comes"), grants);
        }
        catch (SeshException e)
        {
            return Away(peer, e, grants);
        }
    }

    /// <summary>Which of the two holds would hang on whose link is open.</summary>
    private static IEnumerable<Finding> Differing(Peer peer, IReadOnlyList<AuthorizedGrant> lines) =>
        peer.Destination is null ? [] : lines.Where(l => l.Grant != peer.Allow).Take(1).Select(l => Finding.Warn(
            peer.Name.Text,
            $"may {peer.Allow.Word()} here over links that this machine dials (peers.json), and {l.Grant.Word()} over those that it dials ({l.Place}): of two links one stays, and its grant holds",
            $"say the same twice: sesh peer add {peer.Name} --allow {l.Grant.Word()}, or sesh peer authorize its key --name {peer.Name} --allow {peer.Allow.Word()}"));

    // Who is off is off; what somebody must mend is a fault.
    private static PeerFindings Away(Peer peer, SeshException e, List<Finding> more) =>
        new(peer, [new Finding(Routing.NeedsPerson(e.Code) ? Health.Fail : Health.Warn, peer.Name.Text, e.Message, e.Hint), .. more], e);

    private async Task<List<Finding>> DialAsync(Peer peer, CancellationToken cancel)
    {
        var link = await dial(peer, cancel).ConfigureAwait(false);
        await using var closing = link.ConfigureAwait(false);
        var trip = await link.PingAsync(cancel).ConfigureAwait(false);
        var here = GrantInForce.Of(peer, await OwnAsync(peer, cancel).ConfigureAwait(false));
        var may = here.By == "peers.json" || here.Grant == peer.Allow ? $"may {peer.Allow.Word()} here" : $"may {here.Grant.Word()} here over its own link, which is open, {here.Why}, else {peer.Allow.Word()}";
        return await AskAsync(
            peer, link, $"reached by {peer.Transport.Word()}, {Milliseconds(trip)} ms away; lets this machine {link.Peer.Allow.Word()}, {may}", link.Peer.Version, link.Peer.SkewMs, cancel).ConfigureAwait(false);
    }

    private async Task<OwnLink?> OwnAsync(Peer peer, CancellationToken cancel)
    {
        try
        {
            if (await own(peer.Name, cancel).ConfigureAwait(false) is not { } serving)
                return null;
            await using var closing = serving.ConfigureAwait(false);
            return await serving.OwnLinkAsync(measure: false, cancel).ConfigureAwait(false);
        }
        catch (SeshException)
        {
            // It ends at this moment, or hangs: no link to speak of.
            return null;
        }
    }

    private async Task<IReadOnlyList<Finding>> OverItsOwnAsync(Peer peer, IReadOnlyList<AuthorizedGrant> lines, CancellationToken cancel)
    {
        if (await own(peer.Name, cancel).ConfigureAwait(false) is not { } serving)
            return [Finding.Ok(peer.Name.Text, $"dials in, and may {(lines.Count > 0 ? $"{lines[0].Grant.Word()} ({lines[0].Place})" : "all that its login may")}; no link of its is open; {lastHeard(peer)}")];
        await using var closing = serving.ConfigureAwait(false);
        var link = await serving.OwnLinkAsync(measure: true, cancel).ConfigureAwait(false);
        if (link.RoundTrip is not { } trip)
            throw new SeshException("silent", $"{peer.Name}'s own link is open here, and nothing comes back over it", "it hangs, sleeps or is cut off; its link is given up after 45 s, and it dials again");
        var here = GrantInForce.Of(peer, link);
        return await AskAsync(
            peer, serving.Link, $"dials in, and its link is open, {Milliseconds(trip)} ms away; lets this machine {link.Granted.Word()}, may {here.Grant.Word()} here, {here.Why}", link.Version, link.SkewMs, cancel).ConfigureAwait(false);
    }

    private static string Milliseconds(TimeSpan trip) => Math.Ceiling(trip.TotalMilliseconds).ToString("0", CultureInfo.InvariantCulture);

    /// <param name="reached">How, in words.</param>
    private async Task<List<Finding>> AskAsync(Peer peer, Link link, string reached, string theirs, long skewMs, CancellationToken cancel)
    {
        var skew = TimeSpan.FromMilliseconds(skewMs);
        var name = peer.Name.Text;
        List<Finding> findings = [Finding.Ok(name, reached)];
        if (theirs != version)
            findings.Add(Finding.Warn(name, $"runs sesh {theirs}, this machine {version}: warm links are lent only between equals", "upgrade the older of the two"));
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
