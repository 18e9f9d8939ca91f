using System.Diagnostics;
using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>What one connection to a peer told.</summary>
/// <param name="Hello">What it says of itself.</param>
/// <param name="RoundTrip">There and back once all is open.</param>
/// <param name="Exchange">Null where none was asked for.</param>
internal sealed record Acquaintance(PeerHello Hello, TimeSpan Connecting, TimeSpan Greeting, TimeSpan RoundTrip, ExchangeReport? Exchange)
{
    /// <summary>Connects, says hello, measures, and remembers how that went.</summary>
    /// <param name="exchange">Both sides end equal.</param>
    /// <param name="step">Told of each step as it succeeds: its name, how long it took, what came of it.</param>
    /// <exception cref="SeshException">Of the transport and of the link.</exception>
    public static async Task<Acquaintance> MakeAsync(
        Peer peer, TransportOptions options, LinkOptions link, Contacts contacts, bool exchange, Action<string, TimeSpan, string> step, CancellationToken cancel)
    {
        var now = link.Time.GetUtcNow().ToUnixTimeMilliseconds();
        contacts.Remember(peer.Name, contacts.Of(peer.Name) with { LastTried = now });
        try
        {
            var made = await ConnectAsync(peer, options, link, exchange, step, cancel).ConfigureAwait(false);
            contacts.Remember(peer.Name, contacts.Of(peer.Name) with
            {
                LastContact = exchange ? link.Time.GetUtcNow().ToUnixTimeMilliseconds() : contacts.Of(peer.Name).LastContact,
                LastError = "",
                Version = made.Hello.Version,
                Granted = made.Hello.Allow.Word(),
                RoundTripMs = (int)Math.Ceiling(made.RoundTrip.TotalMilliseconds),
                Behind = made.Exchange?.Refused.Count ?? contacts.Of(peer.Name).Behind,
            });
            return made;
        }
        catch (SeshException e)
        {
            contacts.Remember(peer.Name, contacts.Of(peer.Name) with { LastError = e.Message, LastErrorCode = e.Code });
            throw;
        }
    }

    private static async Task<Acquaintance> ConnectAsync(Peer peer, TransportOptions options, LinkOptions link, bool exchange, Action<string, TimeSpan, string> step, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var where = await Transport.WhereAsync(peer, options, cancel).ConfigureAwait(false);
        step("resolve", clock.Elapsed, where);
        clock.Restart();
        var connection = await Transport.For(peer, options).ConnectAsync(peer, cancel).ConfigureAwait(false);
        var connecting = clock.Elapsed;
        step("connect", connecting, $"by {peer.Transport.Word()}; its host key and our login are good, sesh runs there");
        clock.Restart();
        var open = await Link.OpenAsync(connection, link, cancel).ConfigureAwait(false);
        await using (open.ConfigureAwait(false))
        {
            var greeting = clock.Elapsed;
            step("hello", greeting, $"{open.Peer.Machine}, sesh {open.Peer.Version}, protocol {open.Peer.Protocol}");
            var trip = await open.PingAsync(cancel).ConfigureAwait(false);
            step("round trip", trip, "");
            clock.Restart();
            var report = exchange ? await open.SyncAsync(cancel).ConfigureAwait(false) : null;
            if (report is not null)
                step("exchange", clock.Elapsed, $"{report.Sent} sent, {report.Received} received");
            return new Acquaintance(open.Peer, connecting, greeting, trip, report);
        }
    }
}
