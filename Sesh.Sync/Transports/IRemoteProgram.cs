namespace Sesh.Sync.Transports;

/// <summary>A program that runs on a peer, or is about to: what comes of it is told by <see cref="Ended"/>.</summary>
internal interface IRemoteProgram : IAsyncDisposable
{
    /// <summary>Its standard output.</summary>
    Stream Output { get; }

    /// <summary>Its standard input; disposing of it ends that.</summary>
    Stream Input { get; }

    /// <summary>When it or the connection is over. Never faults.</summary>
    Task<RemoteEnd> Ended { get; }
}

/// <summary>How a remote program ended.</summary>
/// <param name="Status">Its exit status; null where it was the connection that ended.</param>
/// <param name="LastWords">The end of what it, or the connection, said on standard error.</param>
/// <param name="Failure">Where the connection ended: why, for the user. Null otherwise.</param>
internal sealed record RemoteEnd(int? Status, string LastWords, SeshException? Failure = null);
