using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sesh.Processes;

/// <summary>A process that outlives the one that starts it, its terminal and its tmux server.</summary>
internal static unsafe class Background
{
    private const int MostWords = 16 << 10;

    private static ReadOnlySpan<byte> ReadyLine => "ready\n"u8;

    /// <summary>Starts it and waits until it is ready, or has ended.</summary>
    /// <param name="environment"><c>NAME=value</c> each.</param>
    /// <returns>What it said before it ended, where it was not ready.</returns>
    public static (bool IsReady, string Words) Start(string program, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment, TimeSpan patience)
    {
        var ends = stackalloc int[2];
        if ((OperatingSystem.IsMacOS() ? Libc.Pipe(ends) : Libc.Pipe2(ends, Libc.CloseOnExec)) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        using var reading = new SafeFileHandle(ends[0], ownsHandle: true);
        int pid;
        using (new SafeFileHandle(ends[1], ownsHandle: true))
            pid = Spawn.Start(program, arguments, environment, ChildSetting.Usual, ends[1], ends[1]);

        var said = new List<byte>();
        var clock = Stopwatch.StartNew();
        var buffer = stackalloc byte[4096];
        while (said.Count < MostWords && !CollectionsMarshal.AsSpan(said).EndsWith(ReadyLine))
        {
            var left = (int)Math.Clamp((patience - clock.Elapsed).TotalMilliseconds, 0, int.MaxValue);
            var entry = new Libc.PollEntry { Descriptor = ends[0], Events = Libc.PollIn };
            var ready = left == 0 ? 0 : Libc.Poll(&entry, 1, left);
            if (ready < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
                continue;
            var count = ready > 0 ? Libc.Read(ends[0], buffer, 4096) : 0;
            if (count <= 0)
                break;
            said.AddRange(new ReadOnlySpan<byte>(buffer, (int)count));
        }

        if (CollectionsMarshal.AsSpan(said).EndsWith(ReadyLine))
            return (true, "");
        // One that neither gets ready nor ends is not left behind.
        _ = Libc.Kill(pid, Libc.SigTerm);
        int status;
        _ = Libc.WaitPid(pid, &status, 1);
        return (false, Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(said)).TrimEnd('\n'));
    }

    /// <summary>For the process that was started so: leaves the terminal and the folder that it was started in.</summary>
    public static void Detach()
    {
        _ = Libc.SetSession();
        Environment.CurrentDirectory = "/";
    }

    /// <summary>For that process too: tells who started it, and lets go of the standard streams.</summary>
    public static void TellReady()
    {
        fixed (byte* line = ReadyLine)
            _ = Libc.Write(1, line, (nuint)ReadyLine.Length);
        var nothing = Libc.Open("/dev/null", ReadWrite);
        if (nothing < 0)
            return;
        for (var descriptor = 0; descriptor <= 2; descriptor++)
            _ = Libc.Dup2(nothing, descriptor);
        if (nothing > 2)
            _ = Libc.Close(nothing);
    }

    private const int ReadWrite = 2;
}
