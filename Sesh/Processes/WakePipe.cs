namespace Sesh.Processes;

/// <summary>Waiting for a descriptor, and ending that wait from another thread or a signal's handler. Disposed of when nobody waits any more; setting it is allowed ever after.</summary>
internal sealed unsafe class WakePipe : IDisposable
{
    private readonly Lock _lock = new();
    private readonly int _read;
    private readonly int _write;
    private bool _set;
    private bool _gone;

    public WakePipe() => (_read, _write) = Spawn.OpenPipe();

    /// <summary>Whoever waits, or comes to, goes on until <see cref="Clear"/>.</summary>
    public void Set()
    {
        lock (_lock)
        {
            if (_set || _gone)
                return;
            _set = true;
            byte any = 0;
            _ = Libc.Write(_write, &any, 1);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            if (!_set || _gone)
                return;
            byte any;
            _ = Libc.Read(_read, &any, 1);
            _set = false;
        }
    }

    /// <summary>True: the descriptor is ready, or at its end. False: woken, or the time is over.</summary>
    /// <param name="milliseconds">-1 for no limit.</param>
    public bool Wait(int descriptor, short events, int milliseconds = -1)
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[0] = new Libc.PollEntry { Descriptor = _read, Events = Libc.PollIn };
        entries[1] = new Libc.PollEntry { Descriptor = descriptor, Events = events };
        while (true)
        {
            var ready = Libc.Poll(entries, 2, milliseconds);
            if (ready < 0)
                continue; // interrupted
            return ready > 0 && entries[0].Returned == 0;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_gone)
                return;
            _gone = true;
            _ = Libc.Close(_read);
            _ = Libc.Close(_write);
        }
    }
}
