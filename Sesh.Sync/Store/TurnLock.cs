using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>
/// The lock a turn holds from its first to its last moment, one a session; waiting takers are served in order of arrival. Safe among any number of
/// processes and threads; whoever dies lets go at once, also while waiting.
/// </summary>
/// <remarks>
/// The turn is <c>turns/UUID.lock</c>. A taker that must wait draws a ticket, a file <c>turns/UUID.queue/N</c> that it keeps locked, one above the
/// greatest there is, and waits for every ticket below to be let go before it asks for the turn. So order never depends on the kernel's choice of
/// whom to wake, and a ticket whose owner died is an unlocked file, which the next to pass removes.
/// </remarks>
public sealed class TurnLock : IDisposable
{
    private readonly FileLock _turn;

    private TurnLock(FileLock turn) => _turn = turn;

    /// <summary>Null where somebody holds it or waits for it.</summary>
    /// <exception cref="SeshException"><c>home-unwritable</c>.</exception>
    public static TurnLock? TryTake(string home, SessionId session)
    {
        try
        {
            return TryTake(TurnFiles.Make(home, session));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(home, e);
        }
    }

    /// <summary>Waits for those who came before.</summary>
    /// <exception cref="OperationCanceledException"/>
    /// <exception cref="SeshException"><c>home-unwritable</c>.</exception>
    public static TurnLock Take(string home, SessionId session, CancellationToken cancel)
    {
        try
        {
            var files = TurnFiles.Make(home, session);
            return TryTake(files) ?? new TurnLock(TurnTicket.Draw(files, cancel).Redeem(cancel));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(home, e);
        }
    }

    /// <summary>Somebody holds the session's turn, or waits for it. Makes no file; a moment later it may be otherwise.</summary>
    /// <exception cref="SeshException"><c>home-unwritable</c>.</exception>
    public static bool IsBusy(string home, SessionId session)
    {
        try
        {
            var files = TurnFiles.At(home, session);
            return FileLock.IsHeld(files.Turn) || files.AnybodyWaits();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(home, e);
        }
    }

    /// <summary>
    /// The turn that a parent took and handed on: a descriptor that it got from <see cref="Descriptor"/> of the parent's lock. Held until this is disposed and the parent's is.
    /// </summary>
    public static TurnLock Inherit(int descriptor) => new(FileLock.Inherit(descriptor));

    /// <summary>The open file that holds the turn, for handing it on to a child: flock(2) belongs to the open file, not to the process.</summary>
    public int Descriptor => _turn.Descriptor;

    public void Dispose() => _turn.Dispose();

    private static TurnLock? TryTake(TurnFiles files)
    {
        if (FileLock.TryTake(files.Turn) is not { } turn)
            return null;
        if (!files.AnybodyWaits())
            return new TurnLock(turn);
        turn.Dispose();
        return null;
    }

    private static SeshException Unwritable(string home, Exception cause) => new(
        "home-unwritable", $"cannot lock a turn under {home}: {cause.Message}", "check the folder's owner, mode and free space", inner: cause);
}
