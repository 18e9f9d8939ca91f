using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>A child of ours from its start to its end: waited for, and signalled as long as its pid is its own.</summary>
internal sealed class ChildLife
{
    private readonly int _pid;
    private readonly Lock _lock = new();
    private bool _reaped;

    public ChildLife(int pid)
    {
        _pid = pid;
        Ended = Task.Factory.StartNew(Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Its exit status; 128 and the signal's number where one ended it.</summary>
    public Task<int> Ended { get; }

    /// <summary>Asks it to end, and ends it where it does not.</summary>
    public async ValueTask EndAsync(int signal, TimeSpan grace)
    {
        if (Ended.IsCompleted)
            return;
        Signal(signal);
        try
        {
            await Ended.WaitAsync(grace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Signal(Libc.SigKill);
            await Ended.ConfigureAwait(false);
        }
    }

    // A pid may be another process's once its own was waited for: under the lock it still is ours.
    private void Signal(int signal)
    {
        lock (_lock)
        {
            if (!_reaped)
                _ = Libc.Kill(_pid, signal);
        }
    }

    private unsafe int Wait()
    {
        const int ByPid = 1;
        const int Exited = 4;
        var leaveIt = OperatingSystem.IsMacOS() ? 0x20 : 0x100_0000;
        var info = stackalloc byte[128]; // siginfo_t
        while (Libc.WaitId(ByPid, (uint)_pid, info, Exited | leaveIt) != 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
        {
            // Asked again.
        }

        lock (_lock)
        {
            int status;
            var reaped = Libc.WaitPid(_pid, &status, 0);
            _reaped = true;
            // Whoever started us with SIGCHLD ignored takes the status from us (ECHILD).
            return reaped < 0 ? 1 : (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
        }
    }
}
