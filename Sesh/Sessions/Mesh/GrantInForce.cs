using Sesh.Sync.Daemon;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>What a peer may ask of this machine over the link that there is, and who says so.</summary>
/// <param name="By"><c>peers.json</c> (a link that this machine dials), <c>authorized_keys</c>, or <c>login</c>: its own link, without a line that would limit it.</param>
internal sealed record GrantInForce(Grant Grant, string By)
{
    /// <summary>Of two machines that dial each other one link stays, and its grant holds: that may be either's.</summary>
    /// <param name="own">The peer's own link; null where none is open.</param>
    public static GrantInForce Of(Peer peer, OwnLink? own) => own is null ? new(peer.Allow, "peers.json") : new(own.Allow, own.IsAuthorized ? "authorized_keys" : "login");

    /// <summary>Behind what it may: by what.</summary>
    public string Why => By switch
    {
        "peers.json" => "by its entry in peers.json",
        "authorized_keys" => "by its line of authorized_keys",
        _ => "as its login may anyway",
    };
}
