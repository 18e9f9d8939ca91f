namespace Sesh.Sync.Wire;

/// <summary>How much of one stream may still be sent: the other side's window, less what is on its way. One sender; anybody may add.</summary>
internal sealed class Credit(int window)
{
    private readonly Lock _gate = new();
    private int _used;
    private TaskCompletionSource? _more;
    private Exception? _closed;

    /// <summary>Takes as much as there is, up to <paramref name="wanted"/>; waits where there is none.</summary>
    public async ValueTask<int> TakeAsync(int wanted, CancellationToken cancel)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_closed is not null)
                    throw _closed;
                if (_used < window)
                {
                    var taken = Math.Min(wanted, window - _used);
                    _used += taken;
                    return taken;
                }

                more = (_more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await more.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <exception cref="WireException">More is granted than was ever sent.</exception>
    public void Add(ulong granted)
    {
        lock (_gate)
        {
            if (granted > (ulong)_used)
                throw new WireException("credit for what was not sent");
            _used -= (int)granted;
            Wake();
        }
    }

    /// <summary>Whoever waits, or comes to, gets this instead.</summary>
    public void Close(Exception why)
    {
        lock (_gate)
        {
            _closed ??= why;
            Wake();
        }
    }

    private void Wake()
    {
        _more?.TrySetResult();
        _more = null;
    }
}
