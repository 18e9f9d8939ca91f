using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>
/// A child of ours that must not outlive us, however we end: a small process of this same program holds the other end of a pipe, and when that closes without a word it ends the
/// child and all of its group. (<c>PR_SET_PDEATHSIG</c> is Linux's alone, is lost by some exec's, and reaches no grandchildren.)
/// </summary>
internal sealed unsafe class EndsWithUs : IDisposable
{
    public const string Verb = "__end-with";

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private readonly int _pid;
    private readonly int _word;

    private EndsWithUs(int pid, int word) => (_pid, _word) = (pid, word);

    /// <summary>Null where the guard cannot be started: the child is then as it would be without.</summary>
    /// <param name="program">This very program.</param>
    /// <param name="child">Leads a process group.</param>
    public static EndsWithUs? Watch(string program, int child, IReadOnlyCollection<string> environment)
    {
        var pipe = Spawn.OpenPipe();
        try
        {
            var setting = new ChildSetting { Input = pipe.Read, OwnSession = true, Folder = "/" };
            return new EndsWithUs(Spawn.Start(program, [Verb, child.ToString(CultureInfo.InvariantCulture)], environment, setting, output: -1, error: -1), pipe.Write);
        }
        catch (Win32Exception)
        {
            // As the summary says.
            _ = Libc.Close(pipe.Write);
            return null;
        }
        finally
        {
            _ = Libc.Close(pipe.Read);
        }
    }

    /// <summary>The guard's own work. Its standard input is the pipe.</summary>
    public static void Guard(int child, Func<IProcesses> openProcesses, CancellationToken stop)
    {
        var started = openProcesses().Find(child)?.Start;
        byte word;
        nint count;
        while ((count = Libc.Read(0, &word, 1)) < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
        {
            // Asked again.
        }

        // A pid may be another process's by now.
        if (count > 0 || started is null || (openProcesses().Find(child) is { } now && now.Start != started))
            return;
        if (Libc.Kill(-child, Libc.SigTerm) == 0 && !stop.WaitHandle.WaitOne(s_grace))
            _ = Libc.Kill(-child, Libc.SigKill);
    }

    /// <summary>The child has ended.</summary>
    public void Dispose()
    {
        byte word = 1;
        _ = Libc.Write(_word, &word, 1);
        _ = Libc.Close(_word);
        int status;
        while (Libc.WaitPid(_pid, &status, 0) < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
        {
            // Asked again.
        }
    }
}
