using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>
/// Somebody's command, of which nothing is known: it runs in a group of its own and is over when it itself is, whatever it leaves in the background. At its deadline, or when cancelled, it
/// and all of its group are ended. Of what it says the beginning is kept.
/// </summary>
internal static unsafe class BoundedChild
{
    private const int Step = 50;
    private const int NoWait = 1;

    /// <param name="environment"><c>NAME=value</c> each.</param>
    /// <param name="longest">Bytes that are kept of each stream.</param>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static CommandResult Run(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment, TimeSpan timeout, int longest, CancellationToken cancel, ChildSetting? setting = null)
    {
        var output = Spawn.OpenPipe();
        var error = Spawn.OpenPipe();
        try
        {
            int pid;
            try
            {
                pid = Spawn.Start(path, arguments, environment, (setting ?? ChildSetting.Usual) with { OwnGroup = true }, output.Write, error.Write);
            }
            finally
            {
                _ = Libc.Close(output.Write);
                _ = Libc.Close(error.Write);
            }

            return Follow(pid, new Kept(output.Read, longest), new Kept(error.Read, longest), timeout, cancel);
        }
        finally
        {
            _ = Libc.Close(output.Read);
            _ = Libc.Close(error.Read);
        }
    }

    private static CommandResult Follow(int pid, Kept output, Kept error, TimeSpan timeout, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        int status;
        int reaped;
        var cut = false;
        while ((reaped = Libc.WaitPid(pid, &status, NoWait)) == 0)
        {
            Read(output, error, Step);
            if (clock.Elapsed < timeout && !cancel.IsCancellationRequested)
                continue;
            cut = true;
            _ = Libc.Kill(-pid, Libc.SigKill);
            while ((reaped = Libc.WaitPid(pid, &status, 0)) < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
            {
                // Asked again.
            }

            break;
        }

        while (Read(output, error, 0))
        {
            // What it had said before it ended.
        }

        // Whoever started us with SIGCHLD ignored takes the status from us (ECHILD).
        var code = reaped < 0 ? 0 : (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
        return new CommandResult(code, output.Bytes, error.Bytes, cut && !cancel.IsCancellationRequested);
    }

    /// <summary>False where there was nothing to read in that time.</summary>
    private static bool Read(Kept output, Kept error, int milliseconds)
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[0] = new Libc.PollEntry { Descriptor = output.Open, Events = Libc.PollIn };
        entries[1] = new Libc.PollEntry { Descriptor = error.Open, Events = Libc.PollIn };
        if (Libc.Poll(entries, 2, milliseconds) <= 0)
            return false;
        return (entries[0].Returned != 0 && output.Read()) | (entries[1].Returned != 0 && error.Read());
    }

    private sealed class Kept(int descriptor, int longest)
    {
        private readonly byte[] _kept = new byte[longest];
        private readonly byte[] _buffer = new byte[4096];
        private int _length;

        /// <summary>Negative, which poll passes over, at its end.</summary>
        public int Open { get; private set; } = descriptor;

        public byte[] Bytes => _kept[.._length];

        public bool Read()
        {
            nint count;
            fixed (byte* at = _buffer)
                count = Libc.Read(Open, at, (nuint)_buffer.Length);
            if (count <= 0)
            {
                Open = -1;
                return false;
            }

            var kept = Math.Min((int)count, longest - _length);
            _buffer.AsSpan(0, kept).CopyTo(_kept.AsSpan(_length));
            _length += kept;
            return true;
        }
    }
}
