using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>How a followed child ended.</summary>
/// <param name="ExitCode">128 + the signal's number where a signal ended it.</param>
/// <param name="Said">The end of what it wrote to standard error.</param>
/// <param name="Cut">It wrote a line longer than any that is read.</param>
internal sealed record FollowedEnd(int ExitCode, string Said, bool Stopped, bool Cut);

/// <summary>A child that works for minutes: its output is read line by line while it works, and it can be stopped, with all that it has started.</summary>
internal sealed unsafe class FollowedChild
{
    private const int LongestLine = 200 << 20;
    private const int LongestError = 64 << 10;

    /// <summary>Time to end by itself after each of the signals.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private readonly int _output;
    private readonly int _error;
    private readonly List<byte> _said = [];
    private readonly byte[] _buffer = new byte[64 << 10];
    private byte[] _line = new byte[64 << 10];
    private int _length;
    private int _status;
    private bool _reaped;
    private bool _cut;
    private bool _outputOpen = true;
    private bool _errorOpen = true;

    private FollowedChild(int pid, int output, int error) => (Pid, _output, _error) = (pid, output, error);

    public int Pid { get; }

    /// <summary>Throws <see cref="System.ComponentModel.Win32Exception"/> where it cannot be started.</summary>
    public static FollowedChild Start(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment, ChildSetting setting)
    {
        var output = Spawn.OpenPipe();
        var error = Spawn.OpenPipe();
        try
        {
            return new FollowedChild(Spawn.Start(path, arguments, environment, setting with { OwnGroup = true }, output.Write, error.Write), output.Read, error.Read);
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

    /// <summary>Reads to its end. What it has started and left behind is not waited for. To be called once.</summary>
    /// <param name="take">Gets each line of its output, without the newline.</param>
    /// <param name="stop">Interrupts it and what it has started, then asks it to end, then kills it.</param>
    public FollowedEnd Follow(Action<ReadOnlyMemory<byte>> take, CancellationToken stop)
    {
        var stopping = new Stopwatch();
        var signals = 0;
        while (!Reap())
        {
            if (stop.IsCancellationRequested && stopping.Elapsed >= s_grace * signals)
            {
                stopping.Start();
                var signal = signals switch { 0 => Libc.SigInterrupt, 1 => Libc.SigTerm, _ => Libc.SigKill };
                _ = Libc.Kill(-Pid, signal);
                signals++;
            }

            ReadSome(take, milliseconds: 100);
        }

        while (ReadSome(take, milliseconds: 0))
        {
        }

        if (_length > 0)
            take(_line.AsMemory(0, _length));
        _ = Libc.Close(_output);
        _ = Libc.Close(_error);
        var code = (_status & 0x7F) == 0 ? (_status >> 8) & 0xFF : 128 + (_status & 0x7F);
        return new FollowedEnd(code, System.Text.Encoding.UTF8.GetString([.. _said]), signals > 0, _cut);
    }

    private bool Reap()
    {
        if (_reaped)
            return true;
        int status;
        var pid = Libc.WaitPid(Pid, &status, 1);
        if (pid == 0 || (pid < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted))
            return false;
        _status = pid < 0 ? 0 : status;
        return _reaped = true;
    }

    /// <summary>False where nothing came.</summary>
    private bool ReadSome(Action<ReadOnlyMemory<byte>> take, int milliseconds)
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[0] = new Libc.PollEntry { Descriptor = _outputOpen ? _output : -1, Events = Libc.PollIn };
        entries[1] = new Libc.PollEntry { Descriptor = _errorOpen ? _error : -1, Events = Libc.PollIn };
        if (Libc.Poll(entries, 2, milliseconds) <= 0)
            return false;
        var came = false;
        if (entries[0].Returned != 0)
        {
            var count = Read(_output);
            _outputOpen = count != 0;
            came |= count > 0;
            Split(_buffer.AsSpan(0, Math.Max(count, 0)), take);
        }

        if (entries[1].Returned != 0)
        {
            var count = Read(_error);
            _errorOpen = count != 0;
            came |= count > 0;
            _said.AddRange(_buffer.AsSpan(0, Math.Max(count, 0)));
            if (_said.Count > LongestError)
                _said.RemoveRange(0, _said.Count - LongestError);
        }

        return came;
    }

    private int Read(int descriptor)
    {
        fixed (byte* at = _buffer)
        {
            var count = Libc.Read(descriptor, at, (nuint)_buffer.Length);
            return count < 0 && Marshal.GetLastPInvokeError() is not (Libc.Interrupted or Libc.TryAgain) ? 0 : (int)count;
        }
    }

    private void Split(ReadOnlySpan<byte> bytes, Action<ReadOnlyMemory<byte>> take)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            Append(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
                return;
            if (_length > 0)
                take(_line.AsMemory(0, _length));
            _length = 0;
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>What is longer than any line an agent means is cut off.</summary>
    private void Append(ReadOnlySpan<byte> bytes)
    {
        _cut |= bytes.Length > LongestLine - _length;
        bytes = bytes[..Math.Min(bytes.Length, LongestLine - _length)];
        if (_length + bytes.Length > _line.Length)
            Array.Resize(ref _line, Math.Min(LongestLine, Math.Max(_line.Length * 2, _length + bytes.Length)));
        bytes.CopyTo(_line.AsSpan(_length));
        _length += bytes.Length;
    }
}
