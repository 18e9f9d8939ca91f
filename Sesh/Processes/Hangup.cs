namespace Sesh.Processes;

/// <summary>The end of whoever reads a stream of ours.</summary>
internal static unsafe class Hangup
{
    /// <summary>From now on this process ends, as by SIGTERM, when the other end of that pipe or socket is closed: also where it has nothing to write.</summary>
    public static void EndsThis(int descriptor) => new Thread(() => Watch(descriptor)) { IsBackground = true, Name = "hangup" }.Start();

    private static void Watch(int descriptor)
    {
        // An error or a hang-up is told whether asked for or not.
        var entry = new Libc.PollEntry { Descriptor = descriptor };
        while (Libc.Poll(&entry, 1, -1) <= 0)
        {
            // Interrupted.
        }

        _ = Libc.Kill(Environment.ProcessId, Libc.SigTerm);
    }
}
