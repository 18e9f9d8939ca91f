using Microsoft.Win32.SafeHandles;

namespace Sesh.Processes;

/// <summary>Waiting with an end, for what must never hang on who talks to it.</summary>
internal static unsafe class Readable
{
    /// <summary>There is something to read, or its end, within that time.</summary>
    public static bool Within(SafeFileHandle file, int milliseconds)
    {
        var entry = new Libc.PollEntry { Descriptor = (int)file.DangerousGetHandle(), Events = Libc.PollIn };
        return Libc.Poll(&entry, 1, milliseconds) > 0;
    }

    public static void Pause(int milliseconds) => _ = Libc.Poll(null, 0, milliseconds);
}
