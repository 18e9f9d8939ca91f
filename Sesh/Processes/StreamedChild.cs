using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>
/// A child whose three streams are read and written while it runs. They are socket pairs and not pipes: .NET waits for sockets without a thread each. Whoever has
/// one disposes it; that ends the child too.
/// </summary>
internal sealed class StreamedChild : IAsyncDisposable
{
    /// <summary>How long one may take to end by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ChildLife _life;
    private readonly Socket _input;
    private readonly Socket _output;
    private readonly Socket _error;

    private StreamedChild(int pid, Socket input, Socket output, Socket error)
    {
        _life = new ChildLife(pid);
        (_input, _output, _error) = (input, output, error);
        (Input, Output, Error) = (new NetworkStream(input), new NetworkStream(output), new NetworkStream(error));
    }

    /// <summary>To its standard input.</summary>
    public Stream Input { get; }

    /// <summary>From its standard output.</summary>
    public Stream Output { get; }

    /// <summary>From its standard error.</summary>
    public Stream Error { get; }

    /// <summary>Its exit status; 128 and the signal's number where one ended it.</summary>
    public Task<int> Ended => _life.Ended;

    /// <summary>Throws <see cref="Win32Exception"/> where the program cannot be started.</summary>
    /// <param name="environment"><c>NAME=value</c> each.</param>
    public static StreamedChild Start(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment, string folder)
    {
        var ours = new List<Socket>(3);
        var theirs = new List<SafeSocketHandle>(3);
        try
        {
            for (var i = 0; i < 3; i++)
                Pair(ours, theirs);
            var pid = Spawn.Start(
                path, arguments, environment, new ChildSetting { Input = (int)theirs[0].DangerousGetHandle(), Folder = folder },
                (int)theirs[1].DangerousGetHandle(), (int)theirs[2].DangerousGetHandle());
            return new StreamedChild(pid, ours[0], ours[1], ours[2]);
        }
        catch
        {
            // Nobody else knows of them.
            ours.ForEach(s => s.Dispose());
            throw;
        }
        finally
        {
            theirs.ForEach(h => h.Dispose());
        }
    }

    /// <summary>Its standard input ends.</summary>
    public void CloseInput()
    {
        try
        {
            _input.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It has gone, and its input with it.
        }
    }

    /// <summary>Asks it to end, and ends it where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        await _life.EndAsync(Libc.SigTerm, Grace).ConfigureAwait(false);
        _input.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    private static unsafe void Pair(List<Socket> ours, List<SafeSocketHandle> theirs)
    {
        const int Local = 1;
        const int Stream = 1;
        const int CloseOnExec = 0x8_0000;
        var ends = stackalloc int[2];
        // macOS has no such flag: there a spawned child gets only what it is given.
        if (Libc.SocketPair(Local, OperatingSystem.IsMacOS() ? Stream : Stream | CloseOnExec, 0, ends) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        theirs.Add(new SafeSocketHandle(ends[1], ownsHandle: true));
        ours.Add(new Socket(new SafeSocketHandle(ends[0], ownsHandle: true)));
    }
}
