using System.ComponentModel;
using System.Net.Sockets;
using System.Text;

namespace Sesh.Sync.Transports;

/// <summary>
/// A child with sockets for standard streams: reading from them is cancelled at once, which pipes cannot be. It has a session of its own, so that it cannot ask anything on our terminal
/// and a Ctrl-C there is ours alone; when we die it reads the end of its input. SIGPIPE is as the system has it: the runtime would hand on that it is ignored.
/// </summary>
internal sealed class SpawnedProgram : IAsyncDisposable
{
    private const int TailBytes = 4096;

    // How long what it said last may take to arrive after its end: something it started may keep the other end open.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly int _pid;
    private readonly NetworkStream _error;
    private readonly StringBuilder _tail = new();
    private readonly Lock _guard = new();
    private bool _reaped;

    /// <exception cref="Win32Exception">It cannot be started.</exception>
    /// <param name="environment"><c>NAME=value</c> each.</param>
    public static SpawnedProgram Start(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment)
    {
        var (pid, streams) = PosixChild.Spawn(path, arguments, environment);
        return new SpawnedProgram(pid, streams[0], streams[1], streams[2]);
    }

    private SpawnedProgram(int pid, NetworkStream input, NetworkStream output, NetworkStream error)
    {
        _pid = pid;
        Input = input;
        Output = output;
        _error = error;
        var listening = Listen();
        Exited = End(listening);
    }

    /// <summary>Its standard input; disposing of it ends that.</summary>
    public NetworkStream Input { get; }

    public NetworkStream Output { get; }

    /// <summary>Its exit status, 128 + the number where a signal ended it; after what it said last was heard. Never faults.</summary>
    public Task<int> Exited { get; }

    /// <summary>The end of what it said on standard error so far.</summary>
    public string Complaint
    {
        get
        {
            lock (_guard)
                return _tail.ToString();
        }
    }

    /// <summary>At once. Nothing happens where it has ended.</summary>
    public void Kill()
    {
        lock (_guard)
        {
            // Before it is waited for its number cannot be another's.
            if (!_reaped)
                PosixChild.Kill(_pid);
        }
    }

    /// <summary>Ends it where it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited.ConfigureAwait(false);
        await Input.DisposeAsync().ConfigureAwait(false);
        await Output.DisposeAsync().ConfigureAwait(false);
        await _error.DisposeAsync().ConfigureAwait(false);
    }

    private async Task Listen()
    {
        var buffer = new byte[1024];
        try
        {
            while (await _error.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var count)
            {
                lock (_guard)
                {
                    _tail.Append(Encoding.UTF8.GetString(buffer, 0, count));
                    if (_tail.Length > TailBytes)
                        _tail.Remove(0, _tail.Length - TailBytes);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Disposed of: nobody asks any more.
        }
    }

    private async Task<int> End(Task listening)
    {
        // A thread of its own: there is no other way to wait for a child that disturbs no other's children.
        var status = await Task.Factory.StartNew(Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        await Task.WhenAny(listening, Task.Delay(LastWords)).ConfigureAwait(false);
        return status;
    }

    private int Wait()
    {
        // First without taking its number away, then under the guard: a signal must not hit a successor.
        PosixChild.AwaitEnd(_pid);
        lock (_guard)
        {
            _reaped = true;
            return PosixChild.Reap(_pid);
        }
    }
}
