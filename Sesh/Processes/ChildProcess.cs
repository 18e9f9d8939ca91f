using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>
/// A child with captured output, its own argument list and never a shell between. By <c>posix_spawn</c>: System.Diagnostics.Process
/// costs a millisecond of our start-up, and hands its children an ignored SIGPIPE.
/// </summary>
internal sealed unsafe class ChildProcess
{
    private readonly Captured _output;
    private readonly Captured _error;
    private readonly int _pid;
    private bool _timedOut;

    private ChildProcess(int pid, int output, int error)
    {
        _pid = pid;
        _output = new Captured(output);
        _error = new Captured(error);
    }

    /// <summary>Starts it. Throws <see cref="Win32Exception"/> where the program cannot be started.</summary>
    /// <param name="environment"><c>NAME=value</c> each; null for our own.</param>
    public static ChildProcess Start(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string>? environment = null, ChildSetting? setting = null)
    {
        var output = Spawn.OpenPipe();
        var error = Spawn.OpenPipe();
        try
        {
            var pid = Spawn.Start(path, arguments, environment ?? ProcessEnvironment.Own(), setting ?? ChildSetting.Usual, output.Write, error.Write);
            return new ChildProcess(pid, output.Read, error.Read);
        }
        catch
        {
            // Not started: nobody will read these.
            _ = Libc.Close(output.Read);
            _ = Libc.Close(error.Read);
            throw;
        }
        finally
        {
            _ = Libc.Close(output.Write);
            _ = Libc.Close(error.Write);
        }
    }

    /// <summary>Starts it and waits for its end; at the deadline it is killed.</summary>
    public static CommandResult Run(string path, IReadOnlyList<string> arguments, TimeSpan timeout, IReadOnlyCollection<string>? environment = null, ChildSetting? setting = null) =>
        Finish([Start(path, arguments, environment, setting)], timeout)[0];

    /// <summary>Reads all of them to their ends side by side, so that a slow one delays no other; at the deadline those left are killed.</summary>
    public static IReadOnlyList<CommandResult> Finish(IReadOnlyList<ChildProcess> children, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        var open = new List<Captured>(children.Count * 2);
        foreach (var child in children)
        {
            open.Add(child._output);
            open.Add(child._error);
        }

        while (open.Count > 0)
        {
            var left = (int)Math.Clamp((timeout - clock.Elapsed).TotalMilliseconds, 0, int.MaxValue);
            if (left == 0)
                break;
            Drain(open, left);
        }

        var results = new CommandResult[children.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = children[i].End(clock, timeout);
        return results;
    }

    private static void Drain(List<Captured> open, int milliseconds)
    {
        var entries = stackalloc Libc.PollEntry[open.Count];
        for (var i = 0; i < open.Count; i++)
            entries[i] = new Libc.PollEntry { Descriptor = open[i].Descriptor, Events = Libc.PollIn };
        if (Libc.Poll(entries, (nuint)open.Count, milliseconds) <= 0)
            return;
        for (var i = open.Count - 1; i >= 0; i--)
        {
            if (entries[i].Returned != 0 && !open[i].ReadSome())
                open.RemoveAt(i);
        }
    }

    private CommandResult End(Stopwatch clock, TimeSpan timeout)
    {
        // Pipes at their end mean the child is gone or as good as; one that closed them and stays is not waited for longer than the rest.
        var cut = !_output.Ended || !_error.Ended;
        int status;
        int reaped;
        if (cut)
        {
            _timedOut = true;
            _ = Libc.Kill(_pid, Libc.SigKill);
        }

        while (true)
        {
            reaped = Libc.WaitPid(_pid, &status, cut ? 0 : 1);
            if (reaped == _pid || (reaped < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted))
                break;
            if (reaped != 0)
                continue;
            if (clock.Elapsed > timeout)
            {
                cut = _timedOut = true;
                _ = Libc.Kill(_pid, Libc.SigKill);
            }
            else if (!Thread.Yield())
            {
                _ = Libc.Poll(null, 0, 1);
            }
        }

        _output.Close();
        _error.Close();
        // Whoever started us with SIGCHLD ignored takes the status from us (ECHILD): then what was said must speak for itself.
        var code = reaped < 0 ? (_error.Bytes.Length == 0 ? 0 : 1) : (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
        return new CommandResult(code, _output.Bytes, _error.Bytes, _timedOut);
    }

    /// <summary>The reading end of a pipe and what came out of it.</summary>
    private sealed class Captured(int descriptor)
    {
        private readonly System.Buffers.ArrayBufferWriter<byte> _bytes = new(4096);

        public int Descriptor => descriptor;

        public bool Ended { get; private set; }

        public byte[] Bytes => _bytes.WrittenSpan.ToArray();

        /// <summary>False at the end.</summary>
        public bool ReadSome()
        {
            var room = _bytes.GetSpan(16384);
            nint count;
            fixed (byte* at = room)
                count = Libc.Read(descriptor, at, (nuint)room.Length);
            if (count > 0)
                _bytes.Advance((int)count);
            else if (count == 0 || Marshal.GetLastPInvokeError() is not (Libc.Interrupted or Libc.TryAgain))
                Ended = true;
            return !Ended;
        }

        public void Close() => _ = Libc.Close(descriptor);
    }
}
