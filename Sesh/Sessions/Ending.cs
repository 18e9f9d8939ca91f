using Sesh.Processes;
using Sesh.Sessions.Driving;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>An agent whose pane or window has just gone holds its session until it has ended, which takes a moment. Nothing is done beside it before.</summary>
internal sealed class Ending(Func<IProcesses> openProcesses, TimeProvider time)
{
    /// <summary>Who has not ended by then means to stay.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_told = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(150);

    /// <summary>It has no pane now, and was in one before, or the terminal that it was started on is there no more.</summary>
    /// <param name="before">What was seen of the session before this look; null for nothing.</param>
    public bool Is(LiveRow? before, LiveRow row) => row is { Live: true, Tmux: null }
        && ((before is { Live: true, Tmux: not null } && before.Pid == row.Pid && before.PidStart == row.PidStart) || HasLostTerminal(row));

    /// <summary>There is no window any more in which one could go to it.</summary>
    public bool HasLostTerminal(LiveRow row) => openProcesses().HasLostTerminal(row.Pid);

    /// <summary>Waits while that same process holds the session without a pane, so long at most.</summary>
    /// <param name="look">A new look at the session.</param>
    /// <param name="note">Told where it takes long.</param>
    /// <returns>The last look.</returns>
    public (LiveRow Row, Owned? Seen) Wait(LiveRow row, Owned? seen, TimeSpan longest, Func<(LiveRow Row, Owned? Seen)> look, Action<string> note, CancellationToken cancel)
    {
        var (begun, isTold, pid) = (time.GetTimestamp(), false, row.Pid);
        while (row is { Live: true, Tmux: null } && row.Pid == pid && time.GetElapsedTime(begun) < longest)
        {
            if (!isTold && time.GetElapsedTime(begun) > s_told)
            {
                note($"waiting for pid {pid} to end, which still holds {row.Uuid}");
                isTold = true;
            }

            Pause.For(s_poll, cancel);
            (row, seen) = look();
        }

        return (row, seen);
    }
}
