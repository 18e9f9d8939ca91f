using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>A child that tells us something from time to time, a line each, and does not end with us. Whoever has heard enough disposes of it: the child goes on.</summary>
internal sealed unsafe class ToldChild : IDisposable
{
    private readonly int _output;
    private readonly List<byte> _held = [];
    private bool _over;

    private ToldChild(int output) => _output = output;

    /// <summary>Throws <see cref="System.ComponentModel.Win32Exception"/> where it cannot be started.</summary>
    public static ToldChild Start(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment, ChildSetting setting)
    {
        var output = Spawn.OpenPipe();
        try
        {
            _ = Spawn.Start(path, arguments, environment, setting, output.Write, error: -1);
            return new ToldChild(output.Read);
        }
        catch
        {
            // Not started: nobody will read this.
            _ = Libc.Close(output.Read);
            throw;
        }
        finally
        {
            _ = Libc.Close(output.Write);
        }
    }

    /// <summary>The next line, without its end; null where it has no more to say.</summary>
    /// <exception cref="OperationCanceledException"/>
    public byte[]? Next(CancellationToken cancel)
    {
        const int Longest = 64 << 10;
        var buffer = stackalloc byte[Longest];
        var searched = 0;
        while (true)
        {
            var end = _held.IndexOf((byte)'\n', searched);
            // A reply of megabytes comes in a thousand pieces.
            searched = _held.Count;
            if (end >= 0)
            {
                var line = _held[..end].ToArray();
                _held.RemoveRange(0, end + 1);
                return line;
            }

            if (_over)
                return null;
            cancel.ThrowIfCancellationRequested();
            // Signals do not end poll(2) here: .NET takes them on another thread.
            var entry = new Libc.PollEntry { Descriptor = _output, Events = Libc.PollIn };
            if (Libc.Poll(&entry, 1, 50) <= 0)
                continue;
            var count = Libc.Read(_output, buffer, Longest);
            if (count > 0)
                _held.AddRange(new ReadOnlySpan<byte>(buffer, (int)count));
            else if (count == 0 || Marshal.GetLastPInvokeError() is not (Libc.Interrupted or Libc.TryAgain))
                _over = true;
        }
    }

    public void Dispose() => _ = Libc.Close(_output);
}
