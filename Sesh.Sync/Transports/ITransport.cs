using Sesh.Sync.Wire;

namespace Sesh.Sync.Transports;

/// <summary>Makes connections to <c>sesh serve</c> on a peer.</summary>
public interface ITransport
{
    /// <summary>
    /// Connects, authenticates, verifies the host key and starts <c>sesh serve</c> there. The caller gives the time-out by <paramref name="cancel"/>.
    /// </summary>
    /// <exception cref="SeshException">
    /// <c>unreachable</c> (no route, refused, no answer), <c>host-key-unknown</c>, <c>host-key-changed</c>, <c>login-refused</c>, <c>no-sesh-there</c>, <c>no-ssh</c>: each with
    /// the next step.
    /// </exception>
    Task<IConnection> ConnectAsync(Peer peer, CancellationToken cancel);
}
