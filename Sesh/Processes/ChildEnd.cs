using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>Whether a child that was started by <see cref="Spawn"/> has ended.</summary>
internal static unsafe class ChildEnd
{
    /// <summary>Its exit code, once; null while it runs. A second call, or one for a process that is no child, says that it is gone.</summary>
    public static int? Of(int pid)
    {
        int status;
        var reaped = Libc.WaitPid(pid, &status, 1);
        if (reaped == 0 || (reaped < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted))
            return null;
        return reaped < 0 ? -1 : (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
    }
}
