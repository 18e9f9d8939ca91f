using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>Becoming another program: nothing of ours stays behind.</summary>
internal static unsafe class Exec
{
    /// <summary>
    /// Replaces this process. Returns only by throwing <see cref="Win32Exception"/>. SIGPIPE, which .NET ignores and an exec would hand on, is
    /// restored first.
    /// </summary>
    public static void Replace(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment)
    {
        using var argv = new NativeStrings([path, .. arguments]);
        using var envp = new NativeStrings(environment);
        var before = Libc.Signal(Libc.SigPipe, 0);
        _ = Libc.Execve(path, argv.Pointers, envp.Pointers);
        var failure = Marshal.GetLastPInvokeError();
        _ = Libc.Signal(Libc.SigPipe, before);
        throw new Win32Exception(failure);
    }
}
