namespace Sesh.Sync.Wire;

/// <summary>
/// Bytes both ways between two machines: what a transport makes and one <see cref="Link"/> owns. The two streams may be used at the same time by one
/// reader and one writer each. Disposing it ends what waits in either stream, by an exception or an end, and lets go of everything; what was flushed before is still sent
/// where that takes no waiting. It may be disposed twice.
/// </summary>
public interface IConnection : IAsyncDisposable
{
    /// <summary>What the other side says. Ends (reads 0) when nothing more comes; only <see cref="Ended"/> tells whether that was in order.</summary>
    Stream Input { get; }

    /// <summary>To the other side. A flush sends.</summary>
    Stream Output { get; }

    /// <summary>For messages: <c>ssh desk</c>.</summary>
    string Description { get; }

    /// <summary>
    /// Completes when the connection is over: null where the other side closed it in order, else why (the remote program's last words, a reset). Never faults. Whoever
    /// reads the end of <see cref="Input"/> asks this before believing it.
    /// </summary>
    Task<string?> Ended { get; }
}
