using Sesh.Sessions.Mesh;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

/// <summary>A connection of this command's own to a peer.</summary>
internal static class PeerConnecting
{
    /// <param name="step">See <see cref="Acquaintance.MakeAsync"/>.</param>
    public static Acquaintance Make(Context context, Peer peer, bool exchange, Action<string, TimeSpan, string>? step = null) =>
        Acquaintance.MakeAsync(
            peer, context.TransportOptions, context.LinkOptions(peer), context.Contacts, exchange,
            step ?? ((name, took, what) => context.Out.Detail($"{name}: {took.TotalMilliseconds:0.0} ms {what}")), context.Cancel).GetAwaiter().GetResult();
}
